import { hash32 } from './random.ts'
import { siteOf } from './sites.ts'

/** The zone of the office's own names: its answers are private addresses, and `.local` says so to everyone. */
export const officeZone = 'office.local'

/** Whoever can be at the end of a connection. A host outside has no MAC of its own on this LAN: the gateway's stands in. */
export type Host = {
  readonly name: string
  readonly ip: string
  readonly mac: string
  readonly outside: boolean
}

/** Name to last two octets: the office is 10.20.0.0/16, one segment, servers in 10.20.1.0/24. */
const servers: Readonly<Record<string, readonly [number, number]>> = {
  gateway: [0, 1],
  resolver: [1, 2],
  'dc-1': [1, 3],
  dhcp: [1, 4],
  'files-1': [1, 10],
  'files-2': [1, 11],
  mail: [1, 20],
  'print-1': [1, 30],
  'db-1': [1, 40],
  intranet: [1, 50],
  jump: [1, 60],
  'phone-1': [2, 10],
}

const lanPrefix = '10.20'
/** A unique local prefix (RFC 4193); the last two groups read as the last two octets of the IPv4 address. */
const lanPrefix6 = 'fd20::1'
/** One subnet of the internet for all of the office, as IPv6 gives to sites that do not translate addresses; read likewise. */
const lanPrefixGlobal = '2a0b:2a00:20:1:'
const firstSubnet = 10
const firstAddress = 10
const workstationsPerSubnet = 200
const mostWorkstations = 40 * workstationsPerSubnet

/**
 * The site plan, the same in every story: `ws-1` to `ws-8000`, the servers above, each of them with `-v6` behind its name at
 * its IPv6 address and with `-gua` at one of the internet, `public-dns`, any address as text, and any domain name, which stands for the first IPv4 address it
 * resolves to. A name that is none of these is an error.
 */
export function host(name: string): Host {
  const known = hosts.get(name)
  if (known !== undefined) return known
  const found = locate(name)
  hosts.set(name, found)
  return found
}

const hosts = new Map<string, Host>()

function locate(name: string): Host {
  if (name.endsWith('-v6')) return sixth(host(name.slice(0, -3)))
  if (name.endsWith('-gua')) return sixth(host(name.slice(0, -4)), 'gua', lanPrefixGlobal)
  const server = servers[name]
  if (server !== undefined) return inside(name, ...server)
  const workstation = /^ws-([1-9]\d*)$/.exec(name)
  if (workstation !== null) {
    const index = Number(workstation[1]) - 1
    if (index >= mostWorkstations)
      throw new RangeError(`the site plan ends at ws-${mostWorkstations}: ${name}`)
    return inside(
      name,
      firstSubnet + Math.floor(index / workstationsPerSubnet),
      firstAddress + (index % workstationsPerSubnet),
    )
  }
  if (name === 'public-dns') return outside(name, '151.101.200.53')
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name) || isSix(name)) return literal(name)
  if (name.includes('.')) return outside(name, addressesOf(name)[0] ?? '')
  throw new RangeError(`no host of that name in the site plan: ${name}`)
}

/**
 * What a domain resolves to; the same for everyone, never empty. All addresses are public by RFC 6890, but those of the
 * office's own names.
 */
export function addressesOf(domain: string, qtype: 'A' | 'AAAA' = 'A'): readonly string[] {
  if (domain.endsWith(`.${officeZone}`)) {
    const name = domain.slice(0, -officeZone.length - 1)
    return [host(qtype === 'A' ? name : `${name}-v6`).ip]
  }
  if (qtype === 'AAAA') return [publicSix(domain)]
  const site = siteOf(domain)
  if (site !== undefined) return site.addresses
  const hash = hash32(domain, 1)
  return [`185.60.${100 + (hash % 100)}.${1 + ((hash >>> 8) % 254)}`]
}

export function isLocal(ip: string): boolean {
  return [`${lanPrefix}.`, `${lanPrefix6}:`, `${lanPrefixGlobal}:`].some((prefix) => ip.startsWith(prefix))
}

export function isSix(ip: string): boolean {
  return ip.includes(':')
}

/** The same machine at its other address. */
function sixth({ name, ip, mac, outside }: Host, suffix = 'v6', prefix = lanPrefix6): Host {
  if (outside) throw new RangeError(`only hosts of the office have an IPv6 address by name: ${name}`)
  const [third, fourth] = ip.split('.').slice(2)
  return { name: `${name}-${suffix}`, ip: `${prefix}:${third}:${fourth}`, mac, outside }
}

/** In RFC 5952 form: no group begins with a zero, and the longest run of zeros is the one left out. */
function publicSix(domain: string): string {
  const hash = hash32(domain, 5)
  return `2a0e:${(1 + (hash % 0xfff0)).toString(16)}::${(1 + (hash >>> 16)).toString(16)}`
}

function inside(name: string, third: number, fourth: number): Host {
  return { name, ip: `${lanPrefix}.${third}.${fourth}`, mac: macOf(name), outside: false }
}

function outside(name: string, ip: string): Host {
  return { name, ip, mac: macOf('gateway'), outside: true }
}

/** An address of the plan stands for the host that has it; any other local address is a host without a name. */
function literal(ip: string): Host {
  if (ip.startsWith(`${lanPrefix6}:`)) {
    return sixth(host(`${lanPrefix}.${ip.slice(lanPrefix6.length + 1).replace(':', '.')}`))
  }
  if (ip.startsWith(`${lanPrefixGlobal}:`)) {
    const four = host(`${lanPrefix}.${ip.slice(lanPrefixGlobal.length + 1).replace(':', '.')}`)
    return sixth(four, 'gua', lanPrefixGlobal)
  }
  if (!isLocal(ip)) return outside(ip, ip)
  const [third = 0, fourth = 0] = ip.split('.').slice(2).map(Number)
  for (const [name, place] of Object.entries(servers))
    if (place[0] === third && place[1] === fourth) return host(name)
  const index = (third - firstSubnet) * workstationsPerSubnet + fourth - firstAddress
  const numbered = fourth >= firstAddress && fourth < firstAddress + workstationsPerSubnet
  if (numbered && index >= 0 && index < mostWorkstations) return host(`ws-${index + 1}`)
  return { name: ip, ip, mac: macOf(ip), outside: false }
}

/** A real vendor's prefix, because detectors look vendors up; workstations and servers of one make each. */
function macOf(name: string): string {
  const prefix = name.startsWith('ws-') ? '00:14:22' : name.startsWith('phone-') ? 'a4:83:e7' : '3c:d9:2b'
  const tail = hash32(name, 2).toString(16).padStart(8, '0')
  return `${prefix}:${tail.slice(0, 2)}:${tail.slice(2, 4)}:${tail.slice(4, 6)}`
}
