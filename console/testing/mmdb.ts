/**
 * Writes small databases in the MMDB format, version 2.0, for tests (https://maxmind.github.io/MaxMind-DB/): a binary tree over the bits of an address,
 * 16 zero bytes, the data, a marker and a map that says what it all is. Records of the tree have 24 bits; IPv4 stands at ::/96.
 */
import { isIPv4 } from 'node:net'

type Value = string | number | readonly Value[] | { readonly [name: string]: Value }

/** A prefix such as `1.2.3.0/24` or `2001:db8::/32` and what is said of it. */
export type MmdbRow = readonly [prefix: string, data: { readonly [name: string]: Value }]

type Node = [left: Node | number | null, right: Node | number | null]

export function mmdb(databaseType: string, rows: readonly MmdbRow[], buildEpoch = 1_700_000_000): Buffer {
  const root: Node = [null, null]
  const data: Buffer[] = []
  let dataBytes = 0
  for (const [prefix, value] of rows) {
    const [address = '', length = ''] = prefix.split('/')
    const bits = bitsOf(address).slice(0, (isIPv4(address) ? 96 : 0) + Number(length))
    put(root, bits, dataBytes)
    const encoded = encode(value)
    data.push(encoded)
    dataBytes += encoded.length
  }
  const nodes: Node[] = []
  number(root, nodes)
  const at = new Map(nodes.map((node, i) => [node, i]))
  const tree = Buffer.alloc(nodes.length * 6)
  for (const [i, node] of nodes.entries()) {
    for (const side of [0, 1] as const) {
      const child = node[side]
      const record =
        child === null
          ? nodes.length
          : typeof child === 'number'
            ? nodes.length + 16 + child
            : (at.get(child) ?? 0)
      tree.writeUIntBE(record, i * 6 + side * 3, 3)
    }
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: buildEpoch,
    database_type: databaseType,
    description: { en: 'made for a test' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  })
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    metadata,
  ])
}

function put(root: Node, bits: string, value: number): void {
  let node = root
  for (const [i, bit] of [...bits].entries()) {
    const side = bit === '1' ? 1 : 0
    if (i === bits.length - 1) {
      node[side] = value
      return
    }
    const child = node[side]
    if (child !== null && typeof child !== 'number') node = child
    else {
      const made: Node = [child, child]
      node[side] = made
      node = made
    }
  }
}

function number(node: Node, nodes: Node[]): void {
  nodes.push(node)
  for (const child of node) if (child !== null && typeof child !== 'number') number(child, nodes)
}

function bitsOf(address: string): string {
  if (isIPv4(address)) {
    const bits = address.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'))
    return '0'.repeat(96) + bits.join('')
  }
  const [head = '', tail = ''] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')
}

/** Control byte: type in the upper three bits (0: the type follows, less seven), size in the lower five. */
function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([control(2, text.length), text])
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(6, 4), bytes])
  }
  if (Array.isArray(value))
    return Buffer.concat([control(11, value.length), ...value.map((item: Value) => encode(item))])
  const entries = Object.entries(value)
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([key, item]) => [encode(key), encode(item)]),
  ])
}

function control(type: number, size: number): Buffer {
  if (size >= 29) return Buffer.from([...(type > 7 ? [29, type - 7] : [(type << 5) | 29]), size - 29])
  return Buffer.from(type > 7 ? [size, type - 7] : [(type << 5) | size])
}
