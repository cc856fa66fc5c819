import type { Http, Weird } from '@weir/schemas'
import { knownMethods } from '../data/http-methods.ts'
import { bySource } from '../keys.ts'
import { tellAtSteps } from '../stats/tally.ts'
import { defineDetector, type Tools } from './detector.ts'
import { steps, texts } from './settings.ts'

/** Requests by method. Both logs may tell of one: the later steps are then of requests and oddities together. */
type State = Map<string, number>

const MAX_METHODS = 20
const MAX_METHOD = 50

const settings = {
  known: texts(knownMethods, 'Methods that are in order, in capitals.'),
  names: texts(['unknown_HTTP_method'], 'Names of the oddities by which a sensor tells of such a method.'),
  steps: steps([1, 10, 100, 1_000], 'Requests with one method in one window at which it is said.'),
}

type MethodTools = Tools<State, typeof settings>

export const weirdHttpMethod = defineDetector({
  id: 'weird-http-method',
  version: 1,
  claim: 'A host sent an HTTP request with a method that does not exist.',
  spec: 'HTTP-07',
  types: ['WEIRD_HTTP_METHOD'],
  level: 'medium',
  techniques: ['T1071.001'],
  misfires: 'Software with methods of its own; other protocols that a sensor takes for HTTP.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 1, maxBytes: 3_000, empty: (): State => new Map() },
  on: {
    http(record, tools) {
      // Most are one of two; some sensors write them in the case of the wire.
      if (record.method === 'GET' || record.method === 'POST' || record.method === '') return
      if (!tools.config.known.includes(record.method.toUpperCase())) say(record, record.method, tools)
    },
    weird(record, tools) {
      if (record.dstIp !== '' && tools.config.names.includes(record.name)) say(record, record.addl, tools)
    },
  },
})

function say(record: Http | Weird, written: string, tools: MethodTools): void {
  const method = written.slice(0, MAX_METHOD)
  const requests = tellAtSteps(tools.state(), method, tools.config.steps, MAX_METHODS)
  if (requests === 0) return
  const { srcIp, dstIp } = record
  const times = requests === 1 ? '' : `, ${requests} times`
  tools.report({
    key: `${method}|${requests}`,
    confidence: 0.9,
    record,
    description: `${srcIp} sent ${dstIp} an HTTP request with the method '${method}'${times}.`,
    facts: {
      method,
      requests,
      toldBy: record.kind === 'http' ? 'requests' : 'oddities',
      ...(record.kind === 'http' ? { host: record.host.slice(0, 255), uri: record.uri.slice(0, 200) } : {}),
    },
  })
}
