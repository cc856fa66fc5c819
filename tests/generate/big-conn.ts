import { closeSync, openSync, writeSync } from 'node:fs'
import { Random, zipf } from './random.ts'

const header = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#open\t2024-05-13-00-00-00',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents',
  '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]',
  '',
].join('\n')

const dayStartUs = Date.UTC(2024, 4, 13) * 1000
const dayUs = 86_400e6
const chunkChars = 1 << 18
/** Drawing a rank is one look into a table of this many: a search in the cumulative weights for each line is too slow. */
const drawn = 1 << 16

/** One kind of connection, with how often it is seen in a hundred and its medians. */
type Kind = {
  readonly weight: number
  readonly port: number
  readonly proto: 'tcp' | 'udp'
  readonly state: string
  readonly inside: boolean
  readonly medianMs: number
  readonly srcBytes: number
  readonly dstBytes: number
  /** The columns from the responder's port to the service, and from the state to the history: the same on every line. */
  readonly before: string
  readonly after: string
}

/** 000 to 999; two look-ups pad six digits faster than the string functions do. */
const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))

const kinds: readonly Kind[] = [
  kind(34, 53, 'udp', 'dns', 'SF', 'Dd', true, 4, 44, 120),
  kind(33, 443, 'tcp', 'ssl', 'SF', 'ShADadFf', false, 9000, 2300, 16_000),
  kind(7, 443, 'udp', 'quic,ssl', 'SF', 'Dd', false, 14_000, 5200, 60_000),
  kind(6, 80, 'tcp', 'http', 'SF', 'ShADadFf', false, 900, 480, 5000),
  kind(5, 445, 'tcp', 'smb', 'SF', 'ShADadFf', true, 6000, 9000, 40_000),
  kind(4, 123, 'udp', 'ntp', 'SF', 'Dd', false, 30, 48, 48),
  kind(3, 88, 'tcp', 'krb', 'SF', 'ShADadFf', true, 8, 1900, 2000),
  kind(2, 389, 'tcp', 'ldap_tcp', 'RSTO', 'ShADadR', true, 300, 700, 3000),
  kind(2, 993, 'tcp', 'ssl', 'RSTR', 'ShADadr', false, 20_000, 1200, 9000),
  kind(2.5, 443, 'tcp', '-', 'S0', 'S', false, 3000, 0, 0),
  kind(1, 631, 'tcp', '-', 'REJ', 'Sr', true, 1, 0, 0),
  kind(0.5, 22, 'tcp', 'ssh', 'SF', 'ShADadFf', true, 60_000, 9000, 30_000),
]

function kind(
  weight: number,
  port: number,
  proto: 'tcp' | 'udp',
  service: string,
  state: string,
  history: string,
  inside: boolean,
  medianMs: number,
  srcBytes: number,
  dstBytes: number,
): Kind {
  const before = `\t${port}\t${proto}\t${service}\t`
  const after = `\t${state}\tT\t${inside ? 'T' : 'F'}\t0\t${history}\t`
  return { weight, port, proto, state, inside, medianMs, srcBytes, dstBytes, before, after }
}

/**
 * Writes a Zeek conn.log of one day: `count` connections of `hosts` sources, both ends Zipf, in order of their end, as
 * Zeek writes them. Memory does not grow with `count`. A benchmark's food, without stories: see `main.ts` for those.
 */
export function writeBigConn(count: number, hosts: number, path: string, seed: number): void {
  const random = new Random(`big-conn/${seed}`)
  const sources = Array.from(
    { length: hosts },
    (_, i) => `10.${(i >>> 16) & 255}.${(i >>> 8) & 255}.${i & 255}`,
  )
  const servers = Array.from({ length: 40 }, (_, i) => `10.255.1.${i + 1}`)
  const sites = Array.from({ length: 20_000 }, (_, i) => `151.101.${(i >>> 8) & 255}.${i & 255}`)
  const source = table(random, hosts, 0.9)
  const server = table(random, servers.length, 1.2)
  const site = table(random, sites.length, 1.05)
  const kindOf = kinds.flatMap((one) => Array<Kind>(one.weight * 2).fill(one))
  const spread = Float64Array.from({ length: 4096 }, () => random.logNormal(1, 1.2))
  const uidHead = `C${random.base62(8)}`
  const stepUs = dayUs / count

  const file = openSync(path, 'w')
  let chunk = header
  for (let i = 0; i < count; i++) {
    const bits = random.uint32()
    const moreBits = random.uint32()
    const one = kindOf[bits % kindOf.length]
    if (one === undefined) throw new Error('no kinds of connection')
    const endUs = dayStartUs + Math.floor((i + (moreBits >>> 16) / 65536) * stepUs)
    const factor = spread[(bits >>> 8) & 4095] ?? 1
    const sizeFactor = spread[moreBits & 4095] ?? 1
    const durationUs = Math.min(endUs - dayStartUs, Math.floor(one.medianMs * 1000 * factor) + 1)
    const startUs = endUs - durationUs
    const srcBytes = Math.floor(one.srcBytes * sizeFactor)
    const dstBytes = Math.floor(one.dstBytes * sizeFactor * factor)
    const tcp = one.proto === 'tcp'
    const answered = one.state !== 'S0'
    const connected = answered && one.state !== 'REJ'
    const srcPkts = connected
      ? (tcp ? 4 : 0) + 1 + Math.floor(srcBytes / 1448) + Math.floor(dstBytes / 2896)
      : 1
    const dstPkts = !answered ? 0 : connected ? (tcp ? 3 : 0) + 1 + Math.floor(dstBytes / 1448) : 1
    const perPacket = tcp ? 52 : 28
    const from = sources[source[random.uint32() & (drawn - 1)] ?? 0]
    const choice = random.uint32() & (drawn - 1)
    const to = one.inside ? servers[server[choice] ?? 0] : sites[site[choice] ?? 0]
    const body = answered ? `${secondsText(durationUs)}\t${srcBytes}\t${dstBytes}` : '-\t-\t-'
    const port = 49152 + (moreBits & 16383)
    const serial = (threeDigits[Math.floor(i / 1e6) % 1000] ?? '') + sixDigits(i % 1e6)
    chunk += `${secondsText(startUs)}\t${uidHead}${serial}\t${from}\t${port}\t${to}${one.before}${body}${one.after}${srcPkts}\t${srcBytes + srcPkts * perPacket}\t${dstPkts}\t${dstBytes + dstPkts * perPacket}\t(empty)\n`
    if (chunk.length >= chunkChars) {
      writeSync(file, chunk, null, 'latin1')
      chunk = ''
    }
  }
  writeSync(file, `${chunk}#close\t2024-05-14-00-00-00\n`, null, 'latin1')
  closeSync(file)
}

function table(random: Random, count: number, exponent: number): Uint32Array {
  const draw = zipf(count, exponent)
  const ranks = Uint32Array.from({ length: drawn }, () => draw(random))
  // Every source is seen at least now and then, however small its share of the table would be.
  for (let rank = 0; rank < Math.min(count, drawn); rank++) ranks[Math.floor((rank * drawn) / count)] = rank
  return ranks
}

let lastSecond = -1
let lastSecondText = ''

/** Lines come in order, so most share their second with the one before. */
function secondsText(us: number): string {
  const second = Math.floor(us / 1e6)
  if (second !== lastSecond) {
    lastSecond = second
    lastSecondText = `${second}.`
  }
  return lastSecondText + sixDigits(us - second * 1e6)
}

function sixDigits(number: number): string {
  const thousands = Math.floor(number / 1000)
  return (threeDigits[thousands] ?? '') + (threeDigits[number - thousands * 1000] ?? '')
}

if (import.meta.main) {
  const [count, hosts, path, seed = '1'] = process.argv.slice(2)
  const numbers = [Number(count), Number(hosts), Number(seed)]
  if (path === undefined || !numbers.every((number) => Number.isSafeInteger(number) && number > 0)) {
    console.error('node tests/generate/big-conn.ts COUNT HOSTS OUT [SEED]')
    process.exitCode = 1
  } else {
    writeBigConn(Number(count), Number(hosts), path, Number(seed))
  }
}
