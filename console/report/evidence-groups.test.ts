import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { evidence, startMs } from '../testing/findings.ts'
import { EvidenceGroups, weightOf } from './evidence-groups.ts'

const steps = [
  evidence({ id: 'a', tsMs: startMs + 1000, level: 'medium' }),
  evidence({ id: 'b', tsMs: startMs + 2000, level: 'high', confidence: 0.9, description: 'ten' }),
  evidence({ id: 'c', tsMs: startMs + 3000, level: 'high', confidence: 0.9, description: 'a hundred' }),
  evidence({ id: 'd', tsMs: startMs + 500, victim: { direction: 'dst', type: 'ip', value: '10.0.0.10' } }),
  evidence({ id: 'e', tsMs: startMs + 100, type: 'UNKNOWN_PORT', level: 'info' }),
]

describe('evidence behind an alert', () => {
  test('of one type, attacker and victim is one group, told by its weightiest and then latest', () => {
    for (const order of [steps, steps.toReversed(), [2, 0, 4, 1, 3].map((i) => steps[i])]) {
      const groups = new EvidenceGroups()
      for (const item of order) if (item !== undefined) groups.add(item)
      const shown = groups.weightiest(10, 'low')
      assert.deepEqual(
        shown.map(({ evidence: { id }, times, firstMs }) => [id, times, firstMs - startMs]),
        [
          ['d', 1, 500],
          ['c', 3, 1000],
        ],
      )
    }
  })

  test('is cut to the weightiest groups, and shown down to the level asked for', () => {
    const groups = new EvidenceGroups()
    for (const item of steps) groups.add(item)
    assert.deepEqual(
      groups.weightiest(1, 'info').map(({ evidence: { id } }) => id),
      ['c'],
    )
    assert.deepEqual(
      groups.weightiest(10, 'info').map(({ evidence: { id } }) => id),
      ['e', 'd', 'c'],
    )
  })

  test('against nobody in particular is told apart by its port', () => {
    const groups = new EvidenceGroups()
    for (const [id, port] of [
      ['a', 445],
      ['b', 445],
      ['c', 22],
    ] as const) {
      groups.add(evidence({ id, victim: null, dst: { ip: '10.0.0.9', port, names: [], mac: '' } }))
    }
    assert.equal(groups.weightiest(10, 'info').length, 2)
  })
})

test('evidence weighs nothing for the host that the attacker is not', () => {
  assert.equal(weightOf(evidence({ id: 'a', level: 'high', confidence: 0.5 })), 0.4)
  assert.equal(
    weightOf(evidence({ id: 'a', attacker: { direction: 'dst', type: 'ip', value: '1.2.3.4' } })),
    0,
  )
})
