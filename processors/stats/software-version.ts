/** What a program calls itself, in two parts. */
export type SoftwareVersion = {
  /** As written, up to its version: `OpenSSH`. */
  readonly name: string
  readonly major: number
  readonly minor: number
}

const MAX_NAME = 40

/**
 * The name and the first two numbers of a text such as `SSH-2.0-OpenSSH_9.6p1 Debian-3`, or `null` where there is no version in
 * it. The protocol's own version in front does not count.
 */
export function softwareVersion(text: string): SoftwareVersion | null {
  const own = /^SSH-\d+(?:\.\d+)?-(.*)$/s.exec(text)?.[1] ?? text
  const [program = ''] = own.slice(0, 200).split(/[\s,;(]/, 1)
  const parts = /^(.*?)[_/-]v?(\d{1,6})(?:\.(\d{1,6}))?/.exec(program)
  if (parts === null || parts[1] === '') return null
  return { name: (parts[1] ?? '').slice(0, MAX_NAME), major: Number(parts[2]), minor: Number(parts[3] ?? 0) }
}

/** Whether the first of two versions of one program came out after the second. */
export function isLater(a: SoftwareVersion, b: SoftwareVersion): boolean {
  return a.major > b.major || (a.major === b.major && a.minor > b.minor)
}
