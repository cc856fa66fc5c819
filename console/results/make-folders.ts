import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes the folder and those above it, and returns the ones it made, the innermost first. Level by level: Node's own
 * `recursive` never returns where the system calls missing what it does not let be made. `folder` is absolute.
 */
export function makeFolders(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return []
  const parent = dirname(folder)
  const made = parent === folder ? [] : makeFolders(parent)
  mkdirSync(folder)
  return [folder, ...made]
}
