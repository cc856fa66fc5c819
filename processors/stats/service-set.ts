/** Lists of services, as settings give them, in a form that a record is compared with without making texts. */

const codes = new WeakMap<readonly string[], ReadonlySet<number>>()

/** The services of a list such as `tcp/445` or `udp/19302-19309`, made once for each list; what is none is passed over. */
export function serviceSet(services: readonly string[]): ReadonlySet<number> {
  const known = codes.get(services)
  if (known !== undefined) return known
  const made = new Set<number>()
  for (const service of services) {
    const [, proto, first, last = first] = /^(tcp|udp)\/(\d{1,5})(?:-(\d{1,5}))?$/.exec(service) ?? []
    if (proto !== 'tcp' && proto !== 'udp') continue
    for (let port = Number(first); port <= Math.min(Number(last), MAX_PORT); port += 1)
      made.add(serviceCode(proto, port))
  }
  codes.set(services, made)
  return made
}

/** A number of its own for each port of TCP and of UDP. */
export function serviceCode(proto: 'tcp' | 'udp', port: number): number {
  return proto === 'tcp' ? port : port + UDP
}

const UDP = 65_536
const MAX_PORT = 65_535
