import { parseIndicatorValue } from '@weir/processors'
import type { WeirError } from '@weir/topology/kit'
import { consoleError } from '../errors.ts'
import { printable } from '../report/printable.ts'

/** What feeds are refused for in a word or two is said in full to who asks about one value. */
const sentences: ReadonlyMap<string, string> = new Map([
  ['no public suffix', 'it ends in no public suffix, as .com is one, so it is no name of the internet'],
  ['a public suffix', 'it is a public suffix: names below it belong to many'],
  ['a local name', 'it is a local name'],
  ['not a public address', 'it is not a public address'],
  ['not a public range', 'it is not a public range'],
  ['too wide a range', 'it is too wide a range'],
  ['host bits set in a range', 'as a range it has bits set beyond its length'],
  ['the hash of an empty file', 'it is the hash of an empty file'],
  ['of no known kind', 'it is no address, name, URL, hash or AS number'],
])

/** Why no feed can list a value, and so nothing would ever meet it. */
export function notAValue(text: string, command: string): WeirError {
  const parsed = parseIndicatorValue(text)
  const reason = 'reject' in parsed ? parsed.reject : 'of no known kind'
  const why = sentences.get(reason) ?? reason
  const wrong = `'${printable(text.slice(0, 80))}' cannot be listed: ${why}`
  return consoleError.BAD_OPTION({ wrong, command })
}
