/** The state directory of an analysis on disk: whose it is, and the transport that lives in it. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { topics } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { diskTransport, memoryTransport, storeFailureOf, type Transport } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'
import { makeFolders, refuseFile } from '../results/make-folders.ts'
import { reasonOf } from '../system-error.ts'
import type { AnalyzeSettings } from './settings.ts'

const MARK = 'analysis'
const LOG = 'log'
const DONE = 'done'

/**
 * Takes the state directory for this analysis; gives whether there was state of it already. State only makes sense with the
 * input, the settings and the program it came from: the records are read again from the start, and those before the
 * committed positions are passed over. State of another analysis that is finished makes room. Throws `CONSOLE_OTHER_STATE` when they differ, or when nobody says whose it is.
 */
export function claimState(settings: AnalyzeSettings, fingerprint: string, version: string): boolean {
  const { stateDir } = settings
  const file = join(stateDir, MARK)
  const mine = markOf(settings, fingerprint, version)
  refuseFile('--state-dir', stateDir)
  return usable(stateDir, () => {
    const mark = existsSync(file) ? readFileSync(file, 'utf8') : null
    const hasLog = existsSync(join(stateDir, LOG))
    if (mark !== mine && hasLog) {
      // What is finished is of use to nobody but the same analysis again.
      if (!existsSync(join(stateDir, DONE))) throw consoleError.OTHER_STATE({ directory: stateDir })
      rmSync(join(stateDir, LOG), { recursive: true })
    }
    rmSync(join(stateDir, DONE), { force: true })
    makeFolders(resolve(stateDir))
    writeFileSync(file, mine)
    return hasLog && mark === mine
  })
}

/** The results are in place: the state may make room for another analysis. */
export function finishState({ store, stateDir }: AnalyzeSettings): void {
  if (store === 'disk') usable(stateDir, () => writeFileSync(join(stateDir, DONE), ''))
}

export async function openTransport(settings: AnalyzeSettings): Promise<Transport> {
  if (settings.store === 'memory') return memoryTransport()
  return diskTransport(join(settings.stateDir, LOG), { replayed: [topics.flows.name] })
}

/** What the store itself could not do, as `CONSOLE_STATE_UNUSABLE` or `CONSOLE_STATE_DAMAGED`; any other error as it is. */
export function stateErrorOf(error: unknown, { store, stateDir }: AnalyzeSettings): unknown {
  if (store === 'memory' || !(error instanceof Error) || error instanceof WeirError) return error
  const failure = storeFailureOf(error.message)
  if (failure === null) return error
  const fields = { directory: stateDir, why: failure.why }
  return failure.kind === 'Corruption'
    ? consoleError.STATE_DAMAGED(fields, error)
    : consoleError.STATE_UNUSABLE(fields, error)
}

function usable<T>(directory: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof WeirError) throw error
    throw consoleError.STATE_UNUSABLE({ directory, why: reasonOf(error) }, error)
  }
}

function markOf(settings: AnalyzeSettings, fingerprint: string, version: string): string {
  // What does not change what is found is left out by name; whatever is added to the settings counts.
  const { out, minLevel, store, stateDir, json, quiet, whitelist, intel, detectors, disabled, ...others } =
    settings
  const { context, online, ...rest } = others
  const configured = detectors.map(({ detector, config }) => [detector.id, detector.version, config])
  const { tables } = context
  const text = JSON.stringify({
    ...rest,
    tables,
    version,
    fingerprint,
    configured,
    disabled: [...disabled].sort(),
  })
  return createHash('sha256').update(text).digest('hex')
}
