/** One question over HTTP: in time, of bounded size, and with the ways in which a service says no told apart. */
import { whyOf } from '../../intel/fetch-source.ts'
import { type Answer, type Door, failed, unknownAnswer } from './look-up.ts'

export type HttpQuestion = {
  /** Below the door's address, with a slash at its beginning. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as a form by POST; GET without. */
  readonly form?: Readonly<Record<string, string>>
}

const MAX_BYTES = 4 * 1024 * 1024

/** The text of the answer, or what became of the question instead. */
export async function askHttp(
  door: Door,
  { path, headers = {}, form }: HttpQuestion,
): Promise<{ readonly text: string } | Answer> {
  try {
    const response = await fetch(`${door.url.replace(/\/$/, '')}${path}`, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', ...headers },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      signal: AbortSignal.any([AbortSignal.timeout(door.timeoutMs), door.interruption]),
      // A key is for the service it was given for, and not for whoever that points at.
      redirect: door.key === '' ? 'follow' : 'error',
    })
    const no = refusal(response.status)
    if (no !== null) {
      await response.body?.cancel()
      return no
    }
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength
      if (bytes > MAX_BYTES) return failed('the answer is too large')
      pieces.push(piece)
    }
    return { text: Buffer.concat(pieces).toString('utf8') }
  } catch (error) {
    return failed(whyOf(error))
  }
}

/** As `askHttp`, for services that answer with one JSON value. */
export async function askJson(
  door: Door,
  question: HttpQuestion,
): Promise<{ readonly json: unknown } | Answer> {
  const answer = await askHttp(door, question)
  if (!('text' in answer)) return answer
  try {
    const json: unknown = JSON.parse(answer.text)
    return { json }
  } catch {
    return failed('the answer is no JSON')
  }
}

function refusal(status: number): Answer | null {
  if (status === 404 || status === 204)
    return status === 404 ? unknownAnswer : failed('too many questions', true)
  if (status === 401 || status === 403) return failed('the key is refused', true)
  if (status === 429) return failed('too many questions', true)
  return status >= 200 && status < 300 ? null : failed(`the server answered ${status}`)
}
