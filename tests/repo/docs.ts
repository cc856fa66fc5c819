/**
 * `node tests/repo/docs.ts` makes the generated tables of the READMEs anew. With `--check` it writes nothing, names those that
 * are not what it would write, and exits with 1.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTexts, root } from './checkout.ts'
import { readmeTables, withTables } from './readme-tables.ts'

export type Stale = { readonly readme: string; readonly text: string | null; readonly why: string }

/** The READMEs that are not as they would be written; `text` is what they should be, `null` where a person must act first. */
export function staleReadmes(texts: ReadonlyMap<string, string>): readonly Stale[] {
  const stale: Stale[] = []
  for (const readme of new Set(readmeTables.map((table) => table.readme))) {
    const text = texts.get(readme)
    const isRequired = readmeTables.some((table) => table.readme === readme && table.isRequired)
    if (text === undefined) {
      if (isRequired) stale.push({ readme, text: null, why: 'is missing' })
      continue
    }
    try {
      const made = withTables(readme, text)
      if (made !== text) stale.push({ readme, text: made, why: 'has tables that are not current' })
    } catch (error) {
      stale.push({ readme, text: null, why: error instanceof Error ? error.message : String(error) })
    }
  }
  return stale
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check')
  const stale = staleReadmes(readTexts())
  for (const { readme, text, why } of stale) {
    if (!isCheck && text !== null) writeFileSync(join(root, readme), text)
    else process.stderr.write(`${readme}: ${why}${text === null ? '' : ": run 'make docs'"}\n`)
  }
  if (isCheck ? stale.length > 0 : stale.some(({ text }) => text === null)) process.exitCode = 1
}
