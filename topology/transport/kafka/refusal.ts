/**
 * What asking again does not mend: the brokers do not trust us, or we do not trust them. Told apart from brokers that are away
 * by the codes of answers, by what Node says of a handshake, and by the client library's own words about a log-in.
 */
import { topologyError } from '../../errors.ts'
import { WeirError } from '../../kit/errors.ts'

/** Codes that name a missing right, by what the right is over (protocol guide, «Error Codes»). */
const rights: ReadonlyMap<number, string> = new Map([
  [29, 'topic'],
  [30, 'group'],
  [31, 'cluster'],
  [53, 'transactional id'],
])
const saslAuthenticationFailed = 58

/** Of Node's TLS: the broker's certificate does not hold. */
const untrusted = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/

/** The sentence for the user, or `null` when it may be worth trying again. Looks through causes. */
export function refusalOf(what: string, codes: readonly number[], cause: unknown): WeirError | null {
  for (const code of codes) {
    const over = rights.get(code)
    if (over !== undefined) return topologyError.NOT_ALLOWED({ what, over })
    if (code === saslAuthenticationFailed) return topologyError.LOGIN_REFUSED({ what })
  }
  for (let error = cause, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth += 1) {
    if (error instanceof WeirError) return refusals.has(error.code) ? error : null
    const refusal = ofError(what, error)
    if (refusal !== null) return refusal
  }
  return null
}

const refusals: ReadonlySet<string> = new Set([
  'TOPO_NOT_ALLOWED',
  'TOPO_LOGIN_REFUSED',
  'TOPO_BROKER_UNTRUSTED',
  'TOPO_CERTIFICATE_REFUSED',
  'TOPO_TLS_DIFFERS',
])

function ofError(what: string, error: Error): WeirError | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const { message } = error
  if (untrusted.test(code))
    return topologyError.BROKER_UNTRUSTED({ what, why: message.split(';', 1)[0] ?? message }, error)
  if (/^ERR_SSL_.*ALERT_.*(?:CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS_DENIED)/.test(code))
    return topologyError.CERTIFICATE_REFUSED({ what, why: message }, error)
  if (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    /^ERR_SSL_PACKET_LENGTH|verify the broker supports TLS/.test(code + message)
  ) {
    return topologyError.TLS_DIFFERS({ what, how: 'does not talk TLS, and we do' }, error)
  }
  if (message === 'Broker requires TLS.') {
    return topologyError.TLS_DIFFERS({ what, how: 'talks TLS, and we do not' }, error)
  }
  if (/SASL authentication failed|suitable SASL mechanism|SCRAM|OAUTHBEARER/i.test(message)) {
    return topologyError.LOGIN_REFUSED({ what, why: message }, error)
  }
  return null
}
