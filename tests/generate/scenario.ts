import type { Indicator, IndicatorKind, Level } from '@weir/schemas'
import { sensorLimits, type Unseen } from './sensor-limits.ts'
import type { Actor } from './stage.ts'

export type Sensor = 'zeek' | 'argus' | 'suricata' | 'nfdump'

export const sensors: readonly Sensor[] = ['zeek', 'argus', 'suricata', 'nfdump']

export type Expectation = {
  /** A detector's id, which is its file name. */
  readonly detector: string
  /** Who is charged, by its name in the site plan. */
  readonly from: string
  /** Who does it, where another is charged: by its new address a device says what its former one is charged with. */
  readonly by?: string
  readonly to?: string
  /** First and last moment of the evidence, in milliseconds since the story began. */
  readonly between: readonly [number, number]
  /** Where the window begins that the evidence is charged to; the hour of its own time unless said. */
  readonly window?: number
  /** The lowest level that will do; any unless said. */
  readonly level?: Level
}

/** A span in milliseconds since the story began; its end is no longer in it. */
export type Span = readonly [fromMs: number, toMs: number]

/** What a feed lists of a story's cast. */
export type Listed = Pick<Indicator, 'value'> & { readonly kind: IndicatorKind } & Partial<Indicator>

export type Scenario = {
  /** One sentence: what happens. */
  readonly story: string
  readonly seed: number
  /** A Monday morning, on the hour, unless the story says otherwise: windows of an hour then begin with the story. */
  readonly startMs: number
  readonly lastsMs: number
  readonly play: readonly Actor[]
  readonly expect: readonly Expectation[]
  /** Who is to be alerted on, by names in the site plan; nobody else may be. */
  readonly alerts: readonly string[]
  /** Whether nothing of level medium or above may be said beyond `expect`. */
  readonly otherwiseQuiet: boolean
  /** Findings that a sensor cannot show, with the reason; whatever is not listed, every sensor must show. */
  readonly unseen: readonly Unseen[]
  /** Spans in which what the sensor would have written is lost. */
  readonly lost: readonly Span[]
  /** What the analysis is told that feeds list; with or without the attack. */
  readonly indicators: readonly Indicator[]
  /** AS numbers that a table of addresses has, by names in the site plan. */
  readonly asNumbers: Readonly<Record<string, number>>
  /** What feeds come to list while the story goes on, from this moment on. */
  readonly listedLater: { readonly atMs: number; readonly indicators: readonly Indicator[] } | null
}

export type ScenarioOptions = {
  readonly story: string
  readonly seed: number
  readonly lasts: number
  readonly startMs?: number
  readonly play: readonly Actor[]
  readonly expect: readonly Expectation[]
  readonly alerts?: readonly string[]
  readonly otherwiseQuiet: boolean
  /** Beyond what `sensor-limits.ts` says of every scenario. */
  readonly unseen?: readonly Unseen[]
  readonly lost?: readonly Span[]
  /** Of the feed `lab`, of level high and certain, unless said. */
  readonly indicators?: readonly Listed[]
  readonly asNumbers?: Readonly<Record<string, number>>
  /** The same, from `at` milliseconds of the story on; instead of `indicators` and not beside them. */
  readonly listedLater?: { readonly at: number; readonly indicators: readonly Listed[] }
}

/** The detectors that ordinary office traffic must not wake: those a scenario can expect something of. */
export const quietDetectors: readonly string[] = [
  'vertical-port-scan',
  'horizontal-port-scan',
  'dhcp-scan',
  'long-connection',
  'unknown-port',
  'reconnections',
  'port-zero',
  'connection-without-dns',
  'data-upload',
  'slow-upload',
  'dns-txt-entropy',
  'private-dns-answer',
  'dga-nxdomain',
  'suspicious-user-agent',
  'executable-download',
  'non-http-port-80',
  'non-tls-port-443',
  'ssh-success',
  'ssh-brute-force',
  'shared-guessing',
  'bad-smtp-login',
  'smtp-brute-force',
  'gre-tunnel',
  'arp-scan',
  'unsolicited-arp',
  'gre-scan',
  'remote-login',
  'reported-address-scan',
  'reported-guessing',
  'reported-port-scan',
  'ssh-version-change',
  'weird-http-method',
  'dns-over-https',
  'empty-connections',
  'multiple-user-agents',
  'pastebin-http-download',
  'pastebin-tls-download',
  'plain-http',
  'sensor-notice',
  'sensor-signature',
  'incompatible-user-agent',
  'certificate-name-mismatch',
  'listed-certificate',
  'listed-client-fingerprint',
  'listed-destination',
  'listed-dns-answer',
  'listed-domain',
  'listed-file',
  'listed-name-resolved',
  'listed-server-fingerprint',
  'listed-source',
  'listed-url',
  'tor-exit-node',
  'arp-outside-network',
  'arp-spoofing',
  'device-changes-address',
  'dns-reverse-scan',
  'dns-to-other-network',
  'icmp-sweep',
  'other-local-network',
  'private-connection',
  'telnet-reconnections',
  'unknown-ports-of-a-host',
  'certificate-of-organisation',
  'self-signed-certificate',
  'young-domain',
  'unused-dns-answer',
  'beacon',
  'connection-still-open',
  'dns-rush',
  'dns-tunnel',
  'long-contact',
  'slow-port-scan',
  'strobe',
  'contact-listed-later',
  'listed-network',
  'listed-jarm',
]

export const mondayMorningMs = Date.UTC(2024, 4, 13, 8)

/** Throws on an expectation that no run could meet: an unknown detector, or a span outside the story. */
export function defineScenario(options: ScenarioOptions): Scenario {
  const { lasts, startMs, listedLater, ...rest } = options
  if (listedLater !== undefined && options.indicators !== undefined)
    throw new RangeError('a story lists either from the start or later')
  for (const { detector, between } of options.expect) {
    if (!quietDetectors.includes(detector)) throw new RangeError(`no detector of that id: ${detector}`)
    const [from, to] = between
    if (from < 0 || to < from || to > lasts) throw new RangeError(`${detector}: expected outside the story`)
  }
  return {
    ...rest,
    lastsMs: lasts,
    startMs: startMs ?? mondayMorningMs,
    alerts: options.alerts ?? [],
    unseen: [...sensorLimits, ...(options.unseen ?? [])],
    lost: options.lost ?? [],
    asNumbers: options.asNumbers ?? {},
    indicators: (options.indicators ?? []).map(listing),
    listedLater:
      listedLater === undefined
        ? null
        : {
            atMs: (startMs ?? mondayMorningMs) + listedLater.at,
            indicators: listedLater.indicators.map(listing),
          },
  }
}

function listing(given: Listed): Indicator {
  return {
    feed: 'lab',
    level: 'high',
    confidence: 1,
    expiresMs: null,
    description: '',
    tags: [],
    ...given,
  }
}

/** The same story without its attack; nothing is expected of it. Its ordinary traffic is byte for byte the same. */
export function withoutAttack(scenario: Scenario): Scenario {
  const play = scenario.play.filter((actor) => actor.benign)
  return { ...scenario, play, expect: [], alerts: [], otherwiseQuiet: true }
}
