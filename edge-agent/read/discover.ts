import type { Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { edgeError } from '../errors.ts'
import { unreadable } from './file-bytes.ts'

/** `-` as a path. */
export const standardInput = '-'

/** Something to read, before anyone has looked into it. */
export type Found = {
  /** As it was given, or as it follows from the folder given. */
  readonly path: string
  /** With all links followed: what tells two files apart. */
  readonly realPath: string
  /** Without folders. */
  readonly name: string
  readonly from: 'file' | 'pipe' | 'standard-input'
  readonly bytes: number
  /** Named by the user, not only found in a folder that was. */
  readonly given: boolean
  /** In a folder, and nothing that can be read: why it is passed over. */
  readonly passedOver: 'broken-link' | 'not-a-file' | null
}

/**
 * Every file the paths stand for, each once however often it is reached, sorted by name without folders and then by real
 * path: the order of `paths` makes no difference. Folders are read to their bottom; names that begin with a dot are left
 * out, and so is what `leaveOut` names, unless it is one of `paths` itself. A path that cannot be read is an error. `folders` maps
 * every folder given to the real paths found below it.
 */
export async function discover(
  paths: readonly string[],
  leaveOut: readonly string[] = [],
): Promise<{
  found: readonly Found[]
  folders: ReadonlyMap<string, readonly string[]>
}> {
  if (paths.length === 0) throw edgeError.INPUT_NONE()
  const byRealPath = new Map<string, Found>()
  const folders = new Map<string, readonly string[]>()
  const leftOut = new Set(await Promise.all(leaveOut.map((path) => realpath(path).catch(() => path))))
  for (const path of paths) {
    const reached = path === standardInput ? [standardInputFound] : await reach(path, leftOut)
    if (!reached.some((found) => found.given))
      folders.set(
        path,
        reached.map((found) => found.realPath),
      )
    for (const found of reached) {
      const known = byRealPath.get(found.realPath)
      byRealPath.set(found.realPath, known === undefined ? found : same(known, found))
    }
  }
  return { found: [...byRealPath.values()].sort(byNameThenPath), folders }
}

const standardInputFound: Found = {
  path: standardInput,
  realPath: standardInput,
  name: '',
  from: 'standard-input',
  bytes: 0,
  given: true,
  passedOver: null,
}

/** One file reached twice: shown under the path that sorts first, since the order of the arguments must not show. */
function same(one: Found, other: Found): Found {
  const first = one.path <= other.path ? one : other
  return { ...first, given: one.given || other.given }
}

function byNameThenPath(a: Found, b: Found): number {
  return compare(a.name, b.name) || compare(a.realPath, b.realPath)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function reach(path: string, leftOut: ReadonlySet<string>): Promise<Found[]> {
  const stats = await statOf(path)
  if (stats.isDirectory()) {
    const found: Found[] = []
    await walk(path, found, new Set([await realpath(path)]), leftOut)
    return found
  }
  const from = stats.isFile() ? 'file' : stats.isFIFO() ? 'pipe' : null
  if (from === null) throw edgeError.INPUT_NOT_A_FILE({ path, what: whatIs(stats) })
  return [await foundAt(path, from, stats.size, true)]
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path)
  } catch (error) {
    const isLink = await lstat(path).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    )
    throw isLink ? edgeError.INPUT_BROKEN_LINK({ path }, error) : unreadable(path, error)
  }
}

function whatIs(stats: Stats): string {
  if (stats.isSocket()) return 'socket'
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'thing that is no file'
}

async function foundAt(path: string, from: 'file' | 'pipe', bytes: number, given: boolean): Promise<Found> {
  // A pipe's real path may have no name in the file system (/dev/fd/63).
  const realPath = from === 'pipe' ? path : await realpath(path)
  // The shell's name for a process substitution says nothing about what it holds.
  const name = path.startsWith('/dev/fd/') ? '' : basename(path)
  return { path, realPath, name, from, bytes, given, passedOver: null }
}

/** `seen` holds the real paths of the folders walked: links may lead round, or to one folder in very many ways. */
async function walk(
  folder: string,
  found: Found[],
  seen: Set<string>,
  leftOut: ReadonlySet<string>,
): Promise<void> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    throw unreadable(folder, error)
  }
  for (const name of names.sort(compare)) {
    if (name.startsWith('.')) continue
    const path = join(folder, name)
    const stats = await statWithin(path)
    if (stats === null) found.push(passedOver(path, name, 'broken-link'))
    else if (leftOut.size > 0 && leftOut.has(await realpath(path))) continue
    else if (stats.isFile()) found.push(await foundAt(path, 'file', stats.size, false))
    else if (!stats.isDirectory()) found.push(passedOver(path, name, 'not-a-file'))
    else {
      const real = await realpath(path)
      if (seen.has(real)) continue
      seen.add(real)
      await walk(path, found, seen, leftOut)
    }
  }
}

async function statWithin(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT' || code === 'ELOOP') return null
    throw unreadable(path, error)
  }
}

function passedOver(path: string, name: string, why: 'broken-link' | 'not-a-file'): Found {
  return { path, realPath: path, name, from: 'file', bytes: 0, given: false, passedOver: why }
}
