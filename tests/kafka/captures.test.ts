/** Real networks over the broker give what they give in one process. Only with `WEIR_KAFKA_FULL=1`, and where the captures are. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { assertSameAnswer } from './same-answer.ts'

const data = resolve(process.env.WEIR_DATA ?? join(import.meta.dirname, '../../../shared/data'))
const folder = join(data, 'slips-samples')
const isFull = process.env.WEIR_KAFKA_FULL === '1'
const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())

if (!isFull || !existsSync(folder)) {
  const reason = isFull ? `no captures at ${folder}: set WEIR_DATA` : 'set WEIR_KAFKA_FULL=1 to run them'
  test('captures are there to be shipped', { skip: reason }, () => assert.ok(existsSync(folder)))
} else {
  for (const name of readdirSync(folder).sort()) {
    // Those need a program to be read.
    if (/\.(pcap|nfdump)$/.test(name) || name === 'port-scans') continue
    for (const partitions of [1, 8]) {
      for (const processes of [1, 3]) {
        test(`${name} over ${partitions} partitions and ${processes} processes gives what analyze gives`, async () => {
          const run = `${name}-${partitions}-${processes}`
          const expected = await analyzePaths([join(folder, name)], {
            out: workspace.folder(`${run}-expected`),
          })
          const spread = { partitions, processes }
          await assertSameAnswer(join(folder, name), expected, spread, workspace.folder(run))
        })
      }
    }
  }
}
