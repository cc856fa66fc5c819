import type { Actor } from './stage.ts'

export type Sensor = 'zeek' | 'argus' | 'suricata'

export const sensors: readonly Sensor[] = ['zeek', 'argus', 'suricata']

export type Expectation = {
  /** A detector's id, which is its file name. */
  readonly detector: string
  /** Who is charged, by its name in the site plan. */
  readonly from: string
  readonly to?: string
  /** First and last moment of the evidence, in milliseconds since the story began. */
  readonly between: readonly [number, number]
}

export type Scenario = {
  /** One sentence: what happens. */
  readonly story: string
  readonly seed: number
  /** A Monday morning, on the hour, unless the story says otherwise: windows of an hour then begin with the story. */
  readonly startMs: number
  readonly lastsMs: number
  readonly play: readonly Actor[]
  readonly expect: readonly Expectation[]
  /** Whether no detector named in `quietDetectors` may say anything beyond `expect`. */
  readonly otherwiseQuiet: boolean
  /** Sensors that see what happens well enough for every expectation; the others see the same traffic. */
  readonly sensors: readonly Sensor[]
}

export type ScenarioOptions = {
  readonly story: string
  readonly seed: number
  readonly lasts: number
  readonly startMs?: number
  readonly play: readonly Actor[]
  readonly expect: readonly Expectation[]
  readonly otherwiseQuiet: boolean
  readonly sensors?: readonly Sensor[]
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
  'bad-smtp-login',
  'smtp-brute-force',
  'gre-tunnel',
  'arp-scan',
  'unsolicited-arp',
]

const mondayMorningMs = Date.UTC(2024, 4, 13, 8)

/** Throws on an expectation that no run could meet: an unknown detector, or a span outside the story. */
export function defineScenario(options: ScenarioOptions): Scenario {
  const { lasts, startMs, sensors: seeing, ...rest } = options
  for (const { detector, between } of options.expect) {
    if (!quietDetectors.includes(detector)) throw new RangeError(`no detector of that id: ${detector}`)
    const [from, to] = between
    if (from < 0 || to < from || to > lasts) throw new RangeError(`${detector}: expected outside the story`)
  }
  return { ...rest, lastsMs: lasts, startMs: startMs ?? mondayMorningMs, sensors: seeing ?? sensors }
}

/** The same story without its attack; nothing is expected of it. Its ordinary traffic is byte for byte the same. */
export function withoutAttack(scenario: Scenario): Scenario {
  const play = scenario.play.filter((actor) => actor.benign)
  return { ...scenario, play, expect: [], otherwiseQuiet: true }
}
