import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { textCodec } from '../kit/codec.ts'
import { describePlan } from '../plan/describe.ts'
import type { Topic } from '../plan/topic.ts'
import { memoryTransport } from '../transport/embedded/open.ts'
import type { Transport } from '../transport/transport.ts'
import { Runner } from './runner.ts'

const words: Topic<string> = { name: 'words', codec: textCodec }
const told: Topic<string> = { name: 'told', codec: textCodec }
const listener = { revoking: async () => {}, assigned: async () => {} }

class Meanings {
  readonly topic = 'meanings'
  readonly of = new Map<string, string>()

  clear(): void {
    this.of.clear()
  }

  async hear(entries: readonly (readonly [string, Uint8Array | null])[]): Promise<void> {
    // What is awaited here has to be over before the next record is looked at.
    await null
    for (const [key, value] of entries) {
      if (value === null) this.of.delete(key)
      else this.of.set(key, new TextDecoder().decode(value))
    }
  }
}

async function open(meanings: Meanings, transport: Transport) {
  await transport.ensureTopics([
    { name: 'nothing', partitions: 1, encode: null, keep: 'all' },
    { name: 'meanings', partitions: 1, encode: null, keep: 'latest' },
  ])
  let generation = 0
  const editor = await transport.join('editor', [{ topics: ['nothing'], partitions: 1 }], {
    ...listener,
    assigned: async (_owned, own) => {
      generation = own
    },
  })
  const builder = new TopologyBuilder('app')
  builder.globalTable(meanings)
  builder
    .stream(words)
    .mapValues((word) => meanings.of.get(word) ?? 'unknown')
    .to(told)
  const runner = new Runner(builder.build(), transport)
  return {
    runner,
    mean: async (word: string, meaning: string | null) => {
      const entries = new Map([[word, meaning === null ? null : new TextEncoder().encode(meaning)]])
      const changes = [{ store: 'meanings', partition: 0, entries }]
      await editor.commit({ generation, inputs: [], outputs: [], changes })
    },
    say: (word: string) =>
      transport.producer().send(words.name, [{ key: 'k', value: word, timestampMs: 1, streamTimeMs: 1 }]),
    heard: async () => {
      const reader = await transport.join('reader', [{ topics: [told.name], partitions: 1 }], listener)
      return async () =>
        (await reader.fetch(() => 100)).batches.flatMap(({ records }) =>
          Array.from(records, ({ value }) => value),
        )
    },
  }
}

describe('a global table', () => {
  test('is known before the first record, and what changes in it holds from the next record on', async () => {
    const transport = memoryTransport()
    const meanings = new Meanings()
    meanings.of.set('stale', 'of an earlier run')
    const { runner, mean, say, heard } = await open(meanings, transport)
    await mean('fox', 'an animal')
    await runner.start()
    const take = await heard()
    await say('fox')
    await say('stale')
    await runner.poll()
    await mean('fox', 'a television network')
    await say('fox')
    await runner.poll()
    await mean('fox', null)
    await say('fox')
    await runner.runUntilIdle()
    assert.deepEqual(await take(), ['an animal', 'unknown', 'a television network', 'unknown'])
    await runner.stop()
    await transport.close()
  })

  test('is no other input or output of the application, and stands in the text of the plan', () => {
    const builder = new TopologyBuilder('app')
    builder.globalTable(new Meanings())
    builder.stream(words).to(told)
    assert.match(describePlan(builder.build()), /^topic meanings partitions 1 global table$/m)
    assert.throws(
      () => {
        builder.globalTable(new Meanings())
        builder.build()
      },
      { code: 'TOPO_TOPIC_TWICE' },
    )
    const other = new TopologyBuilder('app')
    other.globalTable({ ...new Meanings(), topic: words.name, clear: () => {}, hear: () => {} })
    other.stream(words).to(told)
    assert.throws(() => other.build(), { code: 'TOPO_TOPIC_TWICE' })
  })
})
