/**
 * Answers of one service on disk, so that nothing is asked twice while its answer is good: a JSON line for each subject. What the service knew is kept as long as the service's row says, what it did not
 * know for a shorter time, and what failed for some minutes (specification section 3: 300 s).
 */
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { consoleError } from '../../errors.ts'
import { isJson, jsonOf } from '../../json-object.ts'
import { LineFile } from '../../results/line-file.ts'
import { makeFolders } from '../../results/make-folders.ts'
import { reasonOf } from '../../system-error.ts'
import type { Facts } from './facts.ts'
import type { Answer, Subject } from './look-up.ts'

export type Cached = { readonly askedMs: number; readonly answer: Answer }

const FAILED_MS = 300_000
const UNKNOWN_MS = 86_400_000
/** The answers given last stay. */
const MAX_ANSWERS = 100_000

export class AnswerCache {
  readonly #path: string
  readonly #keepForMs: number
  readonly #answers = new Map<string, Cached>()
  #isChanged = false

  /** What is in the folder and still good at `nowMs`; a line that is none of ours is passed over. Throws `CONSOLE_UNREADABLE`. */
  constructor(folder: string, name: string, keepForMs: number, nowMs: number) {
    this.#path = join(folder, `${name}.jsonl`)
    this.#keepForMs = keepForMs
    for (const line of linesIn(this.#path)) {
      const row = rowOf(line)
      if (row !== null && this.#isGood(row.cached, nowMs)) this.#answers.set(row.key, row.cached)
    }
  }

  get(subject: Subject, nowMs: number): Cached | null {
    const cached = this.#answers.get(keyOf(subject))
    return cached !== undefined && this.#isGood(cached, nowMs) ? cached : null
  }

  set(subject: Subject, answer: Answer, askedMs: number): void {
    const key = keyOf(subject)
    this.#answers.delete(key)
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.delete(this.#answers.keys().next().value ?? key)
    this.#answers.set(key, { askedMs, answer })
    this.#isChanged = true
  }

  /** The file is there whole or is as it was. Throws `CONSOLE_UNWRITABLE`. */
  save(): void {
    if (!this.#isChanged) return
    const temporary = `${this.#path}.${process.pid}.tmp`
    try {
      makeFolders(join(this.#path, '..'))
      const file = LineFile.create(temporary)
      for (const [key, { askedMs, answer }] of this.#answers)
        file.write(JSON.stringify({ key, askedMs, ...answer }))
      file.close()
      renameSync(temporary, this.#path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw consoleError.UNWRITABLE({ path: this.#path, why: reasonOf(error) }, error)
    }
    this.#isChanged = false
  }

  #isGood({ askedMs, answer }: Cached, nowMs: number): boolean {
    const keptMs =
      answer.kind === 'failed'
        ? FAILED_MS
        : answer.kind === 'unknown'
          ? Math.min(UNKNOWN_MS, this.#keepForMs)
          : this.#keepForMs
    // A clock that was set back must not make answers good for ever.
    return askedMs <= nowMs && nowMs - askedMs < keptMs
  }
}

function linesIn(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
}

const keyOf = ({ kind, value }: Subject): string => `${kind} ${value}`

function rowOf(line: string): { readonly key: string; readonly cached: Cached } | null {
  const json = jsonOf(line)
  if (json === null || typeof json.key !== 'string' || typeof json.askedMs !== 'number') return null
  const answer = answerOf(json)
  return answer === null ? null : { key: json.key, cached: { askedMs: json.askedMs, answer } }
}

function answerOf({ kind, facts, why }: Readonly<Record<string, unknown>>): Answer | null {
  if (kind === 'unknown') return { kind }
  if (kind === 'failed') return { kind, why: typeof why === 'string' ? why : '', isFinal: false }
  return kind === 'known' && isFacts(facts) ? { kind, facts } : null
}

function isFacts(value: unknown): value is Facts {
  return (
    isJson(value) &&
    Object.values(value).every((fact) => ['string', 'number', 'boolean'].includes(typeof fact))
  )
}
