/**
 * MISP: an event, a list of them, or the answer of a search for events or attributes. Of a composite attribute (`filename|md5`, `ip-dst|port`) the part that is an indicator is
 * taken. Only what is marked for detection (`to_ids`) counts.
 */
import type { Level } from '@weir/schemas'
import type { FeedItem } from './feed-row.ts'
import { kindNamed } from './kind-words.ts'

type Fields = Readonly<Record<string, unknown>>

const threatLevels: Readonly<Record<string, Level>> = { 1: 'high', 2: 'medium', 3: 'low' }

export function isMisp(document: unknown): boolean {
  return eventsOf(document).length > 0
}

export function* mispFeed(document: unknown): Generator<FeedItem> {
  for (const event of eventsOf(document)) {
    const tags = fieldsOf(event.Tag).map((tag) => textOf(tag.name))
    const attributes = [
      ...fieldsOf(event.Attribute),
      ...fieldsOf(event.Object).flatMap((object) => fieldsOf(object.Attribute)),
    ]
    for (const attribute of attributes) {
      if (isYes(attribute.deleted)) continue
      if (attribute.to_ids !== undefined && !isYes(attribute.to_ids)) {
        yield { reject: 'not marked for detection' }
        continue
      }
      const part = partOf(textOf(attribute.type), textOf(attribute.value))
      if (part === null) {
        yield { reject: 'a type that is not looked for' }
        continue
      }
      // A search of attributes tells of its event in each of them.
      const about = isFields(attribute.Event) ? attribute.Event : event
      const level = threatLevels[textOf(about.threat_level_id)]
      const info = textOf(about.info)
      const comment = textOf(attribute.comment)
      const description = [info, comment].filter((text) => text !== '').join(': ')
      const own = fieldsOf(attribute.Tag).map((tag) => textOf(tag.name))
      const all = [...tags, ...own].filter((tag) => tag !== '')
      yield {
        ...part,
        ...(level === undefined ? {} : { level }),
        ...(description === '' ? {} : { description }),
        ...(all.length === 0 ? {} : { tags: all }),
      }
    }
  }
}

/** Names of the types and the value are both parted by a bar. */
function partOf(type: string, value: string): { kind: ReturnType<typeof kindNamed>; value: string } | null {
  const names = type.split('|')
  const values = value.split('|')
  // Of a name and the address it had, the address may be anybody's.
  for (const [i, name] of names.entries()) {
    const kind = kindNamed(name)
    if (kind !== null) return { kind, value: (names.length === 1 ? value : (values[i] ?? '')).trim() }
  }
  return null
}

function eventsOf(document: unknown): readonly Fields[] {
  if (Array.isArray(document)) return document.flatMap(eventsOf)
  if (!isFields(document)) return []
  if (isFields(document.Event)) return [document.Event]
  if (Array.isArray(document.response) || isFields(document.response)) return eventsOf(document.response)
  if (fieldsOf(document.Attribute).some(({ type, value }) => textOf(type) !== '' && textOf(value) !== ''))
    return [document]
  return []
}

function isYes(value: unknown): boolean {
  return value === true || value === 1 || value === '1'
}

function fieldsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
