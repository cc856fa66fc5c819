/** The state directory of an analysis on disk: whose it is, and the transport that lives in it. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { topics } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { diskTransport, memoryTransport, type Transport } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'
import { makeFolders } from '../results/make-folders.ts'
import { reasonOf } from '../system-error.ts'
import type { AnalyzeSettings } from './settings.ts'

const MARK = 'analysis'

/**
 * State only makes sense with the input and the settings it came from: the records are read again from the start, and those
 * before the committed positions are passed over. Throws `CONSOLE_OTHER_STATE` when they differ.
 */
export function checkState(settings: AnalyzeSettings, fingerprint: string): void {
  const { stateDir } = settings
  const file = join(stateDir, MARK)
  const mark = usable(stateDir, () => (existsSync(file) ? readFileSync(file, 'utf8') : null))
  if (mark !== null && mark !== markOf(settings, fingerprint)) {
    throw consoleError.OTHER_STATE({ directory: stateDir })
  }
}

export function markState(settings: AnalyzeSettings, fingerprint: string): void {
  const { stateDir } = settings
  usable(stateDir, () => writeFileSync(join(stateDir, MARK), markOf(settings, fingerprint)))
}

export async function openTransport(settings: AnalyzeSettings): Promise<Transport> {
  if (settings.store === 'memory') return memoryTransport()
  usable(settings.stateDir, () => makeFolders(resolve(settings.stateDir)))
  return diskTransport(join(settings.stateDir, 'log'), { replayed: [topics.flows.name] })
}

/** What the store itself could not do, as `CONSOLE_STATE_UNUSABLE`; any other error as it is. */
export function stateErrorOf(error: unknown, { store, stateDir }: AnalyzeSettings): unknown {
  if (store === 'memory' || !(error instanceof Error) || error instanceof WeirError) return error
  const [, why] = /^(?:IO error|Corruption): (?:.*: )?(.+)$/s.exec(error.message) ?? []
  return why === undefined ? error : consoleError.STATE_UNUSABLE({ directory: stateDir, why }, error)
}

function usable<T>(directory: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw consoleError.STATE_UNUSABLE({ directory, why: reasonOf(error) }, error)
  }
}

function markOf(settings: AnalyzeSettings, fingerprint: string): string {
  const detectors = settings.detectors.map(({ detector, config }) => [detector.id, detector.version, config])
  const {
    windowMs,
    graceMs,
    homeNetworks,
    direction,
    site,
    inputKind,
    timezoneMinutes,
    partitions,
    threshold,
    whitelistText,
  } = settings
  const disabled = [...settings.disabled].sort()
  const text = JSON.stringify({
    fingerprint,
    detectors,
    windowMs,
    graceMs,
    homeNetworks,
    direction,
    site,
    inputKind,
    timezoneMinutes,
    partitions,
    threshold,
    whitelistText,
    disabled,
  })
  return createHash('sha256').update(text).digest('hex')
}
