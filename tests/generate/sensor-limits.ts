import type { Sensor } from './scenario.ts'

/** Findings that a sensor's log does not carry enough for. */
export type Unseen = { readonly sensor: Sensor; readonly detector: string; readonly why: string }

/** One limit of a sensor, and the detectors it leaves nothing for. A row that is no longer true fails the scenario that expects the detector. */
type Limit = { readonly sensor: Sensor; readonly why: string; readonly detectors: readonly string[] }

const notices: readonly string[] = [
  'reported-port-scan',
  'reported-address-scan',
  'reported-guessing',
  'sensor-notice',
]

const limits: readonly Limit[] = [
  {
    sensor: 'argus',
    why: 'Argus does not look into DNS: it knows no names and no answers.',
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
    sensor: 'argus',
    why: 'Argus does not look into HTTP: it knows no user agents and no files.',
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
    sensor: 'argus',
    why: 'Argus does not look into TLS: it knows no fingerprints and no certificates.',
    detectors: ['listed-client-fingerprint', 'listed-server-fingerprint', 'listed-certificate'],
  },
  {
    sensor: 'argus',
    why: 'Argus does not say which protocol was spoken on a port.',
    detectors: ['non-http-port-80', 'non-tls-port-443'],
  },
  {
    sensor: 'argus',
    why: 'Argus tells no SSH sessions, and may cut one into pieces: the size of a row is no sign of a login.',
    detectors: ['ssh-success'],
  },
  {
    sensor: 'argus',
    why: 'Argus does not look into SMTP: it knows no replies.',
    detectors: ['bad-smtp-login', 'smtp-brute-force'],
  },
  {
    sensor: 'argus',
    why: 'Argus does not look into DHCP: it knows no requested addresses.',
    detectors: ['dhcp-scan'],
  },
  {
    sensor: 'argus',
    why: 'The rows of a binetflow carry no MAC addresses, and none of ARP.',
    detectors: [
      'arp-scan',
      'unsolicited-arp',
      'arp-outside-network',
      'arp-spoofing',
      'device-changes-address',
    ],
  },
  {
    sensor: 'argus',
    why: 'Argus does not say that a connection ran inside a tunnel.',
    detectors: ['gre-tunnel', 'gre-scan'],
  },
  {
    sensor: 'suricata',
    why: 'An EVE event of SMTP carries no reply of the server.',
    detectors: ['bad-smtp-login', 'smtp-brute-force'],
  },
  {
    sensor: 'suricata',
    why: 'EVE has no event for the opening of a tunnel.',
    detectors: ['gre-tunnel', 'gre-scan'],
  },
  {
    sensor: 'argus',
    why: 'Argus does not look into TLS: it knows no server names and no certificates.',
    detectors: [
      'certificate-name-mismatch',
      'certificate-of-organisation',
      'self-signed-certificate',
      'pastebin-tls-download',
    ],
  },
  {
    sensor: 'argus',
    why: 'Argus tells no SSH sessions, and so no banners.',
    detectors: ['ssh-version-change'],
  },
  {
    sensor: 'argus',
    why: 'Argus tells no SSH sessions, and so no results of logins.',
    detectors: ['shared-guessing'],
  },
  {
    sensor: 'suricata',
    why: 'An EVE event of SSH does not tell whether the login worked.',
    detectors: ['shared-guessing'],
  },
  {
    sensor: 'argus',
    why: 'Argus draws no conclusions: it has neither rules nor notices.',
    detectors: [...notices, 'sensor-signature'],
  },
  { sensor: 'suricata', why: 'Only Zeek raises notices.', detectors: notices },
  {
    sensor: 'zeek',
    why: 'Zeek has no rules of the kind that Suricata has.',
    detectors: ['sensor-signature'],
  },
]

/** The same in every scenario. */
export const sensorLimits: readonly Unseen[] = limits.flatMap(({ sensor, why, detectors }) =>
  detectors.map((detector) => ({ sensor, detector, why })),
)
