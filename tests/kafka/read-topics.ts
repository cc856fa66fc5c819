import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  alertCodec,
  alertLine,
  type Codec,
  evidenceCodec,
  evidenceLine,
  parseAlertLine,
  parseEvidenceLine,
  topics,
} from '@weir/schemas'
import type { Transport } from '@weir/topology/transport'
import { Findings } from '../../console/analyze/findings.ts'
import { ResultFiles } from '../../console/results/result-files.ts'

/** Evidence and alerts of the topics, each once and the last revision, in canonical order: as `weir analyze` writes them. */
export async function readFindings(
  transport: Transport,
  partitions: number,
  out: string,
): Promise<{ readonly evidence: string; readonly alerts: string }> {
  mkdirSync(out, { recursive: true })
  // Known to the processors that made it, which may be other processes.
  await transport.ensureTopics([{ name: topics.suppressed.name, partitions, encode: null, keep: 'all' }])
  const findings = new Findings(out)
  await (await findings.follow(transport, partitions)).leave()
  const results = ResultFiles.create(out)
  const alerts = results.open('alerts.jsonl')
  const evidence = results.open('evidence.jsonl')
  findings.write(alerts, evidence, 'low')
  results.publish()
  const text = (name: string) => readFileSync(join(out, name), 'utf8')
  return { evidence: text('evidence.jsonl'), alerts: text('alerts.jsonl') }
}

/** The ids of all evidence on the topic, as often as they are there. */
export async function evidenceIds(transport: Transport, partitions: number): Promise<readonly string[]> {
  const { evidence } = await readSaid(transport, partitions)
  return evidence.map((line) => parseEvidenceLine(line).id).sort()
}

/** All that was said, as often as it was: canonical lines, sorted. */
export type Said = {
  readonly evidence: readonly string[]
  readonly alerts: readonly string[]
  readonly alertsJson: readonly string[]
}

export async function readSaid(transport: Transport, partitions: number): Promise<Said> {
  const linesOf = async (name: string, toLine: (value: Uint8Array) => string) => {
    const lines: string[] = []
    for (let partition = 0; partition < partitions; partition += 1) {
      for await (const portion of transport.changelog(name, partition)) {
        for (const [, value] of portion) if (value !== null) lines.push(toLine(value))
      }
    }
    return lines.sort()
  }
  const through =
    <T>(codec: Pick<Codec<T>, 'decode'>, toLine: (value: T) => string) =>
    (bytes: Uint8Array) =>
      toLine(codec.decode(bytes))
  return {
    evidence: await linesOf(topics.evidence.name, through(evidenceCodec, evidenceLine)),
    alerts: await linesOf(topics.alerts.name, through(alertCodec, alertLine)),
    alertsJson: await linesOf(topics.alertsJson.name, (bytes) => new TextDecoder().decode(bytes)),
  }
}

/**
 * Asserts that evidence was said as often as in the undisturbed run, every revision of an alert once, and each in the JSON twin as in
 * Avro.
 */
export function assertSaidOnce(said: Said, undisturbed: Said): void {
  assert.deepEqual(said.evidence, undisturbed.evidence)
  assert.deepEqual(said.alertsJson, said.alerts)
  assertRevisionsOnce(said.alerts, undisturbed.alerts)
}

/**
 * Asserts that every revision of an alert is there once and without a gap, and that the last ones are those of `expected`. With which
 * revision an alert begins depends on which of its evidence, told by several processes, came first.
 */
export function assertRevisionsOnce(lines: readonly string[], expected: readonly string[]): void {
  const alerts = revisionsOf(lines)
  assert.ok(alerts.size > 0)
  const last = (of: ReturnType<typeof revisionsOf>) =>
    [...of.values()].map((each) => each.at(-1)?.line).sort()
  assert.deepEqual(last(alerts), last(revisionsOf(expected)))
  for (const [id, found] of alerts) {
    const revisions = found.map(({ revision }) => revision)
    const [first = 0] = revisions
    const each = revisions.map((_, at) => first + at)
    assert.deepEqual(revisions, each, id)
  }
}

/** Of each alert, by its id, the revisions in rising order, as often as they are there. */
function revisionsOf(lines: readonly string[]): Map<string, { revision: number; line: string }[]> {
  const alerts = new Map<string, { revision: number; line: string }[]>()
  for (const line of lines) {
    const { id, revision } = parseAlertLine(line)
    const known = alerts.get(id) ?? []
    alerts.set(
      id,
      [...known, { revision, line }].sort((a, b) => a.revision - b.revision),
    )
  }
  return alerts
}
