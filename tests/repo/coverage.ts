/**
 * What can feed each detector, and where it is seen to say something: by the kinds of record that readers make and detectors
 * ask for, the limits of sensors, the stories with their golden evidence, and the captures of `tests/captures/fired.json`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type InputKind, parserOf } from '@weir/edge-agent'
import { type Detector, type EvidenceType, kindsOf } from '@weir/processors'
import { type Fired, readFired } from '../captures/fired.ts'
import { type Scenario, type Sensor, sensors } from '../generate/scenario.ts'
import { sensorLimits } from '../generate/sensor-limits.ts'
import { loadStories, storiesFolder } from '../generate/stories.ts'
import { markdownTable } from './generated-section.ts'

const stories = await loadStories()

/** Why a sensor cannot feed a detector; `null` when it can. */
export function whyNot(detector: Detector, sensor: Sensor): string | null {
  const made = parserOf(readers[sensor]).makes
  const kinds = kindsOf(detector)
  if (!kinds.some((kind) => made.includes(kind))) return `makes no ${kinds.join(' or ')} record`
  return sensorLimits.find((limit) => limit.sensor === sensor && limit.detector === detector.id)?.why ?? null
}

const readers: Readonly<Record<Sensor, InputKind>> = {
  zeek: 'zeek',
  argus: 'argus',
  suricata: 'suricata',
  nfdump: 'nfdump-csv',
}

/** Stories that expect the detector from this sensor, by name: `tests/scenarios/scenarios.test.ts` holds them to it. */
export function storiesOf(id: string, sensor: Sensor): readonly string[] {
  return [...stories].flatMap(([name, story]) =>
    story.expect.some(({ detector }) => detector === id) && !isUnseen(story, id, sensor) ? [name] : [],
  )
}

function isUnseen({ unseen }: Scenario, id: string, sensor: Sensor): boolean {
  return unseen.some((row) => row.detector === id && row.sensor === sensor)
}

/** Stories in whose golden evidence, which is that of Zeek's logs, the detector says something. */
export function goldenOf(id: string): readonly string[] {
  return [...stories.keys()].filter((name) => golden(name).includes(`"detector":"${id}"`))
}

/** Whether the golden evidence of any story is of that type. */
export function saysInGolden(type: EvidenceType): boolean {
  return [...stories.keys()].some((name) => golden(name).includes(`"type":"${type}"`))
}

const goldens = new Map<string, string>()

function golden(name: string): string {
  let text = goldens.get(name)
  if (text === undefined) {
    const path = join(storiesFolder, name, 'evidence.golden.jsonl')
    text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    goldens.set(name, text)
  }
  return text
}

const MAX_NAMED = 3

export function coverageTable(list: readonly Detector[], fired: Fired = readFired()): string {
  const reasons: string[] = []
  const cell = (why: string | null): string => {
    if (why === null) return 'yes'
    if (!reasons.includes(why)) reasons.push(why)
    return `– ${reasons.indexOf(why) + 1}`
  }
  const rows = list.map((detector) => {
    const { id } = detector
    const feeds = sensors.map((sensor) => cell(whyNot(detector, sensor)))
    const told = new Set(sensors.flatMap((sensor) => storiesOf(id, sensor)))
    const zeek = goldenOf(id).filter((name) => told.has(name))
    return [
      `\`${id}\``,
      ...feeds,
      packets(detector, fired),
      named(zeek.length > 0 ? zeek : [...told]),
      named(fired[id] ?? []),
    ]
  })
  const heads = [...sensors.map((sensor) => sensorNames[sensor]), 'Packets', 'Scenario', 'Capture']
  const table = markdownTable(['Detector', ...heads], rows)
  return `${table}\n\n${reasons.map((why, i) => `${i + 1}. ${why[0]?.toUpperCase()}${why.slice(1).replace(/\.$/, '')}.`).join('\n')}`
}

/** Argus tells more of packets than its usual listings do, ARP among it. */
function packets(detector: Detector, fired: Fired): string {
  if (whyNot(detector, 'argus') === null || (fired[detector.id] ?? []).some((name) => name.endsWith('.pcap')))
    return 'yes'
  return whyNot(detector, 'zeek') === null ? 'by Zeek' : '–'
}

const sensorNames: Readonly<Record<Sensor, string>> = {
  zeek: 'Zeek',
  argus: 'Argus',
  suricata: 'Suricata',
  nfdump: 'nfdump',
}

function named(names: readonly string[]): string {
  if (names.length === 0) return '–'
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ''
  return `${names.slice(0, MAX_NAMED).join(', ')}${more}`
}
