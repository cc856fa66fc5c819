/**
 * What an active probe of a TLS server found, kept as an indicator that accuses nobody: its value is the server, and a tag of a strict
 * form holds the fingerprint and when it was taken. Detectors only look up; nobody who watches ever connects.
 */

export type Probe = {
  /** 62 digits, never those of a server that answered nothing. */
  readonly jarm: string
  /** When the server was asked, to the second. */
  readonly atMs: number
}

/** The JARM of a server that answers no probe: it says nothing, whoever lists it. */
export const noJarm = '0'.repeat(62)

/** `93.184.216.34:443`, `[2a00:1450::7]:443`: what a `tls_server` is called. The address is canonical. */
export function serverText(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

export function probeTag({ jarm, atMs }: Probe): string {
  return `jarm:${jarm}@${new Date(atMs).toISOString().slice(0, 19)}Z`
}

const form = /^jarm:([0-9a-f]{62})@(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/

/** The newest of them, as a folder and a topic may have kept one each; `null` without any of the form. */
export function keptProbe(tags: readonly string[]): Probe | null {
  let newest: Probe | null = null
  for (const tag of tags) {
    const [, jarm = '', at = ''] = form.exec(tag) ?? []
    const atMs = Date.parse(at)
    if (jarm === noJarm || Number.isNaN(atMs)) continue
    if (newest === null || atMs > newest.atMs) newest = { jarm, atMs }
  }
  return newest
}
