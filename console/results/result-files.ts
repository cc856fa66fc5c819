import { accessSync, constants, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { guarded, LineFile } from './line-file.ts'
import { makeFolders } from './make-folders.ts'

/** What an analysis leaves in its folder. */
export const resultNames = ['evidence.jsonl', 'alerts.jsonl', 'rejects.jsonl', 'summary.json'] as const

/** What is written first and renamed last, and the runs of sorted-lines.ts. */
const TEMPORARY = /^(?:evidence|settled|alerts|rejects|summary)\.(?:\d+\.run|jsonl|json)\.tmp$/

/**
 * The files of one analysis: under temporary names until `publish`, which puts all of them in the place of those of the
 * analysis before; or gone after `discard`, with the folder when it was made for them. Errors are `CONSOLE_UNWRITABLE`.
 */
export class ResultFiles {
  readonly folder: string
  /** Folders that were not there before, the innermost first. */
  readonly #made: readonly string[]
  readonly #files = new Map<string, LineFile>()

  private constructor(folder: string, made: readonly string[]) {
    this.folder = folder
    this.#made = made
  }

  /** What a killed analysis left in the folder is swept out: two at once in one folder are not meant. */
  static create(folder: string): ResultFiles {
    const results = new ResultFiles(
      folder,
      guarded(folder, () => makeFolders(resolve(folder))),
    )
    guarded(folder, () => {
      accessSync(folder, constants.W_OK | constants.X_OK)
      for (const name of readdirSync(folder)) if (TEMPORARY.test(name)) rmSync(join(folder, name))
    })
    return results
  }

  /** Refused when something that is no file bears the name: that would only show when all is done. */
  open(name: (typeof resultNames)[number]): LineFile {
    const path = join(this.folder, name)
    guarded(path, () => {
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
        throw Object.assign(new Error(), { code: 'EISDIR' })
    })
    const file = LineFile.create(`${path}.tmp`)
    this.#files.set(path, file)
    return file
  }

  publish(): void {
    for (const file of this.#files.values()) file.close()
    for (const path of this.#files.keys()) guarded(path, () => renameSync(`${path}.tmp`, path))
    this.#files.clear()
  }

  /** After `publish` it changes nothing. */
  discard(): void {
    for (const [path, file] of this.#files) {
      file.discard()
      rmSync(`${path}.tmp`, { force: true })
    }
    this.#files.clear()
    for (const folder of this.#made) {
      try {
        rmdirSync(folder)
      } catch {
        // Someone else has put something there: it stays.
        return
      }
    }
  }
}
