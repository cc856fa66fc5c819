import { convert } from '../convert/convert.ts'
import { parsers } from '../parsers/registry.ts'
import { FileBytes } from './file-bytes.ts'
import { type Inputs, openInputSet } from './input-set.ts'
import type { ReadOptions } from './read-options.ts'

/**
 * Opens files, folders, captures and standard input (`-`) as one merged, stamped stream of records. Rejects with a
 * `WeirError` when a path named cannot be read, is empty or is of no known kind, and when a folder named holds nothing that
 * is. The order of `paths` makes no difference to anything that comes out.
 */
export function openInputs(paths: readonly string[], options: ReadOptions): Promise<Inputs> {
  return openInputSet(paths, options, {
    parsers,
    convert: (path, container) => convert(path, container),
    openFile: (path, onRead) => FileBytes.open(path, onRead),
  })
}
