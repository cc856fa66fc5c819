import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withTables } from './readme-tables.ts'
import { recordCodecs } from './record-codecs.ts'
import { recordTypes } from './record-types.ts'
import { readSchemaFolder } from './schema-folder.ts'

/** What is generated from `avro/`, as text by file name, relative to this package. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const root = join(import.meta.dirname, '..')
  const folder = readSchemaFolder(join(root, 'avro'))
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  return new Map([
    ['records.ts', recordTypes(folder)],
    ['record-codecs.ts', recordCodecs(folder)],
    ['README.md', withTables(readme, folder)],
  ])
}
