/** The state directory of an analysis on disk: whose it is, and the transport that lives in it. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { topics } from '@weir/schemas'
import { diskTransport, memoryTransport, type Transport } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'
import type { AnalyzeSettings } from './settings.ts'

const MARK = 'analysis'

/**
 * State only makes sense with the input and the settings it came from: the records are read again from the start, and those
 * before the committed positions are passed over. Throws `CONSOLE_OTHER_STATE` when they differ.
 */
export function checkState(settings: AnalyzeSettings, fingerprint: string): void {
  const file = join(settings.stateDir, MARK)
  if (existsSync(file) && readFileSync(file, 'utf8') !== markOf(settings, fingerprint)) {
    throw consoleError.OTHER_STATE({ directory: settings.stateDir })
  }
}

export function markState(settings: AnalyzeSettings, fingerprint: string): void {
  writeFileSync(join(settings.stateDir, MARK), markOf(settings, fingerprint))
}

export async function openTransport(settings: AnalyzeSettings): Promise<Transport> {
  if (settings.store === 'memory') return memoryTransport()
  mkdirSync(settings.stateDir, { recursive: true })
  return diskTransport(join(settings.stateDir, 'log'), { replayed: [topics.flows.name] })
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
