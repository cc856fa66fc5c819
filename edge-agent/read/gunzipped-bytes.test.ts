import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ByteSource, Damage } from './byte-source.ts'
import { GunzippedBytes } from './gunzipped-bytes.ts'

class Pieces implements ByteSource {
  readonly damage = null
  closed = false
  given = 0
  readonly #bytes: Uint8Array
  readonly #size: number

  constructor(bytes: Uint8Array, size = 65_536) {
    this.#bytes = bytes
    this.#size = size
  }

  next(): Promise<Uint8Array | null> {
    if (this.given >= this.#bytes.length) return Promise.resolve(null)
    const piece = this.#bytes.slice(this.given, this.given + this.#size)
    this.given += piece.length
    return Promise.resolve(piece)
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

async function gunzip(
  bytes: Uint8Array,
  { size = 65_536, once = false } = {},
): Promise<{ text: string; damage: Damage | null }> {
  const opened: Pieces[] = []
  const openPieces = () => {
    const pieces = new Pieces(bytes, size)
    opened.push(pieces)
    return pieces
  }
  const source = new GunzippedBytes(openPieces(), once ? null : async () => openPieces())
  const chunks: Uint8Array[] = []
  for (let chunk = await source.next(); chunk !== null; chunk = await source.next())
    chunks.push(Uint8Array.from(chunk))
  await source.close()
  assert.ok(opened.every((pieces) => pieces.closed))
  return { text: Buffer.concat(chunks).toString(), damage: source.damage }
}

const content = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${(i * 2_654_435_761) % 1_000_003}`).join(
  '\n',
)
const packed = gzipSync(content)

describe('gunzipped bytes', () => {
  test('members one after the other are one content, wherever chunks end', async () => {
    const two = Buffer.concat([packed, gzipSync('second'), gzipSync(''), gzipSync('third')])
    for (const size of [65_536, 1000, two.length]) {
      assert.deepEqual(await gunzip(two, { size }), { text: `${content}secondthird`, damage: null })
    }
  })

  test('zeros after the last member are padding', async () => {
    assert.deepEqual(await gunzip(Buffer.concat([packed, Buffer.alloc(100_000)])), {
      text: content,
      damage: null,
    })
  })

  test('all that comes before the cut is given, then the damage is told', async () => {
    for (const missing of [1, 4, 8, 9, 1000, packed.length - 3]) {
      const { text, damage } = await gunzip(packed.subarray(0, packed.length - missing))
      assert.equal(damage, 'gz-truncated')
      assert.ok(content.startsWith(text))
      if (missing <= 8) assert.equal(text, content)
    }
  })

  test('of a second member cut within its header the first is still whole', async () => {
    const cut = Buffer.concat([packed, packed.subarray(0, 5)])
    assert.deepEqual(await gunzip(cut), { text: content, damage: 'gz-truncated' })
  })

  test('a wrong checksum loses no content', async () => {
    const wrong = Buffer.from(packed)
    wrong[wrong.length - 6] = (wrong[wrong.length - 6] ?? 0) ^ 1
    assert.deepEqual(await gunzip(wrong), { text: content, damage: 'gz-corrupt' })
  })

  test('anything but zeros after the last member is damage, and the content is whole', async () => {
    for (const size of [65_536, 100]) {
      const { text, damage } = await gunzip(
        Buffer.concat([packed, Buffer.from('no gzip here '.repeat(50))]),
        { size },
      )
      assert.deepEqual([text === content, damage], [true, 'gz-corrupt'])
    }
  })

  test('damage in the middle leaves what comes before it', async () => {
    const broken = Buffer.from(packed)
    const middle = Math.floor(broken.length / 2)
    broken.fill(0xff, middle, middle + 64)
    const { text, damage } = await gunzip(broken)
    assert.equal(damage, 'gz-corrupt')
    assert.ok(text.length > content.length / 3)
    assert.equal(text.slice(0, content.length / 3), content.slice(0, content.length / 3))
    const once = await gunzip(broken, { once: true })
    assert.equal(once.damage, 'gz-corrupt')
    assert.ok(text.startsWith(once.text))
  })

  test('a bomb is unpacked no faster than it is read', async () => {
    // 64 MB in 64 KB.
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const pieces = new Pieces(bomb, 16_384)
    const source = new GunzippedBytes(pieces, null)
    let unpacked = 0
    let most = 0
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 200; i++) {
      unpacked += (await source.next())?.length ?? 0
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    assert.ok(unpacked > 1e6 && unpacked < 20e6, `${unpacked}`)
    assert.ok(pieces.given <= 32_768)
    assert.ok(most < 30e6, `${most} bytes`)
    await source.close()
    assert.ok(pieces.closed)
  })

  test('closing before the beginning closes the source', async () => {
    const pieces = new Pieces(packed)
    await new GunzippedBytes(pieces, null).close()
    assert.ok(pieces.closed)
  })
})
