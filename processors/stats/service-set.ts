/** Lists of services, as settings give them, in a form that a record is compared with without making texts. */

const codes = new WeakMap<readonly string[], ReadonlySet<number>>()

/** The services of a list such as `tcp/445`, made once for each list; what is none is passed over. */
export function serviceSet(services: readonly string[]): ReadonlySet<number> {
  const known = codes.get(services)
  if (known !== undefined) return known
  const made = new Set<number>()
  for (const service of services) {
    const [proto = '', port = ''] = service.split('/')
    if (/^\d{1,5}$/.test(port) && (proto === 'tcp' || proto === 'udp'))
      made.add(serviceCode(proto, Number(port)))
  }
  codes.set(services, made)
  return made
}

/** A number of its own for each port of TCP and of UDP. */
export function serviceCode(proto: 'tcp' | 'udp', port: number): number {
  return proto === 'tcp' ? port : port + UDP
}

const UDP = 65_536
