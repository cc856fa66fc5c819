import type { Parsed } from './parser.ts'
import { countOrNull, type Fields } from './zeek-fields.ts'
import { connectionHeadOf } from './zeek-head.ts'

export function sshOf(fields: Fields, site: string): Parsed {
  const head = connectionHeadOf(fields, site, 'tcp')
  if ('kind' in head) return head
  return {
    ...head,
    kind: 'ssh',
    version: fields.text('version'),
    authSuccess: fields.flag('auth_success') ?? successOf(fields.text('status')),
    authAttempts: countOrNull(fields, 'auth_attempts'),
    client: fields.text('client'),
    server: fields.text('server'),
    cipher: fields.text('cipher_alg'),
    mac: fields.text('mac_alg'),
    compression: fields.text('compression_alg'),
    kex: fields.text('kex_alg'),
    hostKeyAlgorithm: fields.text('host_key_alg'),
    hostKey: fields.text('host_key'),
  }
}

/** Bro before 2.4 wrote words. */
function successOf(status: string): boolean | null {
  return status === 'success' ? true : status === 'failure' ? false : null
}
