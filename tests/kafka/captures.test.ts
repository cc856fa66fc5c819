/** Real networks over the broker give what they give in one process. Only with `WEIR_KAFKA_FULL=1`, and where the captures are. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { captures, ifPresent } from '../captures/capture.ts'
import { analyzePaths, Workspace, type Written } from '../scenarios/analysis.ts'
import { assertSameAnswer } from './same-answer.ts'

const isFull = process.env.WEIR_KAFKA_FULL === '1'
const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())

const spreads = [1, 8].flatMap((partitions) => [1, 3].map((processes) => ({ partitions, processes })))

/** What is read in one go, below the folder of captures. */
function inputs(): readonly string[] {
  return ['labelled', 'odd-formats', 'slips-samples', 'slips-samples/port-scans']
    .filter((folder) => existsSync(join(captures, folder)))
    .flatMap((folder) => readdirSync(join(captures, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => path !== 'slips-samples/port-scans')
    .sort()
}

/** Of which programs one is needed for it, or for a file of the folder that it is. */
function readers(path: string): readonly string[] {
  const place = join(captures, path)
  const names = statSync(place).isDirectory() ? readdirSync(place) : [path]
  if (names.some((name) => name.endsWith('.pcap'))) return ['zeek', 'argus']
  return names.some((name) => name.endsWith('.nfdump')) ? ['nfdump'] : []
}

const found = isFull ? inputs() : []
if (found.length === 0) {
  const reason = isFull ? `no captures at ${captures}: set WEIR_DATA` : 'set WEIR_KAFKA_FULL=1 to run them'
  test('captures are there to be shipped', { skip: reason }, () => assert.ok(existsSync(captures)))
}
for (const path of found) {
  const name = path.replaceAll('/', '-')
  let expected: Promise<Written> | null = null
  for (const spread of spreads) {
    const says = `${path} over ${spread.partitions} partitions and ${spread.processes} processes gives what analyze gives`
    test(says, ifPresent(path, readers(path)), async () => {
      expected ??= analyzePaths([join(captures, path)], { out: workspace.folder(`${name}-expected`) })
      const out = workspace.folder(`${name}-${spread.partitions}-${spread.processes}`)
      await assertSameAnswer(join(captures, path), await expected, spread, out)
    })
  }
}
