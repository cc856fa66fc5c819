import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyTallyByLevel, tellAtStepsByLevel } from './tally-by-level.ts'

test('what weighs nothing takes no room from what is grave', () => {
  const tally = emptyTallyByLevel()
  for (let i = 0; i < 50; i += 1) tellAtStepsByLevel(tally, 'info', `rule ${i}`, [1], 20)
  assert.equal(tellAtStepsByLevel(tally, 'high', 'malware', [1], 20), 1)
  assert.equal(tally.untold, 30)
})

test('a name is told at its steps, and counted in between', () => {
  const tally = emptyTallyByLevel()
  const told = [1, 2, 3, 4].map(() => tellAtStepsByLevel(tally, 'low', 'a', [1, 3], 20))
  assert.deepEqual(told, [1, 0, 3, 0])
  assert.equal(tally.untold, 0)
})
