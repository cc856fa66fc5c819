/**
 * Which family of operating systems an HTTP client says it runs on. Marks as browsers, libraries and system services write them by their
 * own documentation (MDN «User-Agent», Microsoft's and Apple's developer pages).
 */
export const systemFamilies = [
  'windows',
  'apple',
  'android',
  'chromeos',
  'linux',
  'console',
  'television',
] as const

export type SystemFamily = (typeof systemFamilies)[number]

export const isSystemFamily = (text: string): text is SystemFamily =>
  systemFamilies.some((one) => one === text)

/** The first mark found decides, so that what names others for the sake of old pages stands before them. */
const builtIn: readonly (readonly [mark: string, family: SystemFamily])[] = [
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

const marks: (readonly [mark: string, family: SystemFamily])[] = [...builtIn]

/** As lines of a data file: `windows,Win64`. */
export const systemMarkLines: readonly string[] = builtIn.map(([mark, family]) => `${family},${mark}`)

/** Takes the place of the marks known so far, in the order of the lines. Trusts them. */
export function useSystemMarks(lines: readonly string[]): void {
  marks.length = 0
  lastAgent = ''
  lastFamily = null
  for (const line of lines) {
    const family = line.slice(0, line.indexOf(','))
    if (isSystemFamily(family)) marks.push([line.slice(family.length + 1), family])
  }
}

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
