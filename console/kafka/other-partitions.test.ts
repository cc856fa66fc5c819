import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { topics } from '@weir/schemas'
import { otherPartitions } from './other-partitions.ts'

const deadLetters = topics.deadLetters.name
const names = ['app-x-repartition', topics.flows.name, deadLetters] as const

/** What is said where `--partitions 4` is asked for and there is this. */
function said(there: Readonly<Record<string, number>>): string | null {
  const wanted = names.map((name) => ({
    name,
    partitions: name === deadLetters ? 1 : 4,
    configs: {},
    internal: false,
  }))
  const found = names.map((name) => {
    const partitions = there[name]
    return partitions === undefined ? null : { name, partitions, copies: 1, configs: new Map() }
  })
  const error = otherPartitions(wanted, found, 4)
  return error === null ? null : `${error.message}. ${error.fix}`
}

describe('topics beside others', () => {
  test('may be made where there are none, and where all have the number asked for', () => {
    assert.equal(said({}), null)
    assert.equal(said({ [topics.flows.name]: 4, [deadLetters]: 1 }), null)
  })

  test('are to have the number of those that there are, by a command that then works', () => {
    const text = said({ [topics.flows.name]: 8, [deadLetters]: 1 })
    assert.match(text ?? '', /'weir\.flows\.v1' is there with 8 partitions, not 4: nothing was created/)
    assert.match(text ?? '', /'weir topics create --partitions 8'/)
  })

  test('that differ among each other are to be looked at by the number of flows', () => {
    const text = said({ [topics.flows.name]: 8, 'app-x-repartition': 4 })
    assert.match(text ?? '', /'weir\.flows\.v1' is there with 8.*'weir topics check --partitions 8'/)
  })

  test('whose number nobody asks for are no reason to ask for another', () => {
    const text = said({ [topics.flows.name]: 4, [deadLetters]: 3 })
    assert.match(text ?? '', /there with 3 partitions, not 1: .*'weir topics check --partitions 4'/)
  })
})
