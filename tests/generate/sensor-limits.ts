import type { Sensor } from './scenario.ts'

/** Findings that a sensor's log does not carry enough for. */
export type Unseen = { readonly sensor: Sensor; readonly detector: string; readonly why: string }

/** One limit of a sensor, and the detectors it leaves nothing for. A row that is no longer true fails the scenario that expects the detector. */
type Limit = {
  readonly sensors: readonly Sensor[]
  readonly why: string
  readonly detectors: readonly string[]
}

const notices: readonly string[] = [
  'reported-port-scan',
  'reported-address-scan',
  'reported-guessing',
  'sensor-notice',
]

/** What these tell are flows, in much the same words. */
const flowsAlone: readonly Sensor[] = ['argus', 'nfdump']

const limits: readonly Limit[] = [
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow do not look into DNS: they know no names and no answers.',
    detectors: [
      'connection-without-dns',
      'dns-txt-entropy',
      'private-dns-answer',
      'dga-nxdomain',
      'listed-domain',
      'listed-name-resolved',
      'listed-dns-answer',
      'dns-reverse-scan',
      'dns-to-other-network',
      'unused-dns-answer',
      'young-domain',
      'dns-tunnel',
    ],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow do not look into HTTP: they know no user agents and no files.',
    detectors: [
      'suspicious-user-agent',
      'executable-download',
      'plain-http',
      'pastebin-http-download',
      'empty-connections',
      'multiple-user-agents',
      'incompatible-user-agent',
      'weird-http-method',
      'listed-url',
      'listed-file',
    ],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow do not look into TLS: they know no fingerprints and no certificates.',
    detectors: ['listed-client-fingerprint', 'listed-server-fingerprint', 'listed-certificate'],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow do not say which protocol was spoken on a port.',
    detectors: ['non-http-port-80', 'non-tls-port-443'],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow tell no SSH sessions, and may cut one into pieces: the size of a row is no sign of a login.',
    detectors: ['ssh-success'],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow do not look into SMTP: they know no replies.',
    detectors: ['bad-smtp-login', 'smtp-brute-force'],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow do not look into DHCP: they know no requested addresses.',
    detectors: ['dhcp-scan'],
  },
  {
    sensors: flowsAlone,
    why: 'The usual columns of a binetflow carry no MAC addresses, and of ARP who asked for whom but no replies; NetFlow carries neither, as a rule.',
    detectors: ['unsolicited-arp', 'arp-spoofing', 'device-changes-address'],
  },
  {
    sensors: ['nfdump'],
    why: 'NetFlow tells of IP packets, and so not of ARP.',
    detectors: ['arp-scan', 'arp-outside-network'],
  },
  {
    sensors: ['suricata'],
    why: 'An EVE event of SMTP carries no reply of the server.',
    detectors: ['bad-smtp-login', 'smtp-brute-force'],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow do not look into TLS: they know no server names and no certificates.',
    detectors: [
      'certificate-name-mismatch',
      'certificate-of-organisation',
      'self-signed-certificate',
      'pastebin-tls-download',
    ],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow tell no SSH sessions, and so no banners.',
    detectors: ['ssh-version-change'],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow tell no SSH sessions, and so no results of logins.',
    detectors: ['shared-guessing'],
  },
  {
    sensors: ['suricata'],
    why: 'An EVE event of SSH does not tell whether the login worked.',
    detectors: ['shared-guessing'],
  },
  {
    sensors: flowsAlone,
    why: 'Argus and NetFlow draw no conclusions: they have neither rules nor notices.',
    detectors: [...notices, 'sensor-signature'],
  },
  { sensors: ['suricata'], why: 'Only Zeek raises notices.', detectors: notices },
  {
    sensors: ['zeek'],
    why: 'Zeek has no rules of the kind that Suricata has.',
    detectors: ['sensor-signature'],
  },
]

/** The same in every scenario. */
export const sensorLimits: readonly Unseen[] = limits.flatMap(({ sensors, why, detectors }) =>
  sensors.flatMap((sensor) => detectors.map((detector) => ({ sensor, detector, why }))),
)
