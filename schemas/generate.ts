import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedFiles } from './generate/generated-files.ts'

/**
 * `node schemas/generate.ts` writes from `avro/` what is generated: `records.ts`, `record-codecs.ts` and the tables of
 * `README.md`. With `--check` it writes nothing, and exits with 1 when one of them is not what it would write.
 */
const isCheck = process.argv.includes('--check')
const stale: string[] = []

for (const [name, text] of generatedFiles()) {
  const path = join(import.meta.dirname, name)
  if (readFileSync(path, 'utf8') === text) continue
  stale.push(name)
  if (!isCheck) writeFileSync(path, text)
}

if (isCheck && stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}. Run: node schemas/generate.ts\n`)
  process.exitCode = 1
}
