import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedFiles } from './generate/generated-files.ts'
import { historyFaults } from './generate/history.ts'

/**
 * `node schemas/generate.ts` writes from `avro/` what is generated: `records.ts`, `record-codecs.ts` and the tables of
 * `README.md`. With `--check` it writes nothing, and exits with 1 when one of them is not what it would write, or when a
 * released schema can no longer be read with the present ones.
 */
const isCheck = process.argv.includes('--check')
const stale: string[] = []

for (const [name, text] of generatedFiles()) {
  const path = join(import.meta.dirname, name)
  if (readFileSync(path, 'utf8') === text) continue
  stale.push(name)
  if (!isCheck) writeFileSync(path, text)
}

if (isCheck) {
  const faults = await historyFaults(join(import.meta.dirname, 'avro', 'history'))
  if (stale.length > 0) faults.unshift(`stale: ${stale.join(', ')}. Run: node schemas/generate.ts`)
  if (faults.length > 0) {
    process.stderr.write(`${faults.join('\n')}\n`)
    process.exitCode = 1
  }
}
