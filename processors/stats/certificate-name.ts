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

/** The organisation of a distinguished name, as it is written; `''` when it has none. A comma within it stands behind a backslash. */
export function organisationOf(subject: string): string {
  const value = /(?:^|,)\s*O=((?:\\.|[^,\\]){1,255})/i.exec(subject.slice(0, 2_000))?.[1] ?? ''
  return value.replaceAll('\\', '').trim()
}

/** Who signed it: nobody else, an authority that no one knows, or another; by the sensor's word before that of the certificate. */
export function isSelfSigned(
  validationStatus: string,
  subject: string,
  issuer: string,
): 'itself' | 'in its chain' | 'no' {
  const status = validationStatus.toLowerCase()
  // OpenSSL 3 writes it with a hyphen, those before without.
  if (status.includes('self signed') || status.includes('self-signed')) {
    return status.includes('chain') ? 'in its chain' : 'itself'
  }
  return status !== 'ok' && subject !== '' && subject === issuer ? 'itself' : 'no'
}
