/**
 * A feed's text from a file or over HTTP, asked for only when it may have changed: by entity tag, by date, and by the hash of what came
 * where a server gives neither.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { consoleError } from '../errors.ts'
import { jsonOf } from '../json-object.ts'
import { reasonOf } from '../system-error.ts'
import { shownSource } from './shown-source.ts'
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
  /** Sent with every request to the server of the source and to no other, such as a key. Never stored. */
  readonly headers: Readonly<Record<string, string>>
  readonly isTaxii: boolean
  readonly timeoutMs: number
}

/** A feed beyond this, as it is sent or unpacked, is not what it says it is. */
const MAX_BYTES = 256 * 1024 * 1024
/** Pages of one TAXII collection. */
const MAX_PAGES = 10_000
const MAX_REDIRECTS = 5
const TAXII = 'application/taxii+json;version=2.1'

export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source)
}

/** Throws `CONSOLE_FEED_UNREACHABLE` or `CONSOLE_UNREADABLE`. */
export async function fetchSource(source: string, options: FetchOptions): Promise<Fetched> {
  if (!isUrl(source)) return changed(source, await readLocal(source), options, '', '')
  if (options.isTaxii) return changed(source, await readCollection(source, options), options, '', '')
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
  return changed(source, await bodyOf(source, response), options, etag, lastModified)
}

async function readLocal(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).size > MAX_BYTES) throw new RangeError('it is too large for a feed')
    return await readFile(path)
  } catch (error) {
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
}

/**
 * All pages of a collection's objects as one document. A page that is not the last names the next one; where a server does not, the
 * rest is asked for by when the page's last object was added (TAXII 2.1, section 3.4).
 */
async function readCollection(source: string, options: FetchOptions): Promise<Buffer> {
  const pages: string[] = []
  let bytes = 0
  let next = ''
  let addedAfter = ''
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const url = new URL(source)
    url.searchParams.set('match[type]', 'indicator')
    if (next !== '') url.searchParams.set('next', next)
    if (addedAfter !== '') url.searchParams.set('added_after', addedAfter)
    const response = await request(url.href, options, { accept: TAXII, ...options.headers })
    if (!response.ok) throw unreachable(source, `the server answered ${response.status}`)
    const body = await bodyOf(source, response)
    bytes += body.byteLength
    if (bytes > MAX_BYTES) throw unreachable(source, 'it is too large for a feed')
    const envelope = envelopeOf(body.toString('utf8'))
    if (envelope === null) throw unreachable(source, 'the answer is no envelope of TAXII 2.1')
    pages.push(...envelope.objects)
    if (!envelope.hasMore) return Buffer.from(`{"objects":[${pages.join(',')}]}`)
    next = envelope.next
    if (next !== '') continue
    const last = response.headers.get('x-taxii-date-added-last') ?? ''
    // A part of a collection in the place of all of it would take away what the rest still says.
    if (last === '' || last === addedAfter)
      throw unreachable(source, 'the server has more and does not say where')
    addedAfter = last
  }
  throw unreachable(source, 'the collection has no end')
}

type Envelope = { readonly objects: readonly string[]; readonly hasMore: boolean; readonly next: string }

function envelopeOf(text: string): Envelope | null {
  const json = jsonOf(text)
  if (json === null) return null
  const { objects, more, next } = json
  if (objects !== undefined && !Array.isArray(objects)) return null
  return {
    objects: (objects ?? []).map((object) => JSON.stringify(object)),
    hasMore: more === true,
    next: more === true && typeof next === 'string' ? next : '',
  }
}

/** Follows redirects; with headers of our own only on the same server, as a key is for the one it was given for. */
async function request(
  url: string,
  options: FetchOptions,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  let at = url
  try {
    const signal = AbortSignal.timeout(options.timeoutMs)
    for (let step = 0; step <= MAX_REDIRECTS; step += 1) {
      const response = await fetch(at, { headers, signal, redirect: 'manual' })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || response.status === 304 || location === null)
        return response
      await response.body?.cancel()
      const target = URL.parse(location, at)
      if (target === null || !isUrl(target.href)) throw new RangeError('it redirects to what is no address')
      if (Object.keys(options.headers).length > 0 && target.origin !== new URL(at).origin)
        throw new RangeError(`it redirects to ${target.origin}, which the headers were not given for`)
      at = target.href
    }
    throw new RangeError('it redirects without end')
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

function changed(
  source: string,
  body: Buffer,
  { known }: FetchOptions,
  etag: string,
  lastModified: string,
): Fetched {
  const hash = createHash('sha256').update(body).digest('hex')
  if (known !== null && known.hash === hash) return { isChanged: false, etag, lastModified }
  return { isChanged: true, text: unpacked(source, body), etag, lastModified, hash }
}

/** What is cut off, damaged or grows without end is as good as not there. */
function unpacked(source: string, body: Buffer): string {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body.toString('utf8')
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BYTES }).toString('utf8')
  } catch (error) {
    const isLarge = error instanceof RangeError
    throw unreachable(source, isLarge ? 'it is too large for a feed' : 'its compression is damaged', error)
  }
}

function unreachable(source: string, why: string, cause?: unknown) {
  return consoleError.FEED_UNREACHABLE({ source: shownSource(source), why }, cause)
}

/** `fetch` says why only in the cause of its error. */
export function whyOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return 'the server did not answer in time'
  return reasonOf(error instanceof Error && error.cause instanceof Error ? error.cause : error)
}
