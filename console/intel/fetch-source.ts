/**
 * A feed's text from a file or over HTTP, asked for only when it may have changed: by entity tag, by date, and by the hash of what came
 * where a server gives neither.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { consoleError } from '../errors.ts'
import { reasonOf } from '../system-error.ts'
import type { SourceHeader } from './source-file.ts'

export type Fetched =
  | { readonly isChanged: false; readonly etag: string; readonly lastModified: string }
  | {
      readonly isChanged: true
      readonly text: string
      readonly etag: string
      readonly lastModified: string
      readonly hash: string
    }

export type FetchOptions = {
  /** What is known from the last time; `null` to ask anew. */
  readonly known: Pick<SourceHeader, 'etag' | 'lastModified' | 'hash'> | null
  /** Sent with every request, such as a key. Never stored. */
  readonly headers: Readonly<Record<string, string>>
  readonly isTaxii: boolean
  readonly timeoutMs: number
}

/** A feed beyond this is not what it says it is. */
const MAX_BYTES = 512 * 1024 * 1024
/** Pages of one TAXII collection. */
const MAX_PAGES = 10_000
const TAXII = 'application/taxii+json;version=2.1'

export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source)
}

/** Throws `CONSOLE_FEED_UNREACHABLE` or `CONSOLE_UNREADABLE`. */
export async function fetchSource(source: string, options: FetchOptions): Promise<Fetched> {
  if (!isUrl(source)) return changed(await readLocal(source), options, '', '')
  if (options.isTaxii) return changed(await readCollection(source, options), options, '', '')
  const { known, headers } = options
  const response = await request(source, options, {
    ...headers,
    ...(known === null || known.etag === '' ? {} : { 'if-none-match': known.etag }),
    ...(known === null || known.lastModified === '' ? {} : { 'if-modified-since': known.lastModified }),
  })
  const etag = response.headers.get('etag') ?? ''
  const lastModified = response.headers.get('last-modified') ?? ''
  if (response.status === 304 && known !== null) {
    await response.body?.cancel()
    return { isChanged: false, etag: etag || known.etag, lastModified: lastModified || known.lastModified }
  }
  if (!response.ok) throw unreachable(source, `the server answered ${response.status}`)
  return changed(await bodyOf(source, response), options, etag, lastModified)
}

async function readLocal(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).size > MAX_BYTES)
      throw consoleError.UNREADABLE({ path, why: 'it is too large for a feed' })
    return await readFile(path)
  } catch (error) {
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
}

/** All pages of a collection's objects as one document. */
async function readCollection(source: string, options: FetchOptions): Promise<Buffer> {
  const pages: string[] = []
  let next = ''
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const url = new URL(source)
    url.searchParams.set('match[type]', 'indicator')
    if (next !== '') url.searchParams.set('next', next)
    const response = await request(url.href, options, { accept: TAXII, ...options.headers })
    if (!response.ok) throw unreachable(source, `the server answered ${response.status}`)
    const text = (await bodyOf(source, response)).toString('utf8')
    const envelope = envelopeOf(text)
    if (envelope === null) throw unreachable(source, 'the answer is no envelope of TAXII 2.1')
    pages.push(...envelope.objects)
    next = envelope.next
    if (next === '') return Buffer.from(`{"objects":[${pages.join(',')}]}`)
  }
  throw unreachable(source, 'the collection has no end')
}

function envelopeOf(text: string): { readonly objects: readonly string[]; readonly next: string } | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof json !== 'object' || json === null) return null
  const { objects, more, next }: Partial<Record<string, unknown>> = { ...json }
  if (objects !== undefined && !Array.isArray(objects)) return null
  return {
    objects: (objects ?? []).map((object) => JSON.stringify(object)),
    next: more === true && typeof next === 'string' ? next : '',
  }
}

async function request(
  url: string,
  options: FetchOptions,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(options.timeoutMs), redirect: 'follow' })
  } catch (error) {
    throw unreachable(url, whyOf(error), error)
  }
}

/** Read piece by piece, so that a body without end is noticed before memory is. */
async function bodyOf(source: string, response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength
      if (bytes > MAX_BYTES) throw new RangeError('it is too large for a feed')
      pieces.push(piece)
    }
  } catch (error) {
    throw unreachable(source, whyOf(error), error)
  }
  return Buffer.concat(pieces)
}

function changed(body: Buffer, { known }: FetchOptions, etag: string, lastModified: string): Fetched {
  const hash = createHash('sha256').update(body).digest('hex')
  if (known !== null && known.hash === hash) return { isChanged: false, etag, lastModified }
  const isGzip = body[0] === 0x1f && body[1] === 0x8b
  const text = isGzip
    ? gunzipSync(body, { maxOutputLength: MAX_BYTES }).toString('utf8')
    : body.toString('utf8')
  return { isChanged: true, text, etag, lastModified, hash }
}

function unreachable(source: string, why: string, cause?: unknown) {
  return consoleError.FEED_UNREACHABLE({ source, why }, cause)
}

/** `fetch` says why only in the cause of its error. */
export function whyOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return 'the server did not answer in time'
  return reasonOf(error instanceof Error && error.cause instanceof Error ? error.cause : error)
}
