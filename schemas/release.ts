import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  alertCodec,
  allowRuleCodec,
  evidenceCodec,
  flowCodec,
  indicatorCodec,
  suppressedCodec,
} from './codec.ts'
import {
  sampleAlert,
  sampleAllowRule,
  sampleEvidence,
  sampleIndicator,
  sampleRecords,
  sampleSuppressed,
} from './sample-records.ts'

/**
 * `node schemas/release.ts v2` freezes the present schemas and their sample records as a version in `avro/history/`, against
 * which compatibility is tested from then on. A version that is there is never written again.
 */
const [version] = process.argv.slice(2)
const folder = join(import.meta.dirname, 'avro', 'history', version ?? '')

if (version === undefined || !/^v[1-9]\d*$/.test(version)) fail('usage: node schemas/release.ts v<number>')
else if (existsSync(folder)) fail(`${version} has been released: its files must stay as they are`)
else release()

function release(): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, codec] of Object.entries({
    flow: flowCodec,
    evidence: evidenceCodec,
    alert: alertCodec,
    indicator: indicatorCodec,
    'allow-rule': allowRuleCodec,
    suppressed: suppressedCodec,
  })) {
    write(`${name}.avsc`, `${JSON.stringify(JSON.parse(codec.schema), null, 2)}\n`)
  }
  for (const record of sampleRecords) sample(record.kind, record, flowCodec.encode(record))
  sample('evidence', sampleEvidence, evidenceCodec.encode(sampleEvidence))
  sample('alert', sampleAlert, alertCodec.encode(sampleAlert))
  sample('indicator', sampleIndicator, indicatorCodec.encode(sampleIndicator))
  sample('allow-rule', sampleAllowRule, allowRuleCodec.encode(sampleAllowRule))
  sample('suppressed', sampleSuppressed, suppressedCodec.encode(sampleSuppressed))
}

function sample(name: string, value: object, bytes: Uint8Array): void {
  write(`${name}.sample.bin`, bytes)
  write(`${name}.sample.json`, `${JSON.stringify(value, null, 2)}\n`)
}

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(folder, name), content)
}

function fail(says: string): void {
  process.stderr.write(`${says}\n`)
  process.exitCode = 1
}
