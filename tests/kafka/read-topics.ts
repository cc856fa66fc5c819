import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { evidenceCodec, topics } from '@weir/schemas'
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
  const ids: string[] = []
  for (let partition = 0; partition < partitions; partition += 1) {
    for await (const portion of transport.changelog(topics.evidence.name, partition)) {
      for (const [, value] of portion) if (value !== null) ids.push(evidenceCodec.decode(value).id)
    }
  }
  return ids.sort()
}
