import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { unreadable } from './file-bytes.ts'

const endBytes = 64 * 1024

/** What a file is known by: its name without folders, its size, and hashes of its first and last 64 KiB. */
export async function fingerprintOf(path: string, name: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const head = await hashOf(file.read(Buffer.alloc(endBytes), 0, endBytes, 0))
      const tail = await hashOf(file.read(Buffer.alloc(endBytes), 0, endBytes, Math.max(0, size - endBytes)))
      return `${name}\0${size}\0${head}\0${tail}`
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** One hash of many, whatever their order. */
export function combineFingerprints(prints: readonly string[]): string {
  const hash = createHash('sha256')
  for (const print of [...prints].sort()) hash.update(print).update('\n')
  return hash.digest('hex')
}

async function hashOf(reading: Promise<{ buffer: Buffer; bytesRead: number }>): Promise<string> {
  const { buffer, bytesRead } = await reading
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex')
}
