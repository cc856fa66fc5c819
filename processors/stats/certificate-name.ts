/** The common name of a distinguished name as sensors write it (`CN=*.example.com,O=Example`), in lower case; `''` when it has none. */
export function commonNameOf(subject: string): string {
  const name = /(?:^|,)\s*CN=([^,]{1,255})/i.exec(subject.slice(0, 2_000))?.[1] ?? ''
  return name.trim().toLowerCase()
}

/**
 * Whether a name of a certificate stands for the host (RFC 6125 section 6.4): the very name, or a `*` as the whole of its first label
 * for exactly one label. Both in lower case.
 */
export function namesHost(certified: string, host: string): boolean {
  if (certified === host) return true
  if (!certified.startsWith('*.')) return false
  const dot = host.indexOf('.')
  return dot > 0 && host.slice(dot) === certified.slice(1)
}
