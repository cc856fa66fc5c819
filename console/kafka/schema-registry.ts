/**
 * The few requests of Confluent's schema registry that Weir makes:
 *
 *     POST /subjects/<subject>             {schema} → {id, …}; 404 when the subject has not this schema
 *     POST /subjects/<subject>/versions    {schema} → {id}; 409 when it is incompatible with the versions there are
 *     GET  /schemas/ids/<id>               → {schema}; 404 when there is none
 */
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { systemClock, WeirError } from '@weir/topology/kit'
import { isObject } from '../analyze/setting-checks.ts'
import { consoleError } from '../errors.ts'
import { printable } from '../report/printable.ts'
import type { Connection } from './connection.ts'
import { Agent as PlainAgent, request as plainRequest } from './node-http.ts'

export type RegistrySettings = NonNullable<Connection['registry']>

type Answer = { readonly status: number; readonly body: unknown; readonly text: string }

const requestMs = 10_000
/** A judgement: an answer with a schema is some ten kilobytes. */
const mostBytes = 4 * 1024 * 1024

export class SchemaRegistry {
  readonly #settings: RegistrySettings
  readonly #giveUpMs: number
  /** Keeps connections for the next question; those that are idle keep no process alive. */
  readonly #agent: PlainAgent

  /** A registry that is away is asked again for so long. */
  constructor(settings: RegistrySettings, giveUpMs: number) {
    this.#settings = settings
    this.#giveUpMs = giveUpMs
    const Agent = settings.url.startsWith('https:') ? TlsAgent : PlainAgent
    this.#agent = new Agent({ keepAlive: true })
  }

  /** Resolves once it has answered as a registry does. */
  async reach(): Promise<void> {
    await this.schemaOf(1)
  }

  /** The id of the schema under its subject, where it becomes the newest version unless it is one already. */
  async register(subject: string, schema: string): Promise<number> {
    const path = `/subjects/${encodeURIComponent(subject)}`
    const present = await this.#asked('POST', path, { schema })
    const answer =
      present.status === 404 ? await this.#asked('POST', `${path}/versions`, { schema }) : present
    const id = isObject(answer.body) ? answer.body.id : undefined
    if (answer.status === 200) {
      if (typeof id === 'number') return id
      throw consoleError.REGISTRY_FAILED({
        url: this.#settings.url,
        why: 'it does not answer as a registry does',
      })
    }
    throw consoleError.SCHEMA_REFUSED({ subject, why: whyOf(answer) })
  }

  /** `null` when there is no schema of this id, or none in Avro. */
  async schemaOf(id: number): Promise<string | null> {
    const answer = await this.#asked('GET', `/schemas/ids/${id}`, null)
    if (answer.status === 404) return null
    if (answer.status !== 200 || !isObject(answer.body) || typeof answer.body.schema !== 'string') {
      throw consoleError.REGISTRY_FAILED({ url: this.#settings.url, why: whyOf(answer) })
    }
    const { schema, schemaType = 'AVRO' } = answer.body
    return schemaType === 'AVRO' ? schema : null
  }

  /** Again, after a growing pause, while nobody answers or the registry says that it is not well. */
  async #asked(method: 'GET' | 'POST', path: string, body: unknown): Promise<Answer> {
    const { url } = this.#settings
    const untilMs = systemClock.monotonicMs() + this.#giveUpMs
    for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, 2_000)) {
      let why: string
      try {
        const answer = await this.#ask(method, path, body)
        if (answer.status === 401 || answer.status === 403) {
          throw consoleError.REGISTRY_FAILED({ url, why: `it does not let us in (${answer.status})` })
        }
        if (isOfAnotherPath(answer)) throw consoleError.REGISTRY_FAILED({ url, why: noneThere })
        if (answer.status < 500) return answer
        why = whyOf(answer)
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error instanceof WeirError) throw error
        why = error.message
        if (typeof error.code !== 'string' || !/^E[A-Z]+$/.test(error.code)) {
          throw consoleError.REGISTRY_FAILED({ url, why }, error)
        }
      }
      if (systemClock.monotonicMs() >= untilMs) throw consoleError.REGISTRY_FAILED({ url, why })
      await systemClock.sleep(pauseMs)
    }
  }

  #ask(method: string, path: string, body: unknown): Promise<Answer> {
    const { url, ca, login } = this.#settings
    const request = url.startsWith('https:') ? tlsRequest : plainRequest
    const content = body === null ? '' : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const asking = request(
        `${url}${path}`,
        {
          method,
          timeout: requestMs,
          agent: this.#agent,
          headers: {
            accept: 'application/vnd.schemaregistry.v1+json',
            ...(body === null
              ? {}
              : {
                  'content-type': 'application/vnd.schemaregistry.v1+json',
                  'content-length': Buffer.byteLength(content),
                }),
          },
          ...(ca === null ? {} : { ca }),
          ...(login === null ? {} : { auth: `${login.username}:${login.password}` }),
        },
        (response) => {
          const parts: Buffer[] = []
          let size = 0
          response.on('data', (part: Buffer) => {
            size += part.length
            if (size > mostBytes)
              response.destroy(Object.assign(new Error('its answer is too long'), { code: 'TOO_LONG' }))
            else parts.push(part)
          })
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8')
            resolve({ status: response.statusCode ?? 0, text, body: parsed(text) })
          })
        },
      )
      asking.on('timeout', () =>
        asking.destroy(Object.assign(new Error('it does not answer'), { code: 'ETIMEDOUT' })),
      )
      asking.on('error', reject)
      asking.end(content)
    })
  }
}

const noneThere =
  'there is none at this path (404); the path is part of the address, as in http://registry:8080/apis/ccompat/v7'

/** A registry names what is absent by codes of its own, such as 40401; any other 404 is of who has never heard of the path. */
function isOfAnotherPath({ status, body }: Answer): boolean {
  if (status !== 404) return false
  return !isObject(body) || typeof body.error_code !== 'number' || body.error_code < 40_400
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function whyOf({ status, body, text }: Answer): string {
  const message = isObject(body) && typeof body.message === 'string' ? body.message : text
  return printable(`${message.slice(0, 300)} (${status})`.trim())
}
