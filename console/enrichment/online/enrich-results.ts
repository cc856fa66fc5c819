/**
 * What strangers know of what was found, after the results are in place: `evidence.jsonl` and `met.jsonl` are read, `enrichment.jsonl` is written beside it, and
 * nothing else is touched. A look-up that fails leaves a line that says so.
 */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Indicators, Network } from '@weir/processors'
import { type Level, parseEvidenceLine } from '@weir/schemas'
import type { Clock } from '@weir/topology/kit'
import { consoleError } from '../../errors.ts'
import type { IndicatorStore } from '../../intel/indicator-store.ts'
import { ResultFiles } from '../../results/result-files.ts'
import { reasonOf } from '../../system-error.ts'
import { readMet } from '../met-subjects.ts'
import type { OnlineId } from '../online-ids.ts'
import { AnswerCache, type Cached } from './answer-cache.ts'
import type { Facts } from './facts.ts'
import { type ListedAnswer, listAnswers } from './list-answers.ts'
import type { Answer, Door, LookUp, Subject } from './look-up.ts'
import { RateLimit } from './rate-limit.ts'
import { lookUps } from './registry.ts'
import { type EvidenceSubject, Subjects } from './subjects.ts'

/** A look-up with every setting decided. */
export type Service = {
  readonly id: OnlineId
  readonly door: Omit<Door, 'interruption'>
  readonly perMinute: number
  readonly keepForMs: number
}

export type EnrichRun = {
  readonly services: readonly Service[]
  /** Folder of the answers. */
  readonly cache: string
  readonly network: Network
  /** What is known to be good in it is not asked about. */
  readonly intel: Pick<Indicators, 'isKnownGood'>
  /** Where what is malicious is to be listed; `null` for nowhere. */
  readonly listIn: IndicatorStore | null
  /** Evidence below it is not asked about. */
  readonly minLevel: Level
  readonly mostSubjects: number
  readonly clock: Clock
  readonly interruption: AbortSignal
  /** Told after each question of a service, and once before the first. */
  readonly tell?: (id: OnlineId, done: number, all: number, perMinute: number) => void
}

export type Enriched = {
  readonly subjects: number
  readonly byService: Readonly<Partial<Record<OnlineId, ServiceTotals>>>
  /** Indicators that the services asked have now; `null` when none were to be listed. */
  readonly listed: number | null
}

/** What services know, with until when it is good. */
function answersIn(rows: readonly Row[], { services }: EnrichRun): readonly ListedAnswer[] {
  const keepForMs = new Map(services.map((service) => [service.id, service.keepForMs]))
  return rows.flatMap(({ about, id, cached: { askedMs, answer } }) =>
    answer.kind === 'known'
      ? [{ id, subject: about.subject, facts: answer.facts, untilMs: askedMs + (keepForMs.get(id) ?? 0) }]
      : [],
  )
}

export type ServiceTotals = {
  readonly asked: number
  readonly fromCache: number
  readonly known: number
  readonly failed: number
  /** Why it was not asked to the end; `''` when it was. */
  readonly gaveUp: string
}

type Row = { readonly about: EvidenceSubject; readonly id: OnlineId; readonly cached: Cached }

/** After so many failures in a row a service is left alone. */
const MOST_FAILURES = 3
const DAY_MS = 86_400_000

/**
 * Throws `CONSOLE_UNREADABLE` when there are no results in `out`; when told to stop, `CONSOLE_ENRICH_INTERRUPTED`, with what is known by
 * then in place.
 */
export async function enrichResults(out: string, run: EnrichRun): Promise<Enriched> {
  const subjects = await subjectsIn(out, run)
  const rows: Row[] = []
  const totals = await Promise.all(
    run.services.map(async (service) => [service.id, await askAll(service, subjects, run, rows)] as const),
  )
  const files = ResultFiles.create(out)
  try {
    const file = files.open('enrichment.jsonl')
    const order = new Map(subjects.map((about, i) => [about, i]))
    rows.sort((a, b) => (order.get(a.about) ?? 0) - (order.get(b.about) ?? 0) || (a.id < b.id ? -1 : 1))
    for (const row of rows) file.write(lineOf(row))
    files.publish()
  } catch (error) {
    files.discard()
    throw error
  }
  const listed = run.listIn === null ? null : listAnswers(run.listIn, answersIn(rows, run), run.clock.nowMs())
  if (run.interruption.aborted) throw consoleError.ENRICH_INTERRUPTED({ answers: rows.length })
  return { subjects: subjects.length, byService: Object.fromEntries(totals), listed }
}

async function subjectsIn(out: string, { minLevel, network, intel, mostSubjects }: EnrichRun) {
  const subjects = new Subjects(minLevel, network, intel)
  const path = join(out, 'evidence.jsonl')
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      if (line !== '') subjects.add(parseEvidenceLine(line))
    }
  } catch (error) {
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
  const metPath = join(out, 'met.jsonl')
  try {
    for await (const met of readMet(metPath)) subjects.addMet(met)
  } catch (error) {
    throw consoleError.UNREADABLE({ path: metPath, why: reasonOf(error) }, error)
  }
  return subjects.take(mostSubjects)
}

async function askAll(
  { id, door, perMinute, keepForMs }: Service,
  subjects: readonly EvidenceSubject[],
  { cache, clock, interruption, tell }: EnrichRun,
  rows: Row[],
): Promise<ServiceTotals> {
  const lookUp: LookUp = lookUps[id]
  const answers = new AnswerCache(cache, id, keepForMs, clock.nowMs())
  const limit = new RateLimit(perMinute, clock)
  const totals = { asked: 0, fromCache: 0, known: 0, failed: 0, gaveUp: '' }
  let failures = 0
  try {
    const ours = subjects.filter(({ subject }) => lookUp.kinds.includes(subject.kind))
    for (const [at, about] of ours.entries()) {
      tell?.(id, at, ours.length, perMinute)
      let cached = answers.get(about.subject, clock.nowMs())
      if (cached !== null) totals.fromCache += 1
      else if (totals.gaveUp === '') {
        const answer = await ask(lookUp, about.subject, { ...door, interruption }, limit)
        if (interruption.aborted) {
          // What was answered in another run is known all the same.
          totals.gaveUp = 'interrupted'
          continue
        }
        totals.asked += 1
        cached = { askedMs: clock.nowMs(), answer }
        answers.set(about.subject, answer, cached.askedMs)
        failures = answer.kind === 'failed' ? failures + 1 : 0
        if (answer.kind === 'failed' && (answer.isFinal || failures >= MOST_FAILURES))
          totals.gaveUp = answer.why
      }
      if (cached === null) continue
      if (cached.answer.kind === 'known') totals.known += 1
      if (cached.answer.kind === 'failed') totals.failed += 1
      rows.push({ about, id, cached })
    }
    return totals
  } finally {
    answers.save()
  }
}

async function ask(lookUp: LookUp, subject: Subject, door: Door, limit: RateLimit): Promise<Answer> {
  try {
    await limit.turn(door.interruption)
  } catch {
    return { kind: 'failed', why: 'interrupted', isFinal: true }
  }
  return await lookUp.ask(subject, door)
}

function lineOf({ about, id, cached: { askedMs, answer } }: Row): string {
  const { subject, level, firstMs, evidence } = about
  return JSON.stringify({
    kind: subject.kind,
    value: subject.value,
    lookUp: id,
    asked: new Date(askedMs).toISOString(),
    answer: answer.kind,
    ...(answer.kind === 'failed' ? { why: answer.why } : {}),
    facts: answer.kind === 'known' ? sorted(withAge(answer.facts, firstMs)) : {},
    level,
    evidence,
  })
}

/** How old a domain was when it was met, and not how old it is now. Younger than its registration says: its registry's clock, or another owner's traffic. */
function withAge(facts: Facts, atMs: number): Facts {
  const registeredMs = Date.parse(String(facts.registered ?? ''))
  if (Number.isNaN(registeredMs)) return facts
  return { ...facts, ageDays: Math.floor((atMs - registeredMs) / DAY_MS) }
}

function sorted(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1)))
}
