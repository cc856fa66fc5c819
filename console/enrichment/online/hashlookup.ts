import { askJson } from './ask-http.ts'
import { at, joined, numberOf, said, textOf } from './facts.ts'
import { known, type LookUp, unknownAnswer } from './look-up.ts'

const algorithms: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' }

/**
 * CIRCL hashlookup (https://www.circl.lu/services/hashlookup/): `GET /lookup/ALGORITHM/HASH`. A file is malicious only where somebody is named in
 * `KnownMalicious`; `hashlookup:trust` runs from 0, malicious, to 100, benign. Confidence by how many name it (specification section 1.8).
 */
export const hashlookup: LookUp = {
  kinds: ['hash'],
  async ask({ value }, door) {
    const algorithm = algorithms[value.length]
    if (algorithm === undefined) return unknownAnswer
    const answer = await askJson(door, { path: `/lookup/${algorithm}/${encodeURIComponent(value)}` })
    if (!('json' in answer)) return answer
    const json = at(answer.json)
    const trust = json['hashlookup:trust']
    const sources = textOf(json.KnownMalicious).split(/\s+/).filter(Boolean)
    if (sources.length === 0 && typeof trust !== 'number' && textOf(json.FileName) === '')
      return unknownAnswer
    return known(
      said({
        isMalicious: sources.length > 0,
        knownMalicious: joined(sources),
        fileName: textOf(json.FileName),
        source: textOf(json.source),
        ...(typeof trust === 'number' ? { trust } : {}),
        ...(sources.length === 0
          ? {}
          : {
              threat: Math.round(100 - Math.min(100, Math.max(0, numberOf(trust)))) / 100,
              confidence: sources.length >= 3 ? 1 : sources.length === 2 ? 0.7 : 0.5,
            }),
      }),
    )
  },
}
