import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvidenceContext, Place } from '@weir/processors'
import { analyze } from '../../console/analyze/analyze.ts'
import { type AnalyzeOptions, type AnalyzeSettings, readSettings } from '../../console/analyze/settings.ts'
import { IndicatorStore } from '../../console/intel/indicator-store.ts'
import { plainOptions, type SourceHeader } from '../../console/intel/source-file.ts'
import { type LogOptions, writeLogs } from '../generate/logs.ts'
import { host } from '../generate/network.ts'
import type { Scenario, Sensor } from '../generate/scenario.ts'
import type { Wire } from '../generate/wire.ts'
import { ListedFrom } from './listed-from.ts'

/** What an analysis wrote, byte for byte. */
export type Written = { readonly evidence: string; readonly alerts: string; readonly summary: string }

/** A folder of its own under the system's temporary one, gone when `using` ends. */
export class Workspace implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'weir-scenario-'))

  folder(name: string): string {
    return join(this.path, name)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The command's own analysis, in this process, over files and folders; results go to `options.out`. */
export async function analyzePaths(
  paths: readonly string[],
  options: AnalyzeOptions,
  change: (settings: AnalyzeSettings) => AnalyzeSettings = (settings) => settings,
): Promise<Written> {
  await analyze(paths, change(readSettings(options)), {
    version: '0',
    stdin: nothing(),
    interruption: new AbortController().signal,
    progress: () => {},
  })
  return readResults(options.out)
}

export function readResults(out: string): Written {
  const text = (name: string) => readFileSync(join(out, name), 'utf8')
  return {
    evidence: text('evidence.jsonl'),
    alerts: text('alerts.jsonl'),
    summary: text('summary.json'),
  }
}

/** Writes what a sensor logs of the wire into a folder of its own and analyses that folder. */
export async function analyzeWire(
  wire: Wire,
  sensor: Sensor,
  options: LogOptions & Partial<Pick<Scenario, 'indicators' | 'listedLater' | 'asNumbers'>> = {},
): Promise<Written> {
  using workspace = new Workspace()
  const logs = workspace.folder('logs')
  writeLogs(wire, logs, { ...options, sensor })
  const { indicators = [], listedLater = null, asNumbers = {} } = options
  const intel = indicators.length === 0 ? {} : { intel: workspace.folder('intel') }
  if (intel.intel !== undefined) new IndicatorStore(intel.intel).put(labHeader, indicators)
  return await analyzePaths([logs], { out: workspace.folder('out'), ...intel }, (settings) => ({
    ...settings,
    ...(listedLater === null ? {} : { intel: new ListedFrom(listedLater.atMs, listedLater.indicators) }),
    context: { ...settings.context, context: withAsNumbers(settings.context.context, asNumbers) },
  }))
}

/** As a database of addresses would tell them. */
function withAsNumbers(
  context: EvidenceContext,
  asNumbers: Readonly<Record<string, number>>,
): EvidenceContext {
  const places = new Map<string, Place>()
  for (const [name, asn] of Object.entries(asNumbers))
    places.set(host(name).ip, { country: '', asn, asName: `Network ${asn}` })
  if (places.size === 0) return context
  return { ...context, whereabouts: { placeOf: (ip) => places.get(ip) ?? null } }
}

/** All indicators of stories are the word of one feed. */
const labHeader: SourceHeader = {
  source: 'lab',
  options: { feed: 'lab', ...plainOptions },
  etag: '',
  lastModified: '',
  hash: '',
  checkedMs: 0,
  accepted: 0,
  rejected: {},
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
