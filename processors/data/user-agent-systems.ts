/**
 * Which family of operating systems an HTTP client says it runs on. Marks as browsers, libraries and system services write them by their
 * own documentation (MDN «User-Agent», Microsoft's and Apple's developer pages).
 */
export type SystemFamily = 'windows' | 'apple' | 'android' | 'chromeos' | 'linux' | 'console' | 'television'

/** The first mark found decides, so that what names others for the sake of old pages stands before them. */
const marks: readonly (readonly [mark: string, family: SystemFamily])[] = [
  ['Xbox', 'console'],
  ['PlayStation', 'console'],
  ['Nintendo', 'console'],
  ['Windows', 'windows'],
  ['Win32', 'windows'],
  ['Win64', 'windows'],
  ['Microsoft-CryptoAPI', 'windows'],
  ['Microsoft BITS', 'windows'],
  ['Microsoft NCSI', 'windows'],
  ['Microsoft-WNS', 'windows'],
  ['Microsoft-Delivery-Optimization', 'windows'],
  ['Tizen', 'television'],
  ['Web0S', 'television'],
  ['SMART-TV', 'television'],
  ['Android', 'android'],
  ['Dalvik/', 'android'],
  ['iPhone', 'apple'],
  ['iPad', 'apple'],
  ['iPod', 'apple'],
  ['iOS/', 'apple'],
  ['Macintosh', 'apple'],
  ['Mac OS X', 'apple'],
  ['macOS', 'apple'],
  ['Darwin/', 'apple'],
  ['CrOS', 'chromeos'],
  ['Linux', 'linux'],
  ['Ubuntu', 'linux'],
  ['Debian', 'linux'],
  ['Fedora', 'linux'],
]

const LONGEST = 512

/** Requests of one client follow one another. */
let lastAgent = ''
let lastFamily: SystemFamily | null = null

/** The family the client names, or `null` where it names none. */
export function systemOf(userAgent: string): SystemFamily | null {
  if (userAgent === lastAgent) return lastFamily
  lastAgent = userAgent
  lastFamily = find(userAgent)
  return lastFamily
}

function find(userAgent: string): SystemFamily | null {
  // Browsers name their system in the first brackets; what follows is long and says nothing of it.
  const end = userAgent.startsWith('Mozilla/5.0 (') ? userAgent.indexOf(')') : -1
  const named = familyIn(userAgent.slice(0, end > 0 && end < LONGEST ? end : LONGEST))
  return named ?? (end > 0 ? familyIn(userAgent.slice(0, LONGEST)) : null)
}

function familyIn(text: string): SystemFamily | null {
  for (const [mark, family] of marks) if (text.includes(mark)) return family
  return null
}
