/**
 * Ports that belong to one company's service. Sources: the companies' own firewall guidance for their clients (Apple
 * support article 103229, Microsoft 365 URLs and IP address ranges, Google Meet and Android push, Zoom, Spotify, Viber), and
 * spec detections.md section A.2 for the addresses.
 */
import { isWithin, parseCidr, type Range } from '../profile/network.ts'

type Row = {
  readonly organisation: string
  /** Address ranges of the service; none: a name resolved by the host must end in one of `domains`. */
  readonly ranges: readonly string[]
  readonly domains: readonly string[]
  readonly tcp: readonly (readonly [first: number, last: number])[]
  readonly udp: readonly (readonly [first: number, last: number])[]
}

const rows: readonly Row[] = [
  {
    organisation: 'Microsoft',
    ranges: ['13.107.64.0/18', '52.112.0.0/14', '52.120.0.0/14'],
    domains: [],
    tcp: [],
    udp: [[3478, 3481]],
  },
  {
    organisation: 'Google',
    ranges: ['74.125.250.0/24', '142.250.82.0/24', '108.177.127.192/32'],
    domains: ['google.com', 'googleapis.com', '1e100.net', 'gvt1.com', 'gstatic.com'],
    tcp: [
      [7275, 7275],
      [19302, 19309],
    ],
    udp: [[19302, 19309]],
  },
  {
    organisation: 'Viber',
    ranges: [],
    domains: ['viber.com'],
    tcp: [
      [4244, 4244],
      [5242, 5243],
      [7985, 7985],
    ],
    udp: [
      [4244, 4244],
      [5242, 5243],
      [7985, 7985],
    ],
  },
  {
    organisation: 'ESET',
    ranges: ['91.228.164.0/22'],
    domains: ['eset.com'],
    tcp: [[53535, 53535]],
    udp: [[53535, 53535]],
  },
  {
    organisation: 'Spotify',
    ranges: ['78.31.8.0/22', '104.199.65.124/32', '104.199.65.131/32'],
    domains: ['spotify.com'],
    tcp: [[4070, 4070]],
    udp: [],
  },
  {
    organisation: 'Zoom',
    ranges: ['149.137.0.0/17', '170.114.0.0/16', '206.247.0.0/16'],
    domains: ['zoom.us'],
    tcp: [[8801, 8810]],
    udp: [
      [3478, 3479],
      [8801, 8810],
    ],
  },
  {
    organisation: 'Kaspersky',
    ranges: [],
    domains: ['kaspersky.com', 'kaspersky-labs.com'],
    tcp: [[1443, 1443]],
    udp: [],
  },
  {
    organisation: 'Apple',
    ranges: ['17.0.0.0/8'],
    domains: ['apple.com', 'icloud.com', 'push-apple.com.akadns.net'],
    tcp: [
      [2195, 2197],
      [3031, 3031],
      [3283, 3285],
      [5100, 5100],
      [5297, 5298],
      [8000, 8999],
      [42000, 42999],
      [49152, 65535],
    ],
    udp: [
      [3031, 3031],
      [3283, 3283],
      [3478, 3497],
      [4398, 4398],
      [16384, 16472],
    ],
  },
]

/** As lines of a data file: `Zoom,udp,8801-8810,zoom.us`. */
export const organisationPortLines: readonly string[] = rows.flatMap((row) =>
  (['tcp', 'udp'] as const).flatMap((proto) =>
    row[proto].flatMap(([first, last]) =>
      [...row.ranges, ...row.domains].map(
        (where) => `${row.organisation},${proto},${first}-${last},${where}`,
      ),
    ),
  ),
)

type Service = {
  readonly organisation: string
  readonly first: number
  readonly last: number
  readonly ranges: Range[]
  readonly domains: string[]
}

const services: Record<'tcp' | 'udp', Map<string, Service>> = { tcp: new Map(), udp: new Map() }

/** Takes the place of the services known so far. Trusts its lines. */
export function useOrganisationPorts(lines: readonly string[]): void {
  services.tcp.clear()
  services.udp.clear()
  for (const line of lines) {
    const [organisation = '', proto, ports = '', where = ''] = line.split(',')
    const byName = services[proto === 'udp' ? 'udp' : 'tcp']
    const name = `${organisation} ${ports}`
    const [first = Number.NaN, last = first] = ports.split('-').map(Number)
    let service = byName.get(name)
    if (service === undefined)
      byName.set(name, (service = { organisation, first, last, ranges: [], domains: [] }))
    const range = parseCidr(where)
    if (range === null) service.domains.push(where)
    else service.ranges.push(range)
  }
}

useOrganisationPorts(organisationPortLines)

/** The company whose service this is, or `''`. `names` are those the source resolved to the address. */
export function organisationOfPort(
  proto: string,
  ip: string,
  port: number,
  names: readonly string[],
): string {
  if (proto !== 'tcp' && proto !== 'udp') return ''
  for (const { organisation, first, last, ranges, domains } of services[proto].values()) {
    if (port < first || port > last) continue
    const isTheirs =
      ranges.some((range) => isWithin(ip, range)) ||
      names.some((name) => domains.some((domain) => name === domain || name.endsWith(`.${domain}`)))
    if (isTheirs) return organisation
  }
  return ''
}
