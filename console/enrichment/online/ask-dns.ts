/** Questions to DNS servers: those of the machine, or the ones that were named. */
import { Resolver } from 'node:dns/promises'
import { type Answer, type Door, failed, unknownAnswer } from './look-up.ts'

/** What the servers say, or what became of the question instead. */
export async function askDns(
  door: Door,
  question: (resolver: Resolver) => Promise<readonly string[]>,
): Promise<{ readonly texts: readonly string[] } | Answer> {
  try {
    const resolver = new Resolver({ timeout: door.timeoutMs, tries: 1 })
    if (door.dnsServers.length > 0) resolver.setServers(door.dnsServers)
    const stop = () => resolver.cancel()
    door.interruption.addEventListener('abort', stop, { once: true })
    try {
      return { texts: await question(resolver) }
    } finally {
      door.interruption.removeEventListener('abort', stop)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOTFOUND' || code === 'ENODATA') return unknownAnswer
    if (code === 'ETIMEOUT' || code === 'ECONNREFUSED') return failed('no DNS server answers')
    return failed(
      code === 'ESERVFAIL' ? 'the DNS server could not find out' : `DNS: ${code || String(error)}`,
    )
  }
}
