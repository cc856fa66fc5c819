import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { AnalyzeOptions } from '../../console/analyze/settings.ts'
import { type LogOptions, writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { Random } from '../generate/random.ts'
import { type Scenario, type Sensor, sensors } from '../generate/scenario.ts'
import { analyzePaths, Workspace, type Written } from './analysis.ts'
import { scenario as attackHour } from './attack-hour/scenario.ts'
import { scenario as fiveHours } from './connection-of-five-hours/scenario.ts'
import { scenario as lostHour } from './logs-of-an-hour-are-lost/scenario.ts'

const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())
let runs = 0

function logsOf(scenario: Scenario, name: string, sensor: Sensor, options: LogOptions = {}): Logs {
  const folder = workspace.folder(name)
  const files = writeLogs(play(scenario), folder, { ...options, sensor })
  return { folder, files }
}

type Logs = { readonly folder: string; readonly files: readonly string[] }

function run(paths: readonly string[], options: Omit<AnalyzeOptions, 'out'> = {}): Promise<Written> {
  runs += 1
  return analyzePaths(paths, { ...options, out: workspace.folder(`out-${runs}`) })
}

function assertSame(actual: Written, expected: Written): void {
  assert.equal(actual.evidence, expected.evidence)
  assert.equal(actual.alerts, expected.alerts)
}

const zeek = logsOf(attackHour, 'zeek', 'zeek')
const expected = await run([zeek.folder])

test('there is something to compare', () => {
  assert.ok(expected.evidence.split('\n').length > 20)
  assert.ok(expected.alerts.split('\n').length > 2)
})

test('the same logs give the same findings twice', async () => {
  assertSame(await run([zeek.folder]), expected)
})

test('a folder gives what its files give', async () => {
  assertSame(await run(zeek.files), expected)
})

test('the order in which files are named makes no difference', async () => {
  const random = new Random('order of files')
  for (let time = 0; time < 3; time++) assertSame(await run(random.shuffled([...zeek.files])), expected)
})

test('state on disk gives what state in memory gives', async () => {
  const stateDir = workspace.folder('state')
  assertSame(await run([zeek.folder], { store: 'disk', stateDir }), expected)
  // What is finished is said again from what was kept, without a second reading.
  assertSame(await run([zeek.folder], { store: 'disk', stateDir }), expected)
})

for (const partitions of ['2', '3', '8', '17']) {
  test(`${partitions} partitions give what one gives`, async () => {
    assertSame(await run([zeek.folder], { partitions }), expected)
    const stateDir = workspace.folder(`state-${partitions}`)
    assertSame(await run([zeek.folder], { partitions, store: 'disk', stateDir }), expected)
  })
}

test('Zeek logs in JSON give what they give in TSV', async () => {
  assertSame(await run([logsOf(attackHour, 'json', 'zeek', { format: 'json' }).folder]), expected)
})

test('logs rotated every hour and compressed give what whole ones give', async () => {
  assertSame(await run([logsOf(attackHour, 'rotated', 'zeek', { rotate: true }).folder]), expected)
  for (const scenario of [fiveHours, lostHour]) {
    const name = `${scenario.seed}`
    const whole = await run([logsOf(scenario, `${name}-whole`, 'zeek').folder])
    const rotated = await run([logsOf(scenario, `${name}-rotated`, 'zeek', { rotate: true }).folder])
    assertSame(rotated, whole)
  }
})

for (const sensor of sensors) {
  if (sensor === 'zeek') continue
  test(`eight partitions give what one gives of the logs of ${sensor}`, async () => {
    const { folder } = logsOf(attackHour, sensor, sensor)
    assertSame(await run([folder], { partitions: '8' }), await run([folder]))
  })
}

test('late records give the same in eight partitions as in one, and on disk', async () => {
  const { folder } = logsOf(fiveHours, 'late', 'zeek')
  const one = await run([folder])
  assertSame(await run([folder], { partitions: '8' }), one)
  assertSame(await run([folder], { store: 'disk', stateDir: workspace.folder('late-state') }), one)
})
