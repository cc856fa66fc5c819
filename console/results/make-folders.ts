import { mkdirSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { consoleError } from '../errors.ts'
import { reasonOf } from '../system-error.ts'

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

/**
 * Throws `CONSOLE_NOT_A_FOLDER` when `folder`, or what is to hold it, is there and is no folder: a slip in the command,
 * where any other refusal of the system is none. `option` gave the path.
 */
export function refuseFile(option: string, folder: string): void {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = statOf(path)
    if (found?.isDirectory() === true || path === dirname(path)) return
    if (found !== undefined)
      throw consoleError.NOT_A_FOLDER({ option, path: path === resolve(folder) ? folder : path })
  }
}

/** Makes a state directory where there is none. Throws `CONSOLE_NOT_A_FOLDER` or `CONSOLE_STATE_UNUSABLE`. */
export function makeStateFolder(directory: string): void {
  refuseFile('--state-dir', directory)
  try {
    makeFolders(resolve(directory))
  } catch (error) {
    throw consoleError.STATE_UNUSABLE({ directory, why: reasonOf(error) }, error)
  }
}

/** `undefined` also for what lies below a file, or must not be looked at. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
