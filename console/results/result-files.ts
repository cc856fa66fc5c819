import { accessSync, constants, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { guarded, LineFile } from './line-file.ts'
import { makeFolders, refuseFile } from './make-folders.ts'

/** What an analysis leaves in its folder. */
export const resultNames = [
  'evidence.jsonl',
  'alerts.jsonl',
  'suppressed.jsonl',
  'rejects.jsonl',
  'summary.json',
  'met.jsonl',
  'enrichment.jsonl',
] as const

/** What is written first and renamed last, and the runs of sorted-lines.ts. */
const TEMPORARY =
  /^(?:evidence|settled|alerts|suppressed|rejects|summary|met|enrichment)\.(?:\d+\.run|jsonl|json)\.(\d+)\.tmp$/

/** The name something of this process has until it is done with: others in the same folder have theirs. */
export const temporary = (path: string): string => `${path}.${process.pid}.tmp`

/**
 * The files of one analysis: under temporary names until `publish`, which puts all of them in the place of those of the
 * analysis before; or gone after `discard`, with the folder when it was made for them. Errors are `CONSOLE_UNWRITABLE`,
 * or `CONSOLE_NOT_A_FOLDER` where a file is in the place of the folder.
 */
export class ResultFiles {
  readonly folder: string
  /** Folders that were not there before, the innermost first. */
  readonly #made: readonly string[]
  readonly #files = new Map<string, LineFile>()
  /** Of the analysis before, and of no use beside this one's. */
  readonly #stale: string[] = []

  private constructor(folder: string, made: readonly string[]) {
    this.folder = folder
    this.#made = made
  }

  /** What a killed analysis left in the folder is swept out; the last of several at once to end is the one that stays. */
  static create(folder: string): ResultFiles {
    refuseFile('--out', folder)
    const results = new ResultFiles(
      folder,
      guarded(folder, () => makeFolders(resolve(folder))),
    )
    guarded(folder, () => {
      accessSync(folder, constants.W_OK | constants.X_OK)
      for (const name of readdirSync(folder)) {
        const pid = TEMPORARY.exec(name)?.[1]
        if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { force: true })
      }
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
    const file = LineFile.create(temporary(path))
    this.#files.set(path, file)
    return file
  }

  /** What an analysis before left under that name goes when this one's files come. */
  replace(name: (typeof resultNames)[number]): void {
    this.#stale.push(join(this.folder, name))
  }

  publish(): void {
    for (const file of this.#files.values()) file.close()
    for (const path of this.#files.keys()) guarded(path, () => renameSync(temporary(path), path))
    for (const path of this.#stale) guarded(path, () => rmSync(path, { force: true }))
    this.#files.clear()
  }

  /** After `publish` it changes nothing. */
  discard(): void {
    for (const [path, file] of this.#files) {
      file.discard()
      rmSync(temporary(path), { force: true })
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
