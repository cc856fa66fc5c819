import assert from 'node:assert/strict'
import { type FlowRecord, flowCodec, SchemaError } from '@weir/schemas'
import { recordsOf } from './parser-target.ts'
import { suricataSeeds, testdataOf, zeekJsonSeeds, zeekTsvSeeds } from './seeds.ts'
import type { Target } from './target.ts'

const text = [...zeekTsvSeeds, ...zeekJsonSeeds, ...testdataOf((path) => path.includes('/zeek/'))]
const eve = [...suricataSeeds, ...testdataOf((path) => path.includes('/suricata/'))]

const zeekMark = 0x5a
const eveMark = 0x45
const bytesMark = 0x42

/** The first byte says what follows: lines whose records must survive the way there and back, or bytes to decode. */
export const codecTarget: Target = {
  name: 'codec',
  seeds: [
    ...text.map((seed) => marked(zeekMark, seed)),
    ...eve.map((seed) => marked(eveMark, seed)),
    ...text.flatMap((seed) =>
      recordsOf('zeek', seed)
        .slice(0, 4)
        .map((record) => marked(bytesMark, flowCodec.encode(record))),
    ),
  ],
  check(input) {
    const payload = input.subarray(1)
    if (input[0] === zeekMark) for (const record of recordsOf('zeek', payload)) checkRoundTrip(record)
    else if (input[0] === eveMark) for (const record of recordsOf('suricata', payload)) checkRoundTrip(record)
    else checkBytes(payload)
  },
}

function marked(mark: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(mark), payload])
}

function checkRoundTrip(record: FlowRecord): void {
  assert.deepEqual({ ...flowCodec.decode(flowCodec.encode(record)) }, { ...record })
}

/** Refused in the one way that is promised, or a record as good as any. */
function checkBytes(bytes: Buffer): void {
  let record: FlowRecord
  try {
    record = flowCodec.decode(bytes)
  } catch (error) {
    assert.ok(error instanceof SchemaError, `decode threw ${String(error)}`)
    assert.equal(error.code, 'SCHEMA_BAD_BYTES')
    return
  }
  checkRoundTrip(record)
}
