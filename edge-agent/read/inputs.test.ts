import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { openInputs } from './inputs.ts'
import type { RejectedLine } from './ledger.ts'

// Real captures are not part of the project.
const data = resolve(import.meta.dirname, '../..', process.env.WEIR_DATA ?? '../shared/data')
const skip = existsSync(data) ? false : `no captures in ${data} (WEIR_DATA)`

async function readAll(...paths: string[]) {
  const rejects: RejectedLine[] = []
  const onReject = (reject: RejectedLine) => rejects.push(reject)
  const inputs = await openInputs(paths, { site: 'test', timezoneMinutes: 0, onReject })
  const uids: string[] = []
  let clockMs = Number.NEGATIVE_INFINITY
  for await (const batch of inputs.batches()) {
    for (const record of batch) {
      assert.ok(record.observedMs >= clockMs)
      clockMs = record.observedMs
      uids.push(record.uid)
    }
  }
  await inputs.close()
  return { inputs, uids, rejects, ledger: inputs.ledger() }
}

const total = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, n) => sum + n, 0)

describe('real captures', { skip }, () => {
  test('of odd formats are read to their end, and every line is accounted for', async () => {
    const { inputs, uids, rejects, ledger } = await readAll(join(data, 'odd-formats'))
    for (const entry of ledger) {
      assert.equal(
        entry.lines,
        total(entry.accepted) + total(entry.skipped) + total(entry.rejected),
        entry.path,
      )
    }
    assert.equal(
      ledger.reduce((sum, entry) => sum + entry.records, 0),
      uids.length,
    )
    assert.equal(
      ledger.reduce((sum, entry) => sum + total(entry.rejected), 0),
      rejects.length,
    )
    assert.ok(uids.length > 3000)
    const files = readdirSync(join(data, 'odd-formats'), { recursive: true, withFileTypes: true })
    assert.equal(inputs.inputs.length, files.filter((file) => file.isFile()).length)
    assert.deepEqual(
      ledger
        .filter((entry) => entry.rejected['gz-truncated'] === 1)
        .map((entry) => entry.path.split('/').at(-1)),
      ['http.log.corrupt.gz'],
    )
  })

  test('of a Zeek folder are the same, however the folder is named', async () => {
    const folder = join(data, 'slips-samples/test9-mixed-zeek-dir')
    const whole = await readAll(folder)
    assert.equal(whole.uids.length, 2659)
    assert.deepEqual(whole.rejects, [])
    const shuffled = await readAll(join(folder, 'ssl.log'), folder, join(folder, 'conn.log'))
    assert.deepEqual(shuffled.uids, whole.uids)
    assert.equal(await shuffled.inputs.fingerprint(), await whole.inputs.fingerprint())
  })
})
