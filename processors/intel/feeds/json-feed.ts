/**
 * JSON lists: an array of texts or objects, one object a line, or an object that holds such lists under ids, as abuse.ch exports them. Fields
 * are told by their names, those of objects inside objects by both names (`ip.v4` is `ip_v4`).
 */
import type { FeedItem } from './feed-row.ts'
import { rolesByName, rowsOf, valuesOf } from './field-roles.ts'
import { textLines } from './text-lines.ts'

/** Objects in lists in objects: deeper than this nothing is looked for. */
const MAX_DEPTH = 4

export function* jsonFeed(text: string): Generator<FeedItem> {
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch {
    yield* jsonLines(text)
    return
  }
  yield* itemsOf(whole, 0)
}

function* jsonLines(text: string): Generator<FeedItem> {
  for (const line of textLines(text)) {
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      yield { reject: 'not JSON' }
      continue
    }
    yield* itemsOf(value, 1)
  }
}

function* itemsOf(value: unknown, depth: number): Generator<FeedItem> {
  if (typeof value === 'string') {
    yield { value, kind: null }
    return
  }
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) {
    yield { reject: 'no indicator' }
    return
  }
  if (Array.isArray(value)) {
    for (const item of value) yield* itemsOf(item, depth + 1)
    return
  }
  const fields = flat(value, '')
  const roles = rolesByName(fields.map(([name]) => name))
  if (roles !== null) {
    const cells = fields.map(([, texts]) => texts[0] ?? '')
    yield* rowsOf(cells, roles)
    // A field may hold several values: each is a row of its own, with all else that is said.
    for (const role of valuesOf(cells, roles)) {
      for (const text of fields[role.at]?.[1].slice(1) ?? [])
        yield* rowsOf(cells.with(role.at, text), {
          ...roles,
          values: [role],
          subjects: [],
          end: -1,
          mask: -1,
        })
    }
    return
  }
  const lists = Object.values(value).filter((item) => typeof item === 'object' && item !== null)
  if (lists.length === 0) yield { reject: 'no field of indicators' }
  for (const list of lists) yield* itemsOf(list, depth + 1)
}

/** Texts and numbers by name: one, or all of a list; tags joined to one text. */
function flat(object: object, prefix: string): [string, readonly string[]][] {
  return Object.entries(object).flatMap(([key, value]: [string, unknown]): [string, readonly string[]][] => {
    const name = `${prefix}${key}`
    if (typeof value === 'string' || typeof value === 'number') return [[name, [String(value)]]]
    // Left open, but a field of the row: what stands beside it is not the row's value for that.
    if (value === null) return [[name, ['']]]
    if (Array.isArray(value)) {
      const texts = value.filter((item) => typeof item === 'string')
      if (texts.length === 0) return []
      return [[name, /tags?$/i.test(name) ? [texts.join(',')] : texts]]
    }
    return typeof value === 'object' && value !== null && prefix === '' ? flat(value, `${name}_`) : []
  })
}
