import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { texts } from './settings.ts'

export const reportedGuessing = defineDetector({
  id: 'reported-guessing',
  version: 1,
  claim: 'The sensor itself says that a host guesses passwords.',
  spec: 'BF-02',
  types: ['PASSWORD_GUESSING'],
  level: 'medium',
  techniques: ['T1110.001'],
  misfires: 'Jobs with an outdated password or key that try again and again.',
  key: bySource,
  settings: {
    notes: texts(
      ['Password_Guessing', 'Bruteforcing'],
      'Parts of the names of notices that speak of guesses, such as Zeek raises for SSH and FTP.',
    ),
    entries: texts(
      ['Login_By_Password_Guesser'],
      'Parts of the names of notices that speak of a guess that was right.',
    ),
  },
  on: {
    notice(record, tools) {
      const { note, message, srcIp } = record
      const isEntry = tools.config.entries.some((part) => note.includes(part))
      if (!isEntry && !tools.config.notes.some((part) => note.includes(part))) return
      // What a notice is called is whom it is about and for which protocol: said once for each.
      tools.report({
        key: note.slice(0, 100),
        level: isEntry ? 'high' : 'medium',
        confidence: 1,
        record,
        victim: null,
        techniques: isEntry ? ['T1110.001', 'T1078'] : ['T1110.001'],
        description: `The sensor saw ${srcIp} ${isEntry ? 'log in after guessing passwords' : 'guess passwords'}: ${message.slice(0, 300)}`,
        facts: { note: note.slice(0, 100), confirmedConnections: connectionsIn(message, record.count) },
      })
    },
  },
})

/** How many connections the message says it was seen in, else the notice's own count, else 0. */
function connectionsIn(message: string, count: number | null): number {
  return Number(/seen in (\d{1,9}) connections/.exec(message)?.[1] ?? count ?? 0)
}
