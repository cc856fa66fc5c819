import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { topics } from '@weir/schemas'
import type { RunnerTotals, RunnerView } from '@weir/topology'
import { allSetAside, endSentence } from './end-sentence.ts'

const flows = topics.flows.name
type Input = RunnerView['tasks'][number]['inputs'][number]

const totals: RunnerTotals = {
  records: 15,
  byTopic: new Map([[flows, 12]]),
  setAside: new Map(),
  commits: 4,
  deadLetters: 2,
  steps: [],
}

function input(of: Partial<Input>): Input {
  return {
    topic: flows,
    partition: 0,
    read: 0,
    processed: 0,
    deadLettered: 0,
    deletions: 0,
    marks: 0,
    inMemory: 0,
    position: 10,
    end: 10,
    skipped: 0,
    awaits: [],
    streamTimeMs: null,
    ...of,
  }
}

function view(inputs: readonly Input[], restoringInputs: RunnerView['restoringInputs'] = []) {
  const tasks = inputs.map((each) => ({
    task: `0/${each.partition}`,
    subTopology: 0,
    partition: each.partition,
    inputs: [each],
    stores: [],
  }))
  return { tasks, restoringInputs }
}

const left = (...of: Parameters<typeof view>) =>
  endSentence(totals, view(...of))
    .split('\n')
    .slice(1, -1)

describe('the last lines of processors', () => {
  test('tell flows from what tasks hand on', () => {
    const [first] = endSentence(totals, view([input({})])).split('\n')
    assert.equal(first, '12 flows, 3 records between tasks, 4 commits, 2 dead letters')
  })

  test('say that nothing is left only where partitions were read to their ends', () => {
    assert.deepEqual(left([input({})]), ['nothing is left unread'])
    assert.deepEqual(left([]), ['this process had no partitions at the end: others know what is left'])
  })

  test('sum by topic what is left, that of restoring tasks among it, and what of it was held back', () => {
    const inputs = [
      input({ end: 14 }),
      input({ partition: 1, end: 11, inMemory: 1 }),
      input({ topic: 'b', partition: 2, position: null, end: null, inMemory: 2 }),
      input({ topic: 'a', partition: 3, position: 5, end: 3 }),
    ]
    const restoring = [{ topic: flows, partition: 4, position: 0, end: 100 }]
    assert.deepEqual(left(inputs, restoring), [
      `left unprocessed, for the next start: b 2 in 1 partition, 2 of them fetched and held back; ${flows} 105 in 3 partitions, 1 of them fetched and held back`,
    ])
  })

  test('name whose input has not ended', () => {
    assert.deepEqual(left([input({ awaits: ['b', 'a'] }), input({ awaits: ['a', 'c', 'd'] })]), [
      'nothing is left unread',
      'windows are held open for input that has begun and not ended: a, b, c and 1 more',
    ])
  })
})

describe('flows that were all set aside', () => {
  const setAside = new Map([[flows, { records: 3, because: 'no \u001b registry' }]])

  test('are an error that says why', () => {
    const error = allSetAside({ byTopic: new Map([['weir.evidence.v1', 5]]), setAside })
    assert.equal(error?.code, 'CONSOLE_ALL_SET_ASIDE')
    assert.match(error?.message ?? '', /^not one of the 3 flows .*: no \S* ?registry$/)
  })

  test('are none where one was not, or where there were none', () => {
    assert.equal(allSetAside({ byTopic: new Map([[flows, 1]]), setAside }), null)
    assert.equal(allSetAside({ byTopic: new Map(), setAside: new Map() }), null)
    assert.equal(
      allSetAside({ byTopic: new Map(), setAside: new Map([['x', { records: 1, because: '' }]]) }),
      null,
    )
  })
})
