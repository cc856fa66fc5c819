/**
 * What of a process's settings its results depend on, by the name of the setting: texts that are the same where the setting is, such as
 * hashes. Members say theirs as they join, and the leader tells all of them which there are.
 */
export type SettingsMark = Readonly<Record<string, string>>

/** A mark, and how many members have it. */
export type SettingsCount = readonly [mark: SettingsMark, members: number]

/** Told with every generation of the group. */
export type SettingsNews = {
  readonly members: number
  /** Those of them whose settings are others than this member's. */
  readonly others: number
  /** Names of settings in which any of them differs. */
  readonly differing: readonly string[]
}

/** `null` for what is none; those of versions that say nothing of their settings are empty. */
export function parseSettingsMark(value: unknown): SettingsMark | null {
  if (typeof value !== 'object' || value === null) return null
  const entries = Object.entries(value)
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'
  return entries.every(isText) ? Object.fromEntries(entries) : null
}

/** Anything else is left out. */
export function parseSettingsCounts(value: unknown): readonly SettingsCount[] | null {
  if (!Array.isArray(value)) return null
  return value.flatMap((each: unknown): SettingsCount[] => {
    if (!Array.isArray(each)) return []
    const [given, members]: unknown[] = each
    const mark = parseSettingsMark(given)
    return mark === null || typeof members !== 'number' ? [] : [[mark, members]]
  })
}

/**
 * For the member that has said `its`, which stands first. Of members who say nothing of their settings nothing is known: they count for
 * none.
 */
export function countSettings(marks: readonly SettingsMark[], its: SettingsMark): readonly SettingsCount[] {
  const counts = new Map<string, SettingsCount>()
  for (const mark of marks) {
    if (Object.keys(mark).length === 0) continue
    const text = textOf(mark)
    counts.set(text, [mark, (counts.get(text)?.[1] ?? 0) + 1])
  }
  const isIts = ([mark]: SettingsCount) => textOf(mark) === textOf(its)
  return [...counts.values()].sort((a, b) => Number(isIts(b)) - Number(isIts(a)))
}

/** Whether whoever counted was told these settings by this member, and not others by who was here before it under the same name. */
export function hasHeard(counts: readonly SettingsCount[], own: SettingsMark): boolean {
  const [mark] = counts[0] ?? []
  return mark !== undefined && textOf(mark) === textOf(own)
}

export function compareSettings(counts: readonly SettingsCount[], own: SettingsMark): SettingsNews {
  let [members, others] = [0, 0]
  const differing = new Set<string>()
  for (const [mark, count] of counts) {
    members += count
    if (textOf(mark) === textOf(own)) continue
    others += count
    for (const name of new Set([...Object.keys(own), ...Object.keys(mark)]))
      if (own[name] !== mark[name]) differing.add(name)
  }
  return { members, others, differing: [...differing].sort() }
}

function textOf(mark: SettingsMark): string {
  return JSON.stringify(Object.entries(mark).sort(([a], [b]) => (a < b ? -1 : 1)))
}
