import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { hopping, session, tumbling } from '../dsl/windows.ts'
import { numberCodec, textCodec } from '../kit/codec.ts'
import { keyedProcess } from '../operators/keyed-process.ts'
import { process } from '../operators/process.ts'
import { checkCompatible } from './compatible.ts'
import { describePlan } from './describe.ts'
import type { Topic } from './topic.ts'

const flows: Topic<string> = { name: 'flows', codec: textCodec, partitions: 4 }
const names: Topic<string> = { name: 'names', codec: textCodec, partitions: 4 }
const alerts: Topic<string> = { name: 'alerts', codec: textCodec, partitions: 2 }
const stateful = (store: string) =>
  process<string, string>({ stores: [{ name: store, kind: 'key-value' }], create: () => ({ process() {} }) })

function office(): TopologyBuilder {
  const builder = new TopologyBuilder('office')
  const found = builder
    .stream(flows)
    .filter((flow) => flow !== '')
    .joinTable(builder.table(names), (flow, name) => `${flow} ${name}`)
    .groupBy('by-pair', (flow) => flow, { codec: textCodec, partitions: 8 })
    .windowedBy(tumbling(60_000))
    .count('flows-per-pair')
  found.mapValues(({ value }) => String(value)).to(alerts)
  builder.stream(alerts).groupByKey().count('alerts-per-host')
  return builder
}

describe('a plan', () => {
  test('is cut at topics, writers before readers', () => {
    const plan = office().build()
    assert.deepEqual(
      plan.subTopologies.map(({ sources, sinks, partitions }) => [
        sources.map((source) => source.topic.name),
        sinks.map((sink) => sink.topic.name),
        partitions,
      ]),
      [
        [['flows', 'names'], ['office-by-pair-repartition'], 4],
        [['office-by-pair-repartition'], ['alerts'], 8],
        [['alerts'], [], 2],
      ],
    )
  })

  test('reads the same as text each time', () => {
    const expected = `application office
topic alerts partitions 2
topic flows partitions 4
topic names partitions 4
topic office-by-pair-repartition partitions 8 internal
topic office-dead-letters partitions 1 dead letters

sub-topology 0 tasks 4
  stream flows
  table names
  step filter-1 from flows
  step names table from names
  step table-join-1 from filter-1
  step repartition-1 from table-join-1
  to office-by-pair-repartition from repartition-1
  store names of names in office-names-changelog partitions 4 holds a table

sub-topology 1 tasks 8
  stream office-by-pair-repartition
  step flows-per-pair window-aggregate from office-by-pair-repartition
  step map-values-1 from flows-per-pair
  to alerts from map-values-1
  store flows-per-pair of flows-per-pair in office-flows-per-pair-changelog partitions 8 holds windows of 60000 ms with 0 ms of grace

sub-topology 2 tasks 2
  stream alerts
  step alerts-per-host aggregate from alerts
  store alerts-per-host of alerts-per-host in office-alerts-per-host-changelog partitions 2 holds one state a key
`
    assert.equal(describePlan(office().build()), expected)
    assert.equal(describePlan(office().build()), expected)
  })

  test('gives topics that do not say the default number of partitions', () => {
    const builder = new TopologyBuilder('a')
    builder
      .stream({ name: 'in', codec: textCodec })
      .groupBy('g', (value) => value)
      .count('c')
    assert.deepEqual(
      builder.build({ partitions: 6 }).topics.map(({ partitions }) => partitions),
      [6, 6],
    )
  })
})

describe('a plan is refused', () => {
  const refuses = (code: string, author: (builder: TopologyBuilder) => void) => {
    const builder = new TopologyBuilder('a')
    assert.throws(
      () => {
        author(builder)
        builder.build()
      },
      { code },
    )
  }

  test('when a stateful step has no name', () =>
    refuses('TOPO_UNNAMED_STEP', (builder) => builder.stream(flows).process('', stateful('s'))))

  test('when a name cannot be part of a topic', () =>
    refuses('TOPO_BAD_NAME', (builder) => builder.stream(flows).process('by pair', stateful('s'))))

  test('when two steps or two stores share a name', () => {
    refuses('TOPO_NAME_TAKEN', (builder) => {
      builder.stream(flows).process('same', stateful('s'))
      builder.stream(flows).process('same', stateful('t'))
    })
    refuses('TOPO_NAME_TAKEN', (builder) => {
      builder.stream(flows).process('one', stateful('s'))
      builder.stream(flows).process('two', stateful('s'))
    })
  })

  test('when state follows a changed key with no topic between', () =>
    refuses('TOPO_KEY_CHANGED', (builder) => {
      const rekeying = process<string, string>({ changesKey: true, create: () => ({ process() {} }) })
      builder.stream(flows).process('rekey', rekeying).groupByKey().count('c')
    }))

  test('when values of unknown form would cross an internal topic', () =>
    refuses('TOPO_NO_CODEC', (builder) =>
      builder
        .stream(flows)
        .mapValues((flow) => flow.length)
        .groupBy('g', String),
    ))

  test('when topics that must meet have different partition counts', () =>
    refuses('TOPO_NOT_CO_PARTITIONED', (builder) =>
      builder.stream(alerts).joinTable(builder.table(names), (alert, name) => alert + name),
    ))

  test('when a topic is declared in two ways', () => {
    refuses('TOPO_TOPIC_TWICE', (builder) => {
      builder.stream(flows).to(alerts)
      builder.stream({ ...alerts, partitions: 3 })
    })
    refuses('TOPO_TOPIC_TWICE', (builder) => {
      builder.stream(flows)
      builder.table(flows)
    })
  })

  test('when it feeds itself', () =>
    refuses('TOPO_CYCLE', (builder) => {
      builder.stream(flows).to(alerts)
      builder.stream(alerts).to(flows)
    }))

  test('but not when topics of different counts only merge on their way to one', () => {
    const builder = new TopologyBuilder('a')
    builder
      .stream(flows)
      .merge(builder.stream(alerts))
      .groupBy('g', (value) => value)
      .count('c')
    assert.equal(builder.build().subTopologies[0]?.partitions, 4)
  })
})

describe('stored state', () => {
  const text = (builder: TopologyBuilder) => describePlan(builder.build())
  const other = (author: (builder: TopologyBuilder) => void) => {
    const builder = new TopologyBuilder('office')
    author(builder)
    return builder.build()
  }

  test('fits the plan that wrote it, and one that adds to it', () => {
    const more = office()
    more
      .stream({ ...flows, name: 'more' })
      .groupByKey()
      .count('more-counts')
    checkCompatible(text(office()), office().build())
    checkCompatible(text(office()), more.build())
    checkCompatible(null, office().build())
    assert.ok(text(more).length > text(office()).length)
  })

  test('does not fit a plan with a store renamed or gone', () => {
    const before = other((builder) => builder.stream(flows).process('p', stateful('old')))
    const after = other((builder) => builder.stream(flows).process('p', stateful('new')))
    assert.throws(() => checkCompatible(describePlan(before), after), {
      code: 'TOPO_ORPHANED_STATE',
      message: /store old/,
    })
  })

  test('says of many problems the first and how many there are', () => {
    const of = (...names: readonly string[]) =>
      other((builder) => {
        for (const name of names)
          builder.stream({ ...flows, name: `in-${name}` }).process(name, stateful(name))
      })
    const names = Array.from({ length: 40 }, (_, at) => `a-step-with-a-name-${at}`)
    assert.throws(
      () => checkCompatible(describePlan(of('kept', ...names)), of('kept')),
      (error: Error) => {
        assert.match(error.message, /: store a-step-with-a-name-0 .*; and \d+ more$/)
        assert.ok(error.message.length < 400, error.message)
        return true
      },
    )
  })

  test('does not fit a plan with another number of partitions', () => {
    const of = (partitions: number) =>
      other((builder) =>
        builder
          .stream({ ...flows, partitions })
          .groupByKey()
          .count('c'),
      )
    assert.throws(() => checkCompatible(describePlan(of(4)), of(5)), { code: 'TOPO_ORPHANED_STATE' })
  })

  test('does not fit a plan that would take stored bytes for something else', () => {
    const windowed = (windows: ReturnType<typeof tumbling> | ReturnType<typeof session>) =>
      other((builder) => builder.stream(flows).groupByKey().windowedBy(windows).count('c'))
    const keyed = (windowMs: number, graceMs: number) =>
      other((builder) =>
        builder.stream(flows).process(
          'p',
          keyedProcess<string, string>('p', {
            options: { windowMs, graceMs, silenceMs: 0, keyTtlMs: 0, maxLiveKeys: 1 },
            states: [],
            create: () => ({ onRecord() {}, onTimer() {}, onWindowClose() {} }),
          }),
        ),
      )
    const joined = (withinMs: number, graceMs: number) =>
      other((builder) => {
        const [left, right] = [builder.stream(flows), builder.stream(names)]
        left.join('j', right, { withinMs, graceMs, join: (one) => one })
      })
    const table = other((builder) => void builder.table(flows))
    const aggregated = other((builder) => builder.stream(names).groupByKey().count('flows'))
    const changes = [
      [windowed(tumbling(10)), windowed(tumbling(20))],
      [windowed(hopping(20, 10)), windowed(hopping(20, 5))],
      [windowed(tumbling(10)), windowed(tumbling(10, { graceMs: 1 }))],
      [windowed(tumbling(10)), windowed(session(10))],
      [windowed(session(10)), windowed(session(20))],
      [windowed(session(10)), windowed(session(10, { graceMs: 1 }))],
      [keyed(10, 0), keyed(20, 0)],
      [keyed(10, 0), keyed(10, 1)],
      [joined(10, 0), joined(20, 0)],
      [joined(10, 0), joined(10, 1)],
      [table, aggregated],
    ] as const
    for (const [before, after] of changes) {
      assert.doesNotThrow(() => checkCompatible(describePlan(before), before))
      for (const [stored, now] of [
        [before, after],
        [after, before],
      ] as const) {
        assert.throws(() => checkCompatible(describePlan(stored), now), {
          code: 'TOPO_ORPHANED_STATE',
          message: /store \S+ holds .+ and not .+/,
          fix: /the windows, .* or under another application name \(--application-id\)/,
        })
      }
    }
  })

  test('is not touched by what only passes through', () => {
    const before = other((builder) =>
      builder
        .stream(flows)
        .filter(() => true)
        .to(alerts),
    )
    const after = other((builder) => builder.stream(flows).to(names))
    assert.doesNotThrow(() => checkCompatible(describePlan(before), after))
  })
})

test('windows of no length, fraction or backward hop are refused', () => {
  assert.throws(() => tumbling(0), RangeError)
  assert.throws(() => tumbling(1.5), RangeError)
  assert.throws(() => hopping(10, 11), RangeError)
  assert.throws(() => tumbling(10, { graceMs: -1 }), RangeError)
  assert.throws(() => session(0), RangeError)
})

test('sessions without a way to combine are refused', () => {
  const grouped = new TopologyBuilder('a').stream(flows).groupByKey()
  const aggregation = { init: () => 0, add: (count: number) => count + 1, codec: numberCodec }
  assert.throws(() => grouped.windowedBy(session(10)).aggregate('s', aggregation), TypeError)
})
