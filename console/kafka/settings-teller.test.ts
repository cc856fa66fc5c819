import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topologyMetrics } from '@weir/topology'
import { MetricRegistry } from '@weir/topology/kit'
import { settingsTeller } from './settings-teller.ts'

test('other settings are said once for each change of them, and that there are none only after there were some', async () => {
  const registry = await MetricRegistry.open()
  const said: unknown[] = []
  const tell = settingsTeller(
    { warn: (event, fields) => said.push([event, fields]) },
    registry.add(topologyMetrics),
  )
  const alike = { members: 2, others: 0, differing: [] }
  const mixed = { members: 3, others: 2, differing: ['window'] }
  const others = () => registry.read('weir_topology_other_settings_members', {})
  tell(alike)
  assert.deepEqual(said, [])
  tell(mixed)
  tell({ ...mixed, members: 4 })
  assert.equal(await others(), 2)
  tell({ ...mixed, others: 1 })
  tell(alike)
  tell(alike)
  assert.deepEqual(said, [
    ['settings-differ', { members: 3, others: 2, differing: ['window'] }],
    ['settings-differ', { members: 3, others: 1, differing: ['window'] }],
    ['settings-alike', { members: 2 }],
  ])
  assert.equal(await others(), 0)
})
