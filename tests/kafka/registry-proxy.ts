import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'

export type RegistryProxy = {
  readonly url: string
  /** Requests that came with the right log-in. */
  readonly passed: () => number
  close(): Promise<void>
}

/**
 * The registry at `target` behind TLS and a log-in, as operators put one: `pem` holds the key and the certificate. What comes without
 * the log-in is answered with 401 and goes no further.
 */
export async function registryBehindTls(
  target: string,
  pem: string,
  login: { readonly username: string; readonly password: string },
): Promise<RegistryProxy> {
  const both = readFileSync(pem, 'utf8')
  const wanted = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  const { origin, pathname } = new URL(target)
  let passed = 0
  const server = createServer({ key: both, cert: both }, (asked, answer) => {
    if (asked.headers.authorization !== wanted) {
      answer.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end('{"message":"who are you"}')
      return
    }
    passed += 1
    const { authorization: _, host: __, ...headers } = asked.headers
    const passing = request(`${origin}${asked.url ?? '/'}`, { method: asked.method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.pipe(answer)
    })
    passing.on('error', () => answer.writeHead(502).end())
    asked.pipe(passing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `https://localhost:${port}${pathname}`,
    passed: () => passed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
