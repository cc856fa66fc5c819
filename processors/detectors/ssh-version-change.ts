import type { Software, Ssh } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isLater, type SoftwareVersion, softwareVersion } from '../stats/software-version.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, number } from './settings.ts'

type Role = 'client' | 'server'

/** Event time each version was last seen, by role, name and version, in the order of first sight. */
type State = Map<string, number>

const MAX_VERSIONS = 32

const settings = {
  keepDays: number(
    30,
    'Days for which a version that is not seen again is remembered, as long as its host is.',
  ),
  perWindow: count(4, 'Changes of one host that are said in one window.', MAX_VERSIONS),
}

type VersionTools = Tools<State, typeof settings>

export const sshVersionChange = defineDetector({
  id: 'ssh-version-change',
  version: 1,
  claim: 'A host speaks SSH with a program or version that it did not have before.',
  spec: 'SW-01',
  types: ['MULTIPLE_SSH_VERSIONS'],
  level: 'medium',
  techniques: ['T1021.004'],
  misfires: 'Updates; several users or programs on one host; hosts behind one translated address.',
  key: bySource,
  settings,
  state: { scope: 'host', version: 1, maxBytes: 4_000, empty: (): State => new Map() },
  on: {
    software(record, tools) {
      const type = record.softwareType.toUpperCase()
      const role = type.includes('SSH::CLIENT') ? 'client' : type.includes('SSH::SERVER') ? 'server' : null
      if (role !== null) look(record, role, versionOf(record), tools)
    },
    ssh(record, tools) {
      look(record, 'client', softwareVersion(record.client), tools)
    },
  },
})

/** As the session's own banner reads, so that both tell of one version; else by what the sensor made of it. */
function versionOf(record: Software): SoftwareVersion | null {
  const told = softwareVersion(record.unparsedVersion)
  if (told !== null || record.name === '' || record.versionMajor === null) return told
  return { name: record.name.slice(0, 40), major: record.versionMajor, minor: record.versionMinor ?? 0 }
}

function look(
  record: Software | Ssh,
  role: Role,
  version: SoftwareVersion | null,
  tools: VersionTools,
): void {
  if (version === null) return
  const seen = tools.state()
  const text = `${role}|${version.name}|${version.major}.${version.minor}`
  const lastMs = seen.get(text)
  if (lastMs !== undefined) {
    if (record.tsMs > lastMs) seen.set(text, record.tsMs)
    return
  }
  const oldestMs = tools.nowMs - tools.config.keepDays * 86_400_000
  let former = ''
  for (const [known, knownMs] of seen) {
    if (knownMs < oldestMs) seen.delete(known)
    else if (known.startsWith(role)) former = known
  }
  if (seen.size >= MAX_VERSIONS) dropOldest(seen)
  seen.set(text, record.tsMs)
  if (former === '' || countIn(seen, tools) > tools.config.perWindow) return
  const before = readKnown(former)
  const isUpdate = before.name === version.name && isLater(version, before)
  const now = `${version.name} ${version.major}.${version.minor}`
  const was = `${before.name} ${before.major}.${before.minor}`
  tools.report({
    key: text,
    // What goes up within one program is most often an update.
    level: isUpdate ? 'low' : 'medium',
    confidence: 0.9,
    record,
    victim: null,
    description: `${record.srcIp} speaks SSH as ${role} with ${now}, before with ${was}.`,
    facts: { role, version: now, formerVersion: was, update: isUpdate, versions: versionsOf(seen, role) },
  })
}

/** Versions first seen, or seen again, in the window at hand; the new one among them. */
function countIn(seen: State, { window }: VersionTools): number {
  let inWindow = -1
  for (const tsMs of seen.values()) if (tsMs >= window.startMs && tsMs < window.endMs) inWindow += 1
  return inWindow
}

function versionsOf(seen: State, role: Role): number {
  let versions = 0
  for (const known of seen.keys()) if (known.startsWith(role)) versions += 1
  return versions
}

function dropOldest(seen: State): void {
  let oldest = ''
  let oldestMs = Number.POSITIVE_INFINITY
  for (const [known, knownMs] of seen) {
    if (knownMs >= oldestMs) continue
    oldest = known
    oldestMs = knownMs
  }
  seen.delete(oldest)
}

function readKnown(known: string): SoftwareVersion {
  const [, name = '', version = ''] = known.split('|')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return { name, major, minor }
}
