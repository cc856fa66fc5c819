import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { analyze } from '../../console/analyze/analyze.ts'
import { type AnalyzeOptions, type AnalyzeSettings, readSettings } from '../../console/analyze/settings.ts'
import { IndicatorStore } from '../../console/intel/indicator-store.ts'
import type { SourceHeader } from '../../console/intel/source-file.ts'
import { type LogOptions, writeLogs } from '../generate/logs.ts'
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
  instead: Partial<AnalyzeSettings> = {},
): Promise<Written> {
  await analyze(
    paths,
    { ...readSettings(options), ...instead },
    {
      version: '0',
      stdin: nothing(),
      interruption: new AbortController().signal,
      progress: () => {},
    },
  )
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
  options: LogOptions & Partial<Pick<Scenario, 'indicators' | 'listedLater'>> = {},
): Promise<Written> {
  using workspace = new Workspace()
  const logs = workspace.folder('logs')
  writeLogs(wire, logs, { ...options, sensor })
  const { indicators = [], listedLater = null } = options
  const out = workspace.folder('out')
  if (listedLater !== null) {
    const intel = new ListedFrom(listedLater.atMs, listedLater.indicators)
    return await analyzePaths([logs], { out }, { intel })
  }
  if (indicators.length === 0) return await analyzePaths([logs], { out })
  const intel = workspace.folder('intel')
  new IndicatorStore(intel).put(labHeader, indicators)
  return await analyzePaths([logs], { out, intel })
}

/** All indicators of stories are the word of one feed. */
const labHeader: SourceHeader = {
  source: 'lab',
  options: {
    feed: 'lab',
    format: 'auto',
    level: null,
    confidence: null,
    expiresMs: null,
    lifetimeMs: null,
    kind: null,
    tags: [],
  },
  etag: '',
  lastModified: '',
  hash: '',
  checkedMs: 0,
  accepted: 0,
  rejected: {},
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
