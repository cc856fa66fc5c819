import { once } from 'node:events'
import { createServer, type TlsOptions } from 'node:tls'
import { certificate } from './certificate.ts'

/** A TLS server on loopback that goes away with the test. Gives its port. */
export async function tlsServer(
  t: { after(work: () => void): void },
  given: TlsOptions = {},
): Promise<number> {
  const server = createServer({ ...certificate, ...given })
  // Every probe ends in a broken handshake.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
