/** STIX 2.1 bundles and the envelopes of TAXII 2.1, which hold the same objects: their indicators, by what their patterns say. */
import { expiryOf, type FeedItem, timeOf } from './feed-row.ts'
import { patternValues } from './stix-pattern.ts'

export function* stixFeed(document: unknown): Generator<FeedItem> {
  const indicators = objectsOf(document).filter((object) => textOf(object, 'type') === 'indicator')
  const newest = newestById(indicators)
  for (const object of indicators) {
    if (modifiedMs(object) < (newest.get(textOf(object, 'id')) ?? 0)) {
      yield { reject: 'an older version' }
      continue
    }
    if ('revoked' in object && object.revoked === true) {
      yield { reject: 'revoked' }
      continue
    }
    const tags = [...textsOf(object, 'labels'), ...textsOf(object, 'indicator_types')]
    if (tags.some((tag) => tag.toLowerCase() === 'benign')) {
      yield { reject: 'said to be benign' }
      continue
    }
    const language = textOf(object, 'pattern_type')
    if (language !== '' && language !== 'stix') {
      yield { reject: 'a pattern that is not STIX' }
      continue
    }
    const values = patternValues(textOf(object, 'pattern'))
    if ('reject' in values) {
      yield values
      continue
    }
    const expiresMs = expiryOf(textOf(object, 'valid_until'))
    if (expiresMs === 'unreadable') {
      yield { reject: 'an expiry that cannot be read' }
      continue
    }
    const validFromMs = timeOf(textOf(object, 'valid_from'))
    const confidence =
      'confidence' in object && typeof object.confidence === 'number' ? object.confidence : null
    const description = textOf(object, 'name') || textOf(object, 'description')
    for (const { kind, value } of values) {
      yield {
        kind,
        value,
        ...(expiresMs === null ? {} : { expiresMs }),
        ...(validFromMs === null ? {} : { validFromMs }),
        ...(confidence !== null && confidence >= 0 && confidence <= 100
          ? { confidence: confidence / 100 }
          : {}),
        ...(description === '' ? {} : { description }),
        ...(tags.length === 0 ? {} : { tags }),
      }
    }
  }
}

/** A collection holds every version of an object: the one that was modified last counts alone, and when it is revoked none does. */
function newestById(objects: readonly object[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  for (const object of objects) {
    const id = textOf(object, 'id')
    const ms = modifiedMs(object)
    if (id === '' || ms < (newest.get(id) ?? 0)) continue
    newest.set(id, ms)
  }
  return newest
}

/** Half a millisecond later for a version that takes the others back: nothing beside it counts. */
function modifiedMs(object: object): number {
  const ms = timeOf(textOf(object, 'modified')) ?? 0
  return ms > 0 && 'revoked' in object && object.revoked === true ? ms + 0.5 : ms
}

/** Whether a JSON document is one of STIX: a bundle, an envelope, or a list of objects with STIX ids. */
export function isStix(document: unknown): boolean {
  if (typeof document !== 'object' || document === null) return false
  if ('type' in document && document.type === 'bundle') return true
  return objectsOf(document).some((object) => textOf(object, 'id').startsWith(`${textOf(object, 'type')}--`))
}

function objectsOf(document: unknown): readonly object[] {
  const list =
    typeof document === 'object' && document !== null && 'objects' in document ? document.objects : document
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) : []
}

function textOf(object: object, name: string): string {
  const value: unknown = Object.entries(object).find(([key]) => key === name)?.[1]
  return typeof value === 'string' ? value : ''
}

function textsOf(object: object, name: string): readonly string[] {
  const value: unknown = Object.entries(object).find(([key]) => key === name)?.[1]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
