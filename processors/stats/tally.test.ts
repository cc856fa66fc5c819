import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tellAtSteps } from './tally.ts'

describe('a tally', () => {
  test('is told at its steps and at nothing between them', () => {
    const tally = new Map<string, number>()
    const told = Array.from({ length: 12 }, () => tellAtSteps(tally, 'a', [1, 3, 10], 5))
    assert.deepEqual(told, [1, 0, 3, 0, 0, 0, 0, 0, 0, 10, 0, 0])
  })

  test('counts each key by itself', () => {
    const tally = new Map<string, number>()
    assert.deepEqual(
      ['a', 'b', 'a', 'b', 'b'].map((key) => tellAtSteps(tally, key, [2], 5)),
      [0, 0, 2, 2, 0],
    )
  })

  test('has no room for keys beyond its limit, and goes on with those it has', () => {
    const tally = new Map<number, number>()
    assert.deepEqual(
      [1, 2, 3, 1].map((key) => tellAtSteps(tally, key, [1, 2], 2)),
      [1, 1, 0, 2],
    )
    assert.equal(tally.size, 2)
  })
})
