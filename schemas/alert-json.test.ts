import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertJsonCodec } from './alert-json.ts'
import { alertLine } from './canonical.ts'
import { sampleAlert } from './sample-records.ts'
import { SchemaError } from './schema-error.ts'

test('an alert as JSON is its canonical line, and comes back as all that the line says', () => {
  const bytes = alertJsonCodec.encode(sampleAlert)
  assert.equal(Buffer.from(bytes).toString('utf8'), alertLine(sampleAlert))
  const { observedMs: _, ...said } = sampleAlert
  assert.deepEqual(alertJsonCodec.decode(bytes), said)
})

test('bytes that are no such line are refused', () => {
  for (const bytes of [new Uint8Array([0xff, 0xfe]), new TextEncoder().encode('{"id": 1}')]) {
    assert.throws(
      () => alertJsonCodec.decode(bytes),
      (error) => error instanceof SchemaError,
    )
  }
})
