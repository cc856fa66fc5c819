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

/** The family the client names, or `null` where it names none. */
export function systemOf(userAgent: string): SystemFamily | null {
  if (userAgent === '') return null
  const agent = userAgent.length > LONGEST ? userAgent.slice(0, LONGEST) : userAgent
  for (const [mark, family] of marks) if (agent.includes(mark)) return family
  return null
}
