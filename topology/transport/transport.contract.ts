import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../kit/clock.ts'
import type { Assignment, LogRecord, Member, Subscription, Transport } from './transport.ts'

export type OpenTransport = {
  readonly transport: Transport
  /** Whether a commit happens whole or not at all; else outputs of one that was refused may be seen. */
  readonly isAtomic: boolean
  /** Whether topics take memory of this process, so that writers must wait for readers. */
  readonly sharesMemory: boolean
  /** Ends every other member's place, as a broker does with one that has gone silent. */
  expelOthers(group: string, keep: Member): Promise<void>
  /** The same medium as a new process finds it, nothing having been closed in good order; `null` where nothing stays. */
  restart: (() => Promise<OpenTransport>) | null
  close(): Promise<void>
}

const utf8 = new TextEncoder()
const record = (key: string, value: string | null, timeMs = 0): LogRecord => ({
  key,
  value: value === null ? null : utf8.encode(value),
  timestampMs: timeMs,
  streamTimeMs: timeMs,
})

/** A member that takes whatever it is given, and the generation it was given it for. */
class Reader {
  member!: Member
  owned: readonly Assignment[] = []
  generation = -1
  readonly lost: Assignment[] = []
  readonly revoked: Assignment[] = []
  beforeRevoke: () => Promise<void> = async () => {}

  static async join(
    transport: Transport,
    group: string,
    subscriptions: readonly Subscription[],
    opening: Promise<void> = Promise.resolve(),
  ): Promise<Reader> {
    const reader = new Reader()
    reader.member = await transport.join(group, subscriptions, {
      revoking: async (lost) => {
        reader.revoked.push(...lost)
        await reader.beforeRevoke()
      },
      assigned: async (owned, generation) => {
        await opening
        const has = ({ subscription, partition }: Assignment) =>
          owned.some((each) => each.subscription === subscription && each.partition === partition)
        reader.lost.push(...reader.owned.filter((each) => !has(each)))
        reader.owned = owned
        reader.generation = generation
      },
    })
    return reader
  }

  /** Members of a group hear of its changes one after another. */
  async until(holds: (reader: this) => boolean): Promise<void> {
    while (!holds(this)) await systemClock.sleep(5)
  }

  /** All there is, with where each record was. */
  async drain(): Promise<{ partition: number; offset: number; record: LogRecord }[]> {
    const found: { partition: number; offset: number; record: LogRecord }[] = []
    for (;;) {
      const { batches, pending } = await this.member.fetch(() => 100)
      if (batches.length === 0 && !pending) return found
      for (const batch of batches) {
        for (const [at, record] of [...batch.records].entries()) {
          const offset = batch.offsets?.[at] ?? batch.firstOffset + at
          found.push({ partition: batch.partition, offset, record })
        }
      }
    }
  }

  commit(unit: Partial<Parameters<Member['commit']>[0]>): Promise<void> {
    const nothing = { generation: this.generation, inputs: [], outputs: [], changes: [] }
    return this.member.commit({ ...nothing, ...unit })
  }
}

const keysOf = (found: readonly { record: LogRecord }[]) => found.map((each) => each.record.key)

/** What every transport promises the runtime. */
export function transportContract(name: string, open: () => Promise<OpenTransport>): void {
  const with_ = async (body: (opened: OpenTransport) => Promise<void>) => {
    const opened = await open()
    try {
      await opened.transport.ensureTopics([
        { name: 'in', partitions: 4, encode: null, keep: 'all' },
        { name: 'out', partitions: 4, encode: null, keep: 'all' },
        { name: 'single', partitions: 1, encode: null, keep: 'consumed' },
        { name: 's', partitions: 2, encode: null, keep: 'latest' },
      ])
      await body(opened)
    } finally {
      await opened.close()
    }
  }
  const read = (topic: string, partitions: number): Subscription[] => [{ topics: [topic], partitions }]

  describe(`${name} transport`, () => {
    test('records come back with key, value, times and headers, a deletion not being an empty value', () =>
      with_(async ({ transport }) => {
        const reader = await Reader.join(transport, 'g', read('single', 1))
        const headers = [
          ['a', new Uint8Array([0, 255, 0])],
          ['a', new Uint8Array()],
        ] as const
        await transport
          .producer()
          .send('single', [
            { ...record('ключ', 'ü', 1_700_000_000_000.125), streamTimeMs: -5.5, headers },
            record('k', ''),
            record('k', null),
          ])
        const found = (await reader.drain()).map((each) => each.record)
        // When it was produced is known where there is a broker to say so.
        const { producedMs: _, ...first } = found[0] ?? record('', null)
        assert.deepEqual(first, {
          key: 'ключ',
          value: utf8.encode('ü'),
          timestampMs: 1_700_000_000_000.125,
          streamTimeMs: -5.5,
          headers,
        })
        assert.deepEqual(
          found.slice(1).map((each) => each.value),
          [new Uint8Array(), null],
        )
      }))

    test('keys lie where the Java client puts them, in the order sent', () =>
      with_(async ({ transport }) => {
        const reader = await Reader.join(transport, 'g', read('in', 4))
        const keys = ['21', 'foobar', 'a-little-bit-long-string', '21', 'foobar', '21']
        await transport.producer().send(
          'in',
          keys.map((key, at) => record(key, String(at))),
        )
        // murmur2 & 0x7fffffff, modulo 4: from the hashes in murmur2.test.ts.
        const expected = new Map([
          ['21', (-973932308 & 0x7fffffff) % 4],
          ['foobar', (-790332482 & 0x7fffffff) % 4],
          ['a-little-bit-long-string', (-985981536 & 0x7fffffff) % 4],
        ])
        const found = await reader.drain()
        assert.equal(found.length, keys.length)
        for (const each of found) assert.equal(each.partition, expected.get(each.record.key))
        const of21 = found.filter((each) => each.record.key === '21').map((each) => each.record.value)
        assert.deepEqual(
          of21,
          ['0', '3', '5'].map((text) => utf8.encode(text)),
        )
      }))

    test('what a commit sends is seen after it and not before', () =>
      with_(async ({ transport }) => {
        const worker = await Reader.join(transport, 'w', read('in', 4))
        const watcher = await Reader.join(transport, 'r', read('out', 4))
        await transport.producer().send('in', [record('a', '1')])
        const [found] = await worker.drain()
        assert.deepEqual(await watcher.drain(), [])
        await worker.commit({
          inputs: [{ topic: 'in', partition: found?.partition ?? 0, offset: 1 }],
          outputs: [{ topic: 'out', records: [record('x', '1'), record('y', '2')] }],
        })
        assert.deepEqual(keysOf(await watcher.drain()).sort(), ['x', 'y'])
        assert.equal(await transport.committed('w', 'in', found?.partition ?? 0), 1)
      }))

    test('one commit spans many partitions and topics', () =>
      with_(async ({ transport }) => {
        const worker = await Reader.join(transport, 'w', [
          { topics: ['in'], partitions: 4 },
          { topics: ['single'], partitions: 1 },
        ])
        const watcher = await Reader.join(transport, 'r', read('out', 4))
        const many = Array.from({ length: 40 }, (_, at) => record(`k${at}`, String(at)))
        await transport.producer().send('in', many)
        const found = await worker.drain()
        const ends = [0, 1, 2, 3].map(
          (partition) => found.filter((each) => each.partition === partition).length,
        )
        assert.ok(ends.every((end) => end > 0))
        await worker.commit({
          inputs: ends.map((offset, partition) => ({ topic: 'in', partition, offset })),
          outputs: [
            { topic: 'out', records: many },
            { topic: 'single', records: many.slice(0, 3) },
          ],
        })
        assert.equal((await watcher.drain()).length, 40)
        assert.deepEqual(keysOf(await worker.drain()), ['k0', 'k1', 'k2'])
        for (const [partition, end] of ends.entries()) {
          assert.equal(await transport.committed('w', 'in', partition), end)
        }
      }))

    test('a second member takes over what the first gives up, after its last commit', () =>
      with_(async ({ transport }) => {
        const first = await Reader.join(transport, 'g', read('in', 4))
        const many = Array.from({ length: 40 }, (_, at) => record(`k${at}`, ''))
        await transport.producer().send('in', many)
        const found = await first.drain()
        const counts = [0, 1, 2, 3].map(
          (partition) => found.filter((each) => each.partition === partition).length,
        )
        first.beforeRevoke = () =>
          first.commit({
            inputs: counts.map((offset, partition) => ({
              topic: 'in',
              partition,
              offset: Math.min(offset, 1),
            })),
          })
        const second = await Reader.join(transport, 'g', read('in', 4))
        await second.until(({ owned }) => owned.length === 2)
        assert.equal(first.owned.length, 2)
        assert.deepEqual(first.lost, second.owned)
        assert.deepEqual(first.revoked, second.owned, 'and it was told of these and no others')
        const expected = second.owned.reduce((sum, { partition }) => sum + (counts[partition] ?? 0) - 1, 0)
        assert.equal((await second.drain()).length, expected)
        assert.deepEqual(await first.drain(), [], 'what it keeps it goes on reading where it was')
      }))

    test('the offset and the note of a commit are there for whoever has the partition next, and those of a refused one are not', () =>
      with_(async ({ transport, expelOthers }) => {
        const first = await Reader.join(transport, 'g', read('single', 1))
        assert.equal(first.member.noteOf('single', 0) ?? '', '')
        assert.equal(first.member.committedOf('single', 0), 0)
        await transport.producer().send('single', [record('a', ''), record('b', '')])
        await first.drain()
        const commit = (offset: number, note?: string) =>
          first.commit({
            inputs: [{ topic: 'single', partition: 0, offset, ...(note === undefined ? {} : { note }) }],
          })
        await commit(1, '{"a":1}')
        assert.equal(first.member.noteOf('single', 0), '{"a":1}')
        assert.equal(first.member.committedOf('single', 0), 1)
        const second = await Reader.join(transport, 'g', read('single', 1))
        await expelOthers('g', second.member)
        await assert.rejects(commit(2, '{"a":2}'))
        await second.until(({ owned }) => owned.length === 1)
        assert.equal(second.member.noteOf('single', 0), '{"a":1}')
        assert.equal(second.member.committedOf('single', 0), 1)
      }))

    test('a commit for a generation that has gone is refused whole', () =>
      with_(async ({ transport, isAtomic, expelOthers }) => {
        const zombie = await Reader.join(transport, 'g', read('in', 4))
        const watcher = await Reader.join(transport, 'r', read('out', 4))
        await transport.producer().send('in', [record('a', '1')])
        const [found] = await zombie.drain()
        const { generation } = zombie
        const owner = await Reader.join(transport, 'g', read('in', 4))
        await expelOthers('g', owner.member)
        const unit = {
          inputs: [{ topic: 'in', partition: found?.partition ?? 0, offset: 1 }],
          outputs: [{ topic: 'out', records: [record('x', '')] }],
        }
        await assert.rejects(zombie.commit({ ...unit, generation }), { code: 'TOPO_STALE_MEMBER' })
        // Having heard of the new generation makes its work no fresher: it is not a member any more.
        await assert.rejects(zombie.commit({ ...unit, generation: owner.generation }), {
          code: 'TOPO_STALE_MEMBER',
        })
        if (isAtomic) assert.deepEqual(await watcher.drain(), [])
        assert.equal(await transport.committed('g', 'in', found?.partition ?? 0), 0)
        await owner.until(({ owned }) => owned.length === 4)
        assert.deepEqual(keysOf(await owner.drain()), ['a'])
        await assert.rejects(
          zombie.member.fetch(() => 1),
          { code: 'TOPO_STALE_MEMBER' },
        )
      }))

    test('a unit that has read nothing is taken from the owner and refused of whoever was', () =>
      with_(async ({ transport, isAtomic, expelOthers }) => {
        const stateful = [{ topics: ['single'], partitions: 1, stores: ['s'] }]
        const zombie = await Reader.join(transport, 'g', stateful)
        const watcher = await Reader.join(transport, 'r', read('out', 4))
        const unit = (key: string) => ({
          outputs: [{ topic: 'out', records: [record(key, '')] }],
          changes: [{ store: 's', partition: 0, entries: new Map([[key, utf8.encode(key)]]) }],
        })
        const owner = await Reader.join(transport, 'g', stateful)
        await expelOthers('g', owner.member)
        await assert.rejects(zombie.commit(unit('zombie')), { code: 'TOPO_STALE_MEMBER' })
        await owner.until(({ owned }) => owned.length === 1)
        await owner.commit(unit('owner'))
        const seen = keysOf(await watcher.drain())
        assert.ok(seen.includes('owner'))
        if (isAtomic) assert.deepEqual(seen, ['owner'])
      }))

    test('a member that owns nothing commits nothing', () =>
      with_(async ({ transport, isAtomic }) => {
        const owner = await Reader.join(transport, 'g', read('single', 1))
        const watcher = await Reader.join(transport, 'r', read('out', 4))
        const other = await Reader.join(transport, 'g', read('single', 1))
        assert.deepEqual([owner.owned.length, other.owned.length], [1, 0])
        const outputs = [{ topic: 'out', records: [record('x', '')] }]
        await assert.rejects(other.commit({ outputs }), { code: 'TOPO_STALE_MEMBER' })
        if (isAtomic) assert.deepEqual(await watcher.drain(), [])
      }))

    test('a task that stays is processed and committed while another member joins and takes its time', () =>
      with_(async ({ transport }) => {
        const first = await Reader.join(transport, 'g', read('in', 4))
        const watcher = await Reader.join(transport, 'r', read('out', 4))
        const opening = Promise.withResolvers<void>()
        const joining = Reader.join(transport, 'g', read('in', 4), opening.promise)
        const keys = Array.from({ length: 40 }, (_, at) => `k${at}`)
        const taken: string[] = []
        const ends = new Map<number, number>()
        try {
          await first.until(({ owned }) => owned.length === 2)
          for (let round = 1; round <= 3; round += 1) {
            await transport.producer().send(
              'in',
              keys.map((key) => record(`${key}-${round}`, '')),
            )
            const found = await first.drain()
            for (const { partition, offset } of found) ends.set(partition, offset + 1)
            const inputs = [...ends].map(([partition, offset]) => ({ topic: 'in', partition, offset }))
            const outputs = [{ topic: 'out', records: found.map((each) => each.record) }]
            await first.commit({ inputs, outputs })
            assert.ok(found.length > 0)
            assert.deepEqual(keysOf(await watcher.drain()).sort(), keysOf(found).sort())
            taken.push(...keysOf(found))
          }
          assert.deepEqual([...ends.keys()].sort(), first.owned.map(({ partition }) => partition).sort())
        } finally {
          opening.resolve()
        }
        const second = await joining
        await second.until(({ owned }) => owned.length === 2)
        taken.push(...keysOf(await second.drain()))
        assert.deepEqual(
          taken.sort(),
          [1, 2, 3].flatMap((round) => keys.map((key) => `${key}-${round}`)).sort(),
        )
      }))

    test('what was fetched before a partition was given up cannot be committed, though it has come back', () =>
      with_(async ({ transport }) => {
        const first = await Reader.join(transport, 'g', read('in', 4))
        const many = Array.from({ length: 40 }, (_, at) => record(`k${at}`, ''))
        await transport.producer().send('in', many)
        await first.drain()
        const { generation } = first
        const second = await Reader.join(transport, 'g', read('in', 4))
        await second.until(({ owned }) => owned.length === 2)
        const inputs = first.lost.map(({ partition }) => ({ topic: 'in', partition, offset: 1 }))
        await assert.rejects(first.commit({ generation, inputs }), { code: 'TOPO_STALE_MEMBER' })
        await second.member.leave()
        await first.until(({ owned }) => owned.length === 4)
        await assert.rejects(first.commit({ generation, inputs }), { code: 'TOPO_STALE_MEMBER' })
        for (const { partition } of inputs) assert.equal(await transport.committed('g', 'in', partition), 0)
        const isLost = ({ partition }: Assignment) => inputs.some((each) => each.partition === partition)
        const kept = first.owned.filter((each) => !isLost(each))
        assert.equal(kept.length, 2)
        // What never left its place may be, with the generation that it was fetched under.
        await first.commit({
          generation,
          inputs: kept.map(({ partition }) => ({ topic: 'in', partition, offset: 1 })),
        })
        await first.commit({ inputs })
        const again = new Set((await first.drain()).map(({ partition }) => partition))
        assert.deepEqual([...again].sort(), inputs.map(({ partition }) => partition).sort())
      }))

    test('a partition that is not owned cannot be committed', () =>
      with_(async ({ transport }) => {
        const first = await Reader.join(transport, 'g', read('in', 4))
        const second = await Reader.join(transport, 'g', read('in', 4))
        await second.until(({ owned }) => owned.length === 2)
        const [foreign] = second.owned
        const inputs = [{ topic: 'in', partition: foreign?.partition ?? 0, offset: 1 }]
        await assert.rejects(first.commit({ inputs }), { code: 'TOPO_NOT_OWNED' })
      }))

    test('a member that leaves hands everything to those who stay', () =>
      with_(async ({ transport }) => {
        const first = await Reader.join(transport, 'g', read('in', 4))
        const second = await Reader.join(transport, 'g', read('in', 4))
        await second.member.leave()
        await first.until(({ owned }) => owned.length === 4)
        assert.equal(first.owned.length, 4)
      }))

    test('members that do not subscribe to the same are refused', () =>
      with_(async ({ transport }) => {
        await Reader.join(transport, 'g', read('in', 4))
        await assert.rejects(Reader.join(transport, 'g', read('out', 4)), { code: 'TOPO_GROUP_DIFFERS' })
      }))

    test('members that would read the same state otherwise are refused', () =>
      with_(async ({ transport }) => {
        const holding = (windows: string) =>
          read('in', 4).map((each) => ({ ...each, stores: ['s'], holding: [windows] }))
        await Reader.join(transport, 'g', holding('windows of an hour'))
        await assert.rejects(Reader.join(transport, 'g', holding('windows of a minute')), {
          code: 'TOPO_GROUP_DIFFERS',
        })
        await Reader.join(transport, 'g', holding('windows of an hour'))
      }))

    test('a fetch says whether more is waiting, and gives nothing without room', () =>
      with_(async ({ transport }) => {
        const reader = await Reader.join(transport, 'g', read('single', 1))
        const producer = transport.producer()
        for (const key of ['a', 'b']) await producer.send('single', [record(key, '')])
        assert.deepEqual((await reader.member.fetch(() => 0)).batches, [])
        const first = await reader.member.fetch(() => 1)
        assert.deepEqual(
          first.batches.map((batch) => [batch.records.length, batch.more]),
          [[1, true]],
        )
        const second = await reader.member.fetch(() => 1)
        assert.deepEqual(
          second.batches.map((batch) => [batch.firstOffset, batch.nextOffset, batch.more]),
          [[1, 2, false]],
        )
      }))

    test('a send waits for readers that are too far behind', (context) =>
      with_(async ({ transport, sharesMemory }) => {
        if (!sharesMemory) return context.skip('the topics are not in this process')
        const reader = await Reader.join(transport, 'g', read('single', 1))
        const producer = transport.producer()
        await producer.send(
          'single',
          Array.from({ length: 1_000 }, () => record('k', '')),
        )
        let sent = false
        const sending = producer.send('single', [record('last', '')]).then(() => {
          sent = true
        })
        await new Promise((resolve) => setImmediate(resolve))
        assert.equal(sent, false)
        await reader.member.fetch(() => 1_000)
        await sending
        assert.deepEqual(keysOf(await reader.drain()), ['last'])
      }))

    test('what is sent to all comes in every partition, behind what was sent before', () =>
      with_(async ({ transport }) => {
        const reader = await Reader.join(transport, 'g', read('in', 4))
        const producer = transport.producer()
        const many = Array.from({ length: 40 }, (_, at) => record(`k${at}`, ''))
        await producer.send('in', many)
        const headers = [['mark', utf8.encode('end')]] as const
        await producer.sendToAll('in', { ...record('all', null), headers })
        const found = await reader.drain()
        assert.equal(found.length, many.length + 4)
        for (const partition of [0, 1, 2, 3]) {
          const last = found.filter((each) => each.partition === partition).at(-1)
          assert.equal(last?.record.key, 'all')
          assert.deepEqual(last.record.headers, headers)
        }
      }))

    test('a follower hears what a store holds, then what is committed to it by whomever', () =>
      with_(async ({ transport }) => {
        const worker = await Reader.join(transport, 'w', read('in', 4))
        const change = (key: string, value: string | null) => ({
          changes: [
            {
              store: 's',
              partition: 1,
              entries: new Map([[key, value === null ? null : utf8.encode(value)]]),
            },
          ],
        })
        await worker.commit(change('a', '1'))
        await worker.commit(change('b', '2'))
        const follower = await transport.follow('s', 1)
        const before = new Map(follower.take().map(([key, value]) => [key, value && new Uint8Array(value)]))
        assert.deepEqual(
          before,
          new Map([
            ['a', utf8.encode('1')],
            ['b', utf8.encode('2')],
          ]),
        )
        assert.deepEqual(follower.take(), [])
        const heard = follower.news(new AbortController().signal)
        await worker.commit(change('a', '3'))
        await worker.commit({ changes: [{ store: 's', partition: 0, entries: new Map([['x', null]]) }] })
        await worker.commit(change('b', null))
        await heard
        await follower.caughtUp()
        assert.deepEqual(
          follower.take().map(([key, value]) => [key, value && new Uint8Array(value)]),
          [
            ['a', utf8.encode('3')],
            ['b', null],
          ],
        )
        const stop = new AbortController()
        const quiet = follower.news(stop.signal)
        stop.abort()
        await quiet
        await follower.close()
      }))

    test('a reader that waits hears of new records', () =>
      with_(async ({ transport }) => {
        const reader = await Reader.join(transport, 'g', read('single', 1))
        const never = new AbortController()
        const waiting = reader.member.waitForRecords(never.signal)
        await transport.producer().send('single', [record('k', '')])
        await waiting
        assert.equal((await reader.drain()).length, 1)
        const stopped = reader.member.waitForRecords(never.signal)
        never.abort()
        await stopped
      }))

    test('a topic keeps its number of partitions', () =>
      with_(async ({ transport }) => {
        const wanted = { name: 'in', partitions: 5, encode: null, keep: 'all' } as const
        await assert.rejects(transport.ensureTopics([wanted]), { code: 'TOPO_PARTITIONS_DIFFER' })
        assert.equal(transport.partitionsOf('in'), 4)
        await assert.rejects(transport.producer().send('none', []), { code: 'TOPO_UNKNOWN_TOPIC' })
      }))

    test('after a restart offsets, outputs and stores are those of the last commit', () =>
      with_(async ({ transport, restart }) => {
        const worker = await Reader.join(transport, 'w', read('single', 1))
        const sent = ['a', 'b', 'c'].map((key) => record(key, key))
        await transport.producer().send('single', sent)
        await worker.drain()
        await worker.commit({
          inputs: [{ topic: 'single', partition: 0, offset: 2, note: 'up to b' }],
          outputs: [{ topic: 'out', records: [record('x', '1')] }],
          changes: [
            {
              store: 's',
              partition: 0,
              entries: new Map([
                ['k', utf8.encode('v')],
                ['gone', null],
              ]),
            },
            { store: 's', partition: 1, entries: new Map([['other', utf8.encode('w')]]) },
          ],
        })
        await transport.writePlan('app', 'the plan')
        assert.equal(transport.durable, restart !== null)
        if (restart === null) {
          assert.equal(await transport.readPlan('app'), null)
          return
        }
        const again = await restart()
        try {
          await again.transport.ensureTopics([
            { name: 'single', partitions: 1, encode: null, keep: 'consumed' },
            { name: 'out', partitions: 4, encode: null, keep: 'all' },
          ])
          const resumed = await Reader.join(again.transport, 'w', read('single', 1))
          assert.equal(resumed.member.noteOf('single', 0), 'up to b')
          assert.equal(resumed.member.committedOf('single', 0), 2)
          const watcher = await Reader.join(again.transport, 'late', read('out', 4))
          assert.deepEqual(
            (await resumed.drain()).map((each) => [each.offset, each.record.key]),
            [[2, 'c']],
          )
          assert.deepEqual(keysOf(await watcher.drain()), ['x'])
          await again.transport.producer().send('single', [record('d', '')])
          assert.deepEqual(
            (await resumed.drain()).map((each) => [each.offset, each.record.key]),
            [[3, 'd']],
          )
          const entries = new Map<string, Uint8Array>()
          for await (const portion of again.transport.changelog('s', 0)) {
            for (const [key, value] of portion) {
              if (value === null) entries.delete(key)
              else entries.set(key, new Uint8Array(value))
            }
          }
          assert.deepEqual([...entries], [['k', utf8.encode('v')]])
          assert.equal(await again.transport.readPlan('app'), 'the plan')
        } finally {
          await again.close()
        }
      }))
  })
}
