import { isIP } from 'node:net'
import { askDns } from './ask-dns.ts'
import { joined } from './facts.ts'
import { known, type LookUp } from './look-up.ts'

/** The names an address has by PTR records. A name that is an address itself says nothing. */
export const reverseDns: LookUp = {
  kinds: ['ip'],
  async ask({ value }, door) {
    const answer = await askDns(door, (resolver) => resolver.reverse(value))
    if (!('texts' in answer)) return answer
    const names = answer.texts.map((name) => name.toLowerCase()).filter((name) => isIP(name) === 0)
    return names.length === 0 ? { kind: 'unknown' } : known({ names: joined(names.sort()) })
  },
}
