import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DetectionCounters } from '@weir/processors'
import { type Plan, Runner } from '@weir/topology'
import { diskTransport } from '@weir/topology/transport'
import { detectionPlan } from './detection-plan.ts'
import { type AnalyzeOptions, readSettings } from './settings.ts'
import { claimState } from './state.ts'

const settings = (options: Partial<AnalyzeOptions>) => readSettings({ out: 'out', ...options })
const planOf = (options: Partial<AnalyzeOptions>): Plan =>
  detectionPlan(settings(options), new DetectionCounters(), { alertsJson: true })

function folder(t: { after(work: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'weir-windows-'))
  t.after(() => rmSync(path, { recursive: true }))
  return path
}

test('processors do not go on with windows of another width over the state of those before', async (t) => {
  const directory = folder(t)
  const start = async (options: Partial<AnalyzeOptions>) => {
    const transport = await diskTransport(directory)
    const runner = new Runner(planOf(options), transport)
    try {
      await runner.start()
      await runner.stop()
    } finally {
      await transport.close()
    }
  }
  await start({ window: '1h' })
  await assert.rejects(start({ window: '5m' }), {
    code: 'TOPO_ORPHANED_STATE',
    message:
      /store detect-by-source-keys holds .+ windows of 3600000 ms .+ and not .+ windows of 300000 ms .+; and \d+ more$/,
  })
  await start({ window: '1h' })
})

test('an analysis on disk does not go on with windows of another width', (t) => {
  const stateDir = join(folder(t), 'state')
  const claim = (window: string) =>
    claimState(settings({ window, store: 'disk', stateDir }), 'fingerprint', 'version')
  assert.equal(claim('1h'), false)
  mkdirSync(join(stateDir, 'log'))
  assert.equal(claim('1h'), true)
  assert.throws(() => claim('5m'), { code: 'CONSOLE_OTHER_STATE' })
})
