import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { unreadable } from './file-bytes.ts'

/** What a file is known by: its name without folders and all that it holds. */
export async function fingerprintOf(path: string, name: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  } catch (error) {
    throw unreadable(path, error)
  }
  return `${name}\0${hash.digest('hex')}`
}

/** One hash of many, whatever their order. */
export function combineFingerprints(prints: readonly string[]): string {
  const hash = createHash('sha256')
  for (const print of [...prints].sort()) hash.update(print).update('\n')
  return hash.digest('hex')
}
