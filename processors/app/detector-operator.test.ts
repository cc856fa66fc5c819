import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Evidence, FlowRecord } from '@weir/schemas'
import { hours, minutes, topologyError } from '@weir/topology'
import { OperatorUnderTest } from '@weir/topology/testing'
import { dataUpload } from '../detectors/data-upload.ts'
import { type Detector, defineDetector } from '../detectors/detector.ts'
import { dhcpScan } from '../detectors/dhcp-scan.ts'
import { listedDestination } from '../detectors/listed-destination.ts'
import { longConnection } from '../detectors/long-connection.ts'
import { portZero } from '../detectors/port-zero.ts'
import { sensorSignature } from '../detectors/sensor-signature.ts'
import { verticalPortScan } from '../detectors/vertical-port-scan.ts'
import { plainContext } from '../enrichment/context-facts.ts'
import { IndicatorTable } from '../intel/indicator-table.ts'
import { type Indicators, noIndicators } from '../intel/indicators.ts'
import { Network } from '../profile/network.ts'
import { emptyWhitelist, readWhitelist, type Whitelist } from '../profile/whitelist.ts'
import { asRead, conn, dhcp, dns, listed, sensorAlert, times } from '../testing/flows.ts'
import { configure } from './configure.ts'
import { DetectionCounters } from './counters.ts'
import { detectorStep, isSuppressed, type Judged } from './detector-operator.ts'

type Setup = {
  readonly home?: readonly string[]
  readonly judgesOutsiders?: boolean
  readonly whitelist?: Whitelist
  readonly disabled?: readonly string[]
  readonly popularDomains?: readonly string[]
  readonly intel?: Indicators
}

function detect(detectors: readonly Detector[], records: readonly FlowRecord[], setup: Setup = {}) {
  const counters = new DetectionCounters()
  const [first] = detectors
  const operator = new OperatorUnderTest<FlowRecord, Judged>(
    detectorStep(
      'detect',
      detectors.map((detector) => configure(detector)),
      {
        keyed: {
          windowMs: hours(1),
          graceMs: hours(6),
          silenceMs: minutes(10),
          keyTtlMs: hours(36),
          maxLiveKeys: 1_000,
        },
        network: new Network(setup.home ?? []),
        whitelist: setup.whitelist ?? emptyWhitelist,
        intel: setup.intel ?? noIndicators,
        context: plainContext,
        popularDomains: setup.popularDomains ?? [],
        disabled: new Set(setup.disabled ?? []),
        judgesOutsiders: setup.judgesOutsiders ?? false,
        counters,
      },
    ),
  )
  for (const record of records)
    operator.take(first?.key.of(record) ?? '', record, record.tsMs, record.observedMs)
  operator.advance(Number.POSITIVE_INFINITY)
  const judged = operator.values()
  return {
    counters,
    evidence: judged.filter((each): each is Evidence => !isSuppressed(each)),
    suppressed: judged.filter(isSuppressed),
    asides: operator.asides,
    operator,
  }
}

const longOnes = (count: number, dstIp = '93.184.216.34') =>
  times(count, (i) => conn({ dstIp, dstPort: 443, durationMs: hours(1), uid: `C${dstIp}-${i}` }))

describe('the step that runs detectors', () => {
  test('leaves hosts outside stated home networks alone, and says how many records that were', () => {
    const records = asRead(longOnes(3))
    const stated = detect([longConnection], records, { home: ['172.16.0.0/12'] })
    assert.deepEqual([stated.evidence.length, stated.counters.outsiders], [0, 3])
    assert.equal(
      detect([longConnection], records, { home: ['172.16.0.0/12'], judgesOutsiders: true }).evidence.length,
      3,
    )
    assert.equal(detect([longConnection], records).evidence.length, 3)
  })

  test('tells a home host what an outsider did to it, where a detector says so, and nothing of the outsider', () => {
    const category = 'Malware Command and Control Activity Detected'
    const records = asRead([
      sensorAlert({ srcIp: '93.184.216.34', dstIp: '172.16.0.9', category }),
      sensorAlert({ srcIp: '93.184.216.34', dstIp: '93.184.216.35', category }),
      conn({ srcIp: '93.184.216.34', dstIp: '172.16.0.9', durationMs: hours(1) }),
    ])
    const { evidence, counters } = detect([sensorSignature, longConnection], records, {
      home: ['172.16.0.0/12'],
    })
    assert.deepEqual(
      evidence.map(({ profile, attacker }) => [profile, attacker.direction, attacker.value]),
      [['172.16.0.9', 'src', '172.16.0.9']],
    )
    assert.equal(counters.outsiders, 2)
  })

  test('takes a client without an address for one of its own', () => {
    const asking = asRead(
      times(40, (i) => dhcp({ srcIp: '0.0.0.0', clientIp: '', requestedIp: `192.168.0.${i + 1}` })),
    )
    const { evidence, counters } = detect([dhcpScan], asking, { home: ['192.168.0.0/16'] })
    assert.ok(evidence.length > 0)
    assert.equal(counters.outsiders, 0)
  })

  test('counts what a rule of the whitelist suppresses, and gives it no share of what may be said', () => {
    const noise = times(1_500, (i) => conn({ dstIp: `8.0.${i >> 8}.${i & 255}`, dstPort: 0, proto: 'tcp' }))
    const real = [conn({ dstIp: '93.184.216.34', dstPort: 0, proto: 'tcp' })]
    const whitelist = readWhitelist('w', 'ip,8.0.0.0/8,dst,alerts')
    const { evidence, suppressed, counters } = detect([portZero], asRead([...noise, ...real]), {
      whitelist,
    })
    assert.deepEqual(
      evidence.map(({ victim }) => victim?.value),
      ['93.184.216.34'],
    )
    assert.equal(counters.suppressedByRule.get('ip,8.0.0.0/8,dst,alerts'), 1_500)
    assert.equal(counters.floodedByDetector.size, 0)
    assert.equal(suppressed.length, 1_000)
    assert.equal(
      counters.unwrittenByRule.get('ip,8.0.0.0/8,dst,alerts'),
      500,
      'what is not written is counted',
    )
    assert.deepEqual([...new Set(suppressed.map(({ rule }) => rule))], ['ip,8.0.0.0/8,dst,alerts'])
    const plain = detect([portZero], asRead([...noise, ...real]))
    const said = new Map(plain.evidence.map((each) => [each.id, each]))
    for (const { evidence: held } of suppressed) assert.deepEqual(held, said.get(held.id))
  })

  test('bounds what one detector says of a host in a window, and leaves the others their say', () => {
    const flood = times(1_200, (i) => conn({ dstIp: `8.0.${i >> 8}.${i & 255}`, dstPort: 0, proto: 'tcp' }))
    const { evidence, counters } = detect([portZero, longConnection], asRead([...flood, ...longOnes(1)]))
    assert.equal(counters.floodedByDetector.get('port-zero'), 200)
    assert.equal(counters.unwrittenByRule.size, 0)
    assert.equal(evidence.filter(({ detector }) => detector === 'long-connection').length, 1)
  })

  test('says nothing of a type that is disabled', () => {
    assert.equal(
      detect([longConnection], asRead(longOnes(2)), { disabled: ['LONG_CONNECTION'] }).evidence.length,
      0,
    )
  })

  test('believes half of what is said of popular sites, where it is told which these are', () => {
    const lookup = dns({ query: 'www.example.com', answers: ['93.184.216.34'] })
    const records = asRead([lookup, ...longOnes(1)])
    const [whole] = detect([longConnection], records).evidence
    const [half] = detect([longConnection], records, { popularDomains: ['example.com'] }).evidence
    assert.ok(whole !== undefined && half !== undefined)
    assert.equal(half.id, whole.id)
    assert.equal(half.confidence, Math.round(whole.confidence * 5_000) / 10_000)
    assert.equal(half.facts.popularSite, 'www.example.com')
  })

  test('loses a record for the detector that throws and for no other', () => {
    const failing = defineDetector({
      ...portZero,
      id: 'failing',
      settings: {},
      on: {
        conn(): void {
          throw new Error('a bug')
        },
      },
    })
    const { evidence, counters, asides } = detect([failing, longConnection], asRead(longOnes(2)))
    assert.equal(evidence.length, 2)
    assert.deepEqual(asides, ['failing', 'failing'])
    assert.equal(counters.failuresByDetector.get('failing'), 2)
    assert.match(String(counters.firstFailures.get('failing')), /a bug/)
  })

  test('tells whose timer and whose window a detector failed at, and goes on with the others of that host', () => {
    const failing = defineDetector({
      ...portZero,
      id: 'failing',
      settings: {},
      state: { scope: 'window', version: 1, maxBytes: 100, empty: () => ({ seen: 0 }) },
      on: {
        conn(record, tools): void {
          tools.state().seen += 1
          tools.wakeAt(record.observedMs + 1_000)
        },
      },
      onTimer(): void {
        throw new Error('a bug in a timer')
      },
      onWindowClose(): void {
        throw new Error('a bug at a close')
      },
    })
    const [first, second] = asRead(longOnes(2))
    assert.ok(first !== undefined && second !== undefined)
    const { evidence, counters, asides } = detect([failing, longConnection], [first, second])
    assert.equal(evidence.length, 2)
    assert.equal(counters.failuresByDetector.get('failing'), asides.length)
    const key = portZero.key.of(first)
    assert.deepEqual(new Set(asides.map((each) => each.split('@')[0])), new Set([`failing ${key}`]))
    assert.ok(asides.includes(`failing ${key}@${first.observedMs + 1_000}`), asides.join())
    const [window] = evidence.map((each) => each.window)
    assert.ok(asides.includes(`failing ${key}@${(window?.endMs ?? 0) + hours(6)}`), asides.join())
  })

  test('loses a record for the detector that would wait for ever at it, and comes to an end', () => {
    const waiting = defineDetector({
      ...portZero,
      id: 'waiting',
      settings: {},
      on: {
        conn(record, tools): void {
          tools.wakeAt(record.tsMs + record.durationMs)
        },
      },
    })
    const endless = { ...conn({ dstPort: 443 }), durationMs: Number.POSITIVE_INFINITY }
    const { evidence, asides } = detect([waiting, longConnection], asRead([...longOnes(1), endless]))
    assert.deepEqual(asides, ['waiting'])
    assert.ok(evidence.length > 0)
  })

  test('lets go on what is not the fault of a detector', () => {
    const unlucky = defineDetector({
      ...portZero,
      id: 'unlucky',
      settings: {},
      on: {
        conn(): void {
          throw topologyError.STORE_FAILED({ store: 'keys', partition: 0 })
        },
      },
    })
    assert.throws(() => detect([unlucky], asRead(longOnes(1))), { code: 'TOPO_STORE_FAILED' })
  })

  test('counts records that come after the grace, and still shows them to detectors without windows', () => {
    const late = conn({ tsMs: hours(1), observedMs: hours(18), durationMs: hours(8), dstPort: 443 })
    const { evidence, counters, operator } = detect([verticalPortScan, longConnection], [late])
    assert.equal(counters.lateByDetector.get('vertical-port-scan'), 1)
    assert.equal(operator.late, 1, 'of the step as well')
    assert.deepEqual(
      evidence.map(({ detector, window }) => [detector, window.startMs]),
      [['long-connection', hours(18)]],
    )
  })

  const lists = new IndicatorTable()
  lists.put(listed('ip', '44.4.4.9', { level: 'medium' }))

  test('a connection longer than the grace is judged in the window of its end', () => {
    const call = (lastedHours: number) =>
      conn({
        tsMs: hours(10),
        observedMs: hours(10 + lastedHours) + 5_000,
        durationMs: hours(lastedHours),
        dstIp: '44.4.4.9',
        dstPort: 443,
      })
    const windowsOf = (...records: FlowRecord[]) =>
      detect([listedDestination], records, { intel: lists })
        .evidence.filter(({ profile }) => profile === '10.0.0.9')
        .map(({ window, facts }) => [window.startMs / hours(1), facts.times])
    assert.deepEqual(windowsOf(call(0.5)), [[10, 1]])
    assert.deepEqual(windowsOf(call(6.5)), [[10, 1]])
    assert.deepEqual(windowsOf(call(7)), [[17, 1]])
    assert.deepEqual(windowsOf(call(12)), [[22, 1]])
    assert.equal(detect([listedDestination], [call(12)], { intel: lists }).counters.lateByDetector.size, 0)
  })

  test('a connection that is said to last longer than it was watched is judged when it was told of', () => {
    const record = conn({ tsMs: hours(10), observedMs: hours(20), durationMs: hours(900), dstIp: '44.4.4.9' })
    const { evidence } = detect([listedDestination], [record], { intel: lists })
    assert.deepEqual([...new Set(evidence.map(({ window }) => window.startMs))], [hours(20)])
  })

  test('without a window of its own, what is told of a long connection counts where it was found out', () => {
    const [record] = asRead([
      conn({ tsMs: hours(10), observedMs: hours(22), durationMs: hours(11.5), dstIp: '44.4.4.9' }),
    ])
    assert.ok(record !== undefined)
    const { evidence } = detect([longConnection, listedDestination], [record], { intel: lists })
    assert.deepEqual(
      evidence.map(({ detector, window }) => [detector, window.startMs / hours(1)]),
      [
        ['long-connection', 22],
        ['listed-destination', 21],
        ['listed-destination', 21],
      ],
    )
  })

  test('links the halves of a pair, and two pairs against one destination are four pieces of evidence', () => {
    const upload = (srcIp: string) =>
      conn({ srcIp, dstIp: '93.184.216.34', dstPort: 443, srcBytes: 200_000_000 })
    const evidence = [upload('10.0.0.5'), upload('10.0.0.6')].flatMap(
      (record) => detect([dataUpload], asRead([record])).evidence,
    )
    const byId = new Map(evidence.map((item) => [item.id, item]))
    assert.equal(byId.size, 4)
    for (const item of evidence) {
      const [other] = item.related
      assert.deepEqual(byId.get(other ?? '')?.related, [item.id])
    }
  })
})
