import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parsers } from '@weir/edge-agent'
import type { FlowRecord } from '@weir/schemas'
import { FileBytes } from '../../edge-agent/read/file-bytes.ts'
import { openInputSet } from '../../edge-agent/read/input-set.ts'
import type { InputLedger, RejectedLine } from '../../edge-agent/read/ledger.ts'
import { argusSeeds, suricataSeeds, zeekJsonSeeds, zeekTsvSeeds } from './seeds.ts'
import { choice, type Target } from './target.ts'

const text = [...zeekTsvSeeds, ...zeekJsonSeeds, ...argusSeeds, ...suricataSeeds]
const packed = text.map((seed) => gzipSync(seed))

const kinds = ['zeek', 'argus', 'suricata', 'nfdump-csv', 'nfdump-text'] as const

/** Files, plain and gzip, cut into chunks of two sizes: the same records, ledger and rejects, and the counts add up. */
export const readingTarget: Target = {
  name: 'reading',
  seeds: [...text, ...packed, Buffer.concat([...packed.slice(0, 2)]), gzipSync(Buffer.alloc(2_000_000, 'x'))],
  async check(input) {
    const folder = mkdtempSync(join(tmpdir(), 'weir-fuzz-'))
    try {
      const path = join(folder, 'input.log')
      writeFileSync(path, input)
      // Mostly read as some kind without asking what it is: damage often makes it unrecognisable.
      const kind = choice(input, 3) === 0 ? null : (kinds[choice(input, kinds.length)] ?? null)
      const whole = await read(path, kind, 131_072)
      const pieces = await read(path, kind, 7 + choice(input, 600))
      assert.deepEqual(pieces, whole, 'what is read depends on how it is cut into chunks')
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

type Outcome = { records: FlowRecord[]; ledger: InputLedger[]; rejects: RejectedLine[] } | { refused: string }

const expected = [
  'EDGE_INPUT_EMPTY',
  'EDGE_INPUT_NOT_RECOGNISED',
  'EDGE_INPUT_CAPTURE_COMPRESSED',
  'FUZZ_CAPTURE',
]

async function read(path: string, kind: (typeof kinds)[number] | null, chunkBytes: number): Promise<Outcome> {
  const rejects: RejectedLine[] = []
  const options = {
    site: 'fuzz',
    timezoneMinutes: 0,
    onReject: (reject: RejectedLine) => rejects.push(reject),
    ...(kind === null ? {} : { inputKind: kind }),
  }
  try {
    const inputs = await openInputSet([path], options, {
      parsers,
      convert: () => Promise.reject(Object.assign(new Error('a capture'), { code: 'FUZZ_CAPTURE' })),
      openFile: (file, onRead) => FileBytes.open(file, onRead, chunkBytes),
    })
    const records: FlowRecord[] = []
    let clockMs = Number.NEGATIVE_INFINITY
    for await (const batch of inputs.batches()) {
      for (const record of batch) {
        assert.ok(record.observedMs >= clockMs, 'the clock went back')
        clockMs = record.observedMs
        records.push(record)
      }
    }
    await inputs.close()
    const ledger = inputs.ledger()
    checkLedger(ledger, records, rejects)
    return { records, ledger, rejects }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!expected.includes(code)) throw error
    return { refused: code }
  }
}

function checkLedger(
  ledger: readonly InputLedger[],
  records: readonly FlowRecord[],
  rejects: readonly RejectedLine[],
): void {
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, n) => total + n, 0)
  let read = 0
  let rejected = 0
  for (const entry of ledger) {
    assert.equal(entry.lines, sum(entry.accepted) + sum(entry.skipped) + sum(entry.rejected))
    read += entry.records
    rejected += sum(entry.rejected)
  }
  assert.equal(read, records.length)
  assert.equal(rejected, rejects.length)
  for (const { text: cut } of rejects) assert.ok(Buffer.byteLength(cut) <= 1024)
}
