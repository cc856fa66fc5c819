import { isIPv4 } from 'node:net'
import { askDns } from './ask-dns.ts'
import { joined } from './facts.ts'
import { failed, known, type LookUp, unknownAnswer } from './look-up.ts'

/**
 * Return codes of the combined list (https://www.spamhaus.org/faqs/dnsbl-usage/). The two lists of addresses that should not send mail themselves
 * (.10 and .11) are left out: most homes are on them, so they say nothing of an attacker.
 */
const lists: ReadonlyMap<string, string> = new Map([
  ['127.0.0.2', 'SBL'],
  ['127.0.0.3', 'CSS'],
  ['127.0.0.4', 'XBL'],
  ['127.0.0.9', 'DROP'],
])

/** Given in the place of an answer: a wrong name, a public resolver, too many questions. */
const REFUSED = '127.255.255.'

export const spamhaus: LookUp = {
  kinds: ['ip'],
  async ask({ value }, door) {
    if (!isIPv4(value)) return unknownAnswer
    const name = `${value.split('.').reverse().join('.')}.${door.url}`
    const answer = await askDns(door, (resolver) => resolver.resolve4(name))
    if (!('texts' in answer)) return answer
    if (answer.texts.some((code) => code.startsWith(REFUSED)))
      return failed('it refuses to answer this DNS server, as it does with public ones', true)
    return known(
      answer.texts.some((code) => lists.has(code))
        ? { lists: joined(answer.texts.map((code) => lists.get(code) ?? '').sort()), level: 'medium' }
        : {},
    )
  },
}
