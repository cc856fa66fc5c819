/** An HTTP server on loopback that answers from a table of what was asked. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'

export type Asked = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Reply = {
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export type HttpService = { readonly url: string; readonly asked: readonly Asked[] }

/** Closed with the test. A question that `reply` has nothing for is answered 404. */
export async function serve(
  t: { after(work: () => void): void },
  reply: (asked: Asked) => Reply | undefined,
): Promise<HttpService> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    const one: Asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
    }
    asked.push(one)
    const { status = 200, body: text = '', headers = {} } = reply(one) ?? { status: 404 }
    response.writeHead(status, headers)
    response.end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, asked }
}
