import { isJson, type Json } from '../../json-object.ts'
import { askJson } from './ask-http.ts'
import { at, joined, listOf, numberOf, said, textOf } from './facts.ts'
import { failed, known, type LookUp, type Subject, unknownAnswer } from './look-up.ts'

const LEAST_SHARE_OF = 100

/**
 * URLhaus of abuse.ch (https://urlhaus-api.abuse.ch/): forms by POST to `/url/`, `/host/` and `/payload/`, the key in `Auth-Key`. `query_status` is `ok` for
 * what it knows. The level is that of section 1.8 of the specification: the percentage that VirusTotal gives the first payload, else
 * high for files and medium for the rest.
 */
export const urlhaus: LookUp = {
  kinds: ['ip', 'domain', 'url', 'hash'],
  async ask(subject, door) {
    const form = formOf(subject)
    if (form === null) return unknownAnswer
    const answer = await askJson(door, { ...form, headers: { 'auth-key': door.key } })
    if (!('json' in answer)) return answer
    const json = at(answer.json)
    const status = textOf(json.query_status)
    if (status === 'no_results' || status.startsWith('invalid_')) return unknownAnswer
    if (status !== 'ok') return failed(`it answered '${status.slice(0, 40)}'`)
    return known(subject.kind === 'hash' ? fileFacts(json) : urlFacts(json))
  },
}

function formOf({ kind, value }: Subject) {
  if (kind === 'url') return { path: '/url/', form: { url: value } }
  if (kind !== 'hash') return { path: '/host/', form: { host: value } }
  if (value.length === 32) return { path: '/payload/', form: { md5_hash: value } }
  return value.length === 64 ? { path: '/payload/', form: { sha256_hash: value } } : null
}

function fileFacts(json: Json) {
  const percent = percentOf(json.virustotal)
  return said({
    threat: textOf(json.signature),
    fileType: textOf(json.file_type),
    urls: Number(json.url_count) || 0,
    ...(percent === null ? {} : { virustotalPercent: percent }),
    level: percent === null ? 'high' : levelOf(percent),
  })
}

function urlFacts(json: Json) {
  const payload = at(listOf(json.payloads)[0])
  const listed = listOf(json.urls).filter(isJson)
  const percent = percentOf(payload.virustotal)
  return said({
    threat: textOf(json.threat) || textOf(listed[0]?.threat),
    status: textOf(json.url_status) || textOf(listed[0]?.url_status),
    tags: joined(listOf(json.tags ?? listed[0]?.tags).map(textOf)),
    ...(listed.length === 0 ? {} : { urls: Number(json.url_count) || listed.length }),
    fileType: textOf(payload.file_type),
    fileName: textOf(payload.filename),
    md5: textOf(payload.response_md5),
    signature: textOf(payload.signature),
    ...(percent === null ? {} : { virustotalPercent: percent }),
    level: percent === null ? 'medium' : levelOf(percent),
  })
}

/** `{ percent: '75.00' }`, or nothing. */
function percentOf(value: unknown): number | null {
  const { percent } = at(value)
  const number = typeof percent === 'string' ? Number(percent) : numberOf(percent)
  return number > 0 && number <= LEAST_SHARE_OF ? number : null
}

/** Where a share lies among the levels' values. */
function levelOf(percent: number): string {
  if (percent <= 20) return 'low'
  if (percent <= 50) return 'medium'
  return percent <= 80 ? 'high' : 'critical'
}
