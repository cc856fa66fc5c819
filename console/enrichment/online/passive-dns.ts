import { isJson, type Json } from '../../json-object.ts'
import { askHttp } from './ask-http.ts'
import { joined, numberOf, textOf } from './facts.ts'
import { failed, known, type LookUp, unknownAnswer } from './look-up.ts'

/** Records told of one subject: the latest seen. */
const MOST = 10

/**
 * Passive DNS in the common output format (draft-dulaunoy-dnsop-passive-dns-cof): `GET /VALUE` gives a JSON object a line, with `rrname`, `rrtype`,
 * `rdata`, `time_first`, `time_last`, `count`; some servers give one list instead. Basic authentication.
 */
export const passiveDns: LookUp = {
  kinds: ['ip', 'domain'],
  async ask({ kind, value }, door) {
    const credentials = Buffer.from(door.key).toString('base64')
    const answer = await askHttp(door, {
      path: `/${encodeURIComponent(value)}`,
      headers: door.key === '' ? {} : { authorization: `Basic ${credentials}` },
    })
    if (!('text' in answer)) return answer
    const records = recordsOf(answer.text)
    if (records === null) return failed('the answer is not in the common output format')
    const wanted = records
      .filter(({ rrtype }) => ['A', 'AAAA', 'PTR', 'CNAME'].includes(textOf(rrtype)))
      .sort((a, b) => numberOf(b.time_last) - numberOf(a.time_last))
    if (wanted.length === 0) return unknownAnswer
    const times = wanted.map(({ time_last }) => numberOf(time_last)).filter((seconds) => seconds > 0)
    const firsts = wanted.map(({ time_first }) => numberOf(time_first)).filter((seconds) => seconds > 0)
    const told = wanted.slice(0, MOST).map(({ rrname, rdata }) => textOf(kind === 'ip' ? rrname : rdata))
    return known({
      records: wanted.length,
      [kind === 'ip' ? 'names' : 'addresses']: joined(
        told.map((text) => text.toLowerCase().replace(/\.$/, '')),
      ),
      ...(times.length === 0 ? {} : { lastSeen: isoOf(Math.max(...times)) }),
      ...(firsts.length === 0 ? {} : { firstSeen: isoOf(Math.min(...firsts)) }),
    })
  },
}

function recordsOf(text: string): readonly Json[] | null {
  try {
    if (text.trimStart().startsWith('[')) {
      const list: unknown = JSON.parse(text)
      return Array.isArray(list) ? list.filter(isJson) : null
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    return lines.map((line): unknown => JSON.parse(line)).filter(isJson)
  } catch {
    return null
  }
}

/** Seconds beyond the year 9999 are no time. */
function isoOf(seconds: number): string {
  return seconds < 253_402_300_800 ? new Date(seconds * 1_000).toISOString() : ''
}
