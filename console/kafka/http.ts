/**
 * What a running process answers over HTTP, reading only:
 *
 *     /live                 200 while the process can answer at all
 *     /ready                200 when it has tasks and their state, and can decode what it reads; else 503 and why
 *     /metrics              for Prometheus
 *     /topology             the plan as text; as JSON where that is asked for (Accept, or ?format=json)
 *     /ledger               what became of the records of each input partition this process has, since the application
 *                           first read it: summed over the processes, of all
 *     /state/<store>/<key>  what this process holds of a key, as of the last commit
 */
import {
  describePlan,
  type Plan,
  type RunnerView,
  type StateReading,
  sumOfRestores,
  type TopologyMetrics,
  tellView,
} from '@weir/topology'
import { type MetricRegistry, systemClock } from '@weir/topology/kit'
import { consoleError } from '../errors.ts'
import { createServer, type Server } from './node-http.ts'

/** `view` and `readState` are asked anew for every request: the runner behind them changes when a process starts over. */
export type Served = {
  readonly plan: Plan
  readonly registry: MetricRegistry
  readonly metrics: TopologyMetrics
  view(): RunnerView | null
  /** Where all that was read was set aside: why. Whoever sees nothing is not ready. */
  blind?(): Error | null
  /** Brings those metrics up to date that the runtime knows nothing of. */
  tell?(): void
  readState(store: string, key: string): StateReading | null
}

type Answer = { readonly status: number; readonly type: string; readonly body: string }

export type HttpAddress = { readonly host: string; readonly port: number }

/** `HOST:PORT`, `[IPv6]:PORT` or a port alone, which is one of loopback; `null` for anything else. */
export function parseAddress(text: string): HttpAddress | null {
  const parts = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text)
  const port = Number(parts?.[3])
  if (parts === null || port > 65_535) return null
  return { host: parts[1] ?? parts[2] ?? '127.0.0.1', port }
}

/** Resolves when it listens; `port` is then the one it listens on. Rejects with a sentence when the address cannot be had. */
export async function serveHttp(
  { host, port }: HttpAddress,
  served: Served,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const send = ({ status, type, body }: Answer) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    answer(request.method ?? '', request.url ?? '/', request.headers.accept ?? '', served).then(
      send,
      (error: unknown) => send(sentence(500, error instanceof Error ? error.message : String(error))),
    )
  })
  await listen(server, host, port)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(method: string, url: string, accept: string, served: Served): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return sentence(405, 'Only GET is answered here.')
  const { pathname, searchParams } = URL.parse(url, 'http://localhost') ?? new URL('http://localhost/')
  if (pathname === '/live') return sentence(200, 'live')
  if (pathname === '/ready') return ready(served.view(), served.blind?.() ?? null)
  if (pathname === '/metrics') {
    const view = served.view()
    if (view !== null) tellView(view, served.metrics, systemClock.nowMs())
    served.tell?.()
    return { status: 200, type: served.registry.contentType, body: await served.registry.text() }
  }
  if (pathname === '/topology') {
    const wantsJson = searchParams.get('format') === 'json' || accept.includes('application/json')
    return wantsJson ? json(200, planOf(served.plan)) : text(200, describePlan(served.plan))
  }
  if (pathname === '/ledger') return ledger(served.view())
  const state = /^\/state\/([^/]+)\/(.+)$/.exec(pathname)
  if (state !== null) return stateOf(state[1] ?? '', state[2] ?? '', served)
  return sentence(404, 'There are /live, /ready, /metrics, /topology, /ledger and /state/<store>/<key>.')
}

function ready(view: RunnerView | null, blind: Error | null): Answer {
  if (view === null || view.state !== 'running') return sentence(503, 'not ready: not running')
  if (view.gone !== null) return sentence(503, `not ready: topic ${view.gone.topic} does not exist any more`)
  if (view.silentMs !== null)
    return sentence(503, `not ready: brokers have not answered for ${Math.round(view.silentMs / 1_000)} s`)
  if (view.restoring > 0) {
    const { done, total } = sumOfRestores(view.restores)
    const far = `${done} of ${total} changelog records read`
    return sentence(503, `not ready: restoring the state of ${view.restoring} tasks, ${far}`)
  }
  if (!view.joined) return sentence(503, 'not ready: joining the group')
  if (view.tasks.length === 0)
    return sentence(503, 'not ready: assigned no tasks; others in the group have them all')
  if (!view.ready) return sentence(503, 'not ready: the group is giving its tasks out anew')
  if (blind !== null) return sentence(503, `not ready: ${blind.message}`)
  return sentence(200, `ready: ${view.tasks.length} tasks`)
}

function ledger(view: RunnerView | null): Answer {
  const inputs = (view?.tasks ?? []).flatMap((task) =>
    task.inputs.map((input) => ({ subTopology: task.subTopology, ...input })),
  )
  const sum = (of: (input: (typeof inputs)[number]) => number) =>
    inputs.reduce((total, input) => total + of(input), 0)
  const total = {
    read: sum(({ read }) => read),
    processed: sum(({ processed }) => processed),
    deadLettered: sum(({ deadLettered }) => deadLettered),
    deletions: sum(({ deletions }) => deletions),
    marks: sum(({ marks }) => marks),
    inMemory: sum(({ inMemory }) => inMemory),
    skipped: sum(({ skipped }) => skipped),
  }
  return json(200, { generation: view?.generation ?? null, total, inputs })
}

function stateOf(storePart: string, keyPart: string, served: Served): Answer {
  const store = decoded(storePart)
  const key = decoded(keyPart)
  if (store === null || key === null) return sentence(400, 'Store and key must be percent-encoded UTF-8.')
  const reading = served.readState(store, key)
  if (reading === null) return sentence(503, 'not ready: not running')
  if (reading.is === 'unknown') {
    const names = served.plan.subTopologies.flatMap(({ stores }) => stores.map(({ name }) => name))
    return sentence(404, `There is no store '${store}'; there are ${names.join(', ')}.`)
  }
  const { partition } = reading
  if (reading.is === 'elsewhere') {
    return sentence(404, `The key belongs to partition ${partition}, which another process has.`)
  }
  if (reading.entries.length === 0)
    return sentence(404, `Nothing is remembered of '${key}' in '${store}' as of the last commit. ${keysLook}`)
  const entries = reading.entries.map(({ key: name, value, bytes }) => ({
    key: name,
    value: value === undefined ? null : value,
    bytes: Buffer.from(bytes).toString('base64'),
  }))
  return json(200, { store, key, partition, entries })
}

const keysLook =
  'The key of a host is its site and address, as in default|10.0.0.5, written default%7C10.0.0.5 in an address; of hosts whose input has ended nothing is kept.'

function planOf({ application, subTopologies, topics, deadLetters }: Plan) {
  return {
    application,
    deadLetters,
    topics: topics.map(({ topic, partitions, internal }) => ({ name: topic.name, partitions, internal })),
    subTopologies: subTopologies.map(({ id, partitions, sources, steps, sinks, stores }) => ({
      id,
      partitions,
      sources: sources.map(({ topic, table }) => ({ topic: topic.name, table })),
      steps: steps.map(({ name, spec }) => ({ name, kind: spec.kind })),
      sinks: sinks.map(({ topic }) => topic.name),
      stores,
    })),
  }
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

function sentence(status: number, body: string): Answer {
  return text(status, `${body}\n`)
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body }
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value, plain, 2)}\n` }
}

/** What JSON has no form for: maps by their keys, sets and typed arrays as lists. */
function plain(_name: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Object.values(value)
  if (typeof value === 'bigint') return value.toString()
  return value
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(consoleError.NO_HTTP({ address: `${host}:${port}` }, error)))
    server.listen(port, host, () => resolve())
  })
}
