import type { CommittedValues } from '../transport.ts'
import type { Level } from './open-level.ts'
import { readFailure } from './state-error.ts'

const portionSize = 1_000
const separator = Buffer.from([0])
const decoder = new TextDecoder()

/** `s <store> 0 <partition:4>`, before the key of an entry. Names never hold a zero byte. */
export function storePrefix(store: string, partition: number): Buffer {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(partition)
  return Buffer.concat([Buffer.from(`s${store}`), separator, number])
}

/** The least key above every key that begins with `prefix`, which never ends in a byte of 255 where it is used. */
export function afterPrefix(prefix: Uint8Array): Buffer {
  const end = Buffer.from(prefix)
  for (let at = end.length - 1; at >= 0; at -= 1) {
    const byte = end[at] ?? 0
    if (byte < 255) {
      end[at] = byte + 1
      return end.subarray(0, at + 1)
    }
  }
  return end
}

export function entryKey(prefix: Uint8Array, key: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(prefix.length + Buffer.byteLength(key))
  bytes.set(prefix)
  bytes.write(key, prefix.length)
  return bytes
}

/** The entries of one store in one partition, read where they lie. */
export function levelValues(db: Level, store: string, partition: number): CommittedValues {
  const prefix = storePrefix(store, partition)
  return {
    get(key) {
      try {
        return db.getSync(entryKey(prefix, key))
      } catch (error) {
        throw readFailure(db.location, error)
      }
    },
    async *keys() {
      const keys = db.keys({ gte: prefix, lt: afterPrefix(prefix) })
      try {
        for (;;) {
          const portion = await keys.nextv(portionSize)
          if (portion.length === 0) return
          yield portion.map((key) => decoder.decode(key.subarray(prefix.length)))
        }
      } catch (error) {
        throw readFailure(db.location, error)
      } finally {
        await keys.close()
      }
    },
  }
}
