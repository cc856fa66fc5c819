/**
 * The bare ceiling of Node: what one thread needs for a big Zeek conn log when it does nothing but split its lines and keep two
 * small memories in Maps. No header, no escapes, no bad lines, no stores, no topics: what Weir does besides is the difference.
 *
 *   node tests/bench/ceiling.ts FILE      prints one line of JSON
 *
 * The columns are those of `tests/generate/big-conn.ts`, by position:
 * 0 ts, 1 uid, 2 id.orig_h, 3 id.orig_p, 4 id.resp_h, 5 id.resp_p, 6 proto, 7 service, 8 duration, 9 orig_bytes, 10 resp_bytes,
 * 11 conn_state, 15 history, 16 orig_pkts, 18 resp_pkts.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { append, newPair, type PairMemory } from './behaviour-letters.ts'
import { type Connection, HostHours } from './host-hours.ts'

type Line = Connection & {
  readonly uid: string
  readonly srcPort: number
  readonly proto: string
  readonly durationMs: number
}

const CHUNK_BYTES = 1 << 18
const UNANSWERED = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR'])

function toLine(text: string): Line {
  const columns = text.split('\t')
  return {
    startMs: Number(columns[0]) * 1000,
    uid: columns[1] ?? '',
    src: columns[2] ?? '',
    srcPort: Number(columns[3]),
    dst: columns[4] ?? '',
    dstPort: Number(columns[5]),
    proto: columns[6] ?? '',
    durationMs: amount(columns[8]) * 1000,
    srcBytes: amount(columns[9]),
    dstBytes: amount(columns[10]),
    isAnswered: !UNANSWERED.has(columns[11] ?? ''),
  }
}

const amount = (text: string | undefined): number => (text === '-' ? 0 : Number(text))

/** Every line that is no comment. Latin-1 is the quickest decoding, and right for what these files hold. */
function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  const bytes = Buffer.allocUnsafe(CHUNK_BYTES)
  let begun = ''
  try {
    for (let read = fill(file, bytes); read > 0; read = fill(file, bytes)) {
      const lines = (begun + bytes.toString('latin1', 0, read)).split('\n')
      begun = lines.pop() ?? ''
      for (const line of lines) if (!line.startsWith('#')) yield line
    }
  } finally {
    closeSync(file)
  }
  if (begun !== '' && !begun.startsWith('#')) yield begun
}

const fill = (file: number, bytes: Buffer): number => readSync(file, bytes, 0, bytes.length, null)

/** Both jobs over one file. */
export function ceiling(path: string): {
  records: number
  hostHours: number
  steps: number
  pairs: number
  late: number
} {
  const hours = new HostHours()
  const pairs = new Map<string, PairMemory>()
  let records = 0
  let late = 0
  for (const text of linesOf(path)) {
    const line = toLine(text)
    records += 1
    hours.add(line)
    const key = `${line.src} ${line.dst} ${line.dstPort} ${line.proto}`
    let pair = pairs.get(key)
    if (pair === undefined) {
      pair = newPair()
      pairs.set(key, pair)
    }
    if (!append(pair, line.startMs, line.durationMs, line.srcBytes + line.dstBytes)) late += 1
  }
  return { records, hostHours: hours.size, steps: hours.steps, pairs: pairs.size, late }
}

if (import.meta.main) {
  const [path] = process.argv.slice(2)
  if (path === undefined) {
    process.stderr.write('node tests/bench/ceiling.ts FILE\n')
    process.exitCode = 2
  } else {
    const { cpuUsage, resourceUsage } = process
    const done = ceiling(path)
    const cpu = cpuUsage()
    const cpuSeconds = (cpu.user + cpu.system) / 1e6
    process.stdout.write(
      `${JSON.stringify({ ...done, cpuSeconds, peakMemoryBytes: resourceUsage().maxRSS * 1024 })}\n`,
    )
  }
}
