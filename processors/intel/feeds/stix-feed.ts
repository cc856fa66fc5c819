/** STIX 2.1 bundles and the envelopes of TAXII 2.1, which hold the same objects: their indicators, by what their patterns say. */
import { type FeedItem, timeOf } from './feed-row.ts'
import { patternValues } from './stix-pattern.ts'

export function* stixFeed(document: unknown): Generator<FeedItem> {
  for (const object of objectsOf(document)) {
    if (textOf(object, 'type') !== 'indicator') continue
    if ('revoked' in object && object.revoked === true) {
      yield { reject: 'revoked' }
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
    const expiresMs = timeOf(textOf(object, 'valid_until'))
    const confidence =
      'confidence' in object && typeof object.confidence === 'number' ? object.confidence : null
    const description = textOf(object, 'name') || textOf(object, 'description')
    const tags = [...textsOf(object, 'labels'), ...textsOf(object, 'indicator_types')]
    for (const { kind, value } of values) {
      yield {
        kind,
        value,
        ...(expiresMs === null ? {} : { expiresMs }),
        ...(confidence !== null && confidence >= 0 && confidence <= 100
          ? { confidence: confidence / 100 }
          : {}),
        ...(description === '' ? {} : { description }),
        ...(tags.length === 0 ? {} : { tags }),
      }
    }
  }
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
