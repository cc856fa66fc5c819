/**
 * Prefixes of addresses to numbers, the longest one that covers an address wins. A binary radix tree with the ways between
 * branches left out, so that it has at most two nodes for each prefix, in typed arrays: 30 bytes a prefix for IPv4 and 50 for IPv6.
 */
const NONE = -1
const FIRST_NODES = 64

export class PrefixTrie {
  readonly #words: number
  /** The prefix of each node, `#words` words of it; bits beyond its length are zero. */
  #prefix: Uint32Array
  #length: Uint8Array
  #left: Int32Array
  #right: Int32Array
  #value: Int32Array
  #nodes = 0
  /** The first node that is free; the next one stands in its `#left`. */
  #free = NONE
  #root = NONE
  #size = 0

  /** `words`: 1 for IPv4, 4 for IPv6. */
  constructor(words: 1 | 4) {
    this.#words = words
    this.#prefix = new Uint32Array(FIRST_NODES * words)
    this.#length = new Uint8Array(FIRST_NODES)
    this.#left = new Int32Array(FIRST_NODES).fill(NONE)
    this.#right = new Int32Array(FIRST_NODES).fill(NONE)
    this.#value = new Int32Array(FIRST_NODES).fill(NONE)
  }

  /** Prefixes that have a value. */
  get size(): number {
    return this.#size
  }

  /** Nodes there is room for. */
  get room(): number {
    return this.#length.length
  }

  /** The value of exactly this prefix, or -1. Bits beyond `length` are not looked at. */
  get(bits: Uint32Array, length: number): number {
    let node = this.#root
    while (node !== NONE) {
      const own = this.#length[node] ?? 0
      if (own > length || this.#shared(bits, node, own) < own) return NONE
      if (own === length) return this.#value[node] ?? NONE
      node = this.#child(node, bits, own)
    }
    return NONE
  }

  /** Sets the value, from 0, of a prefix; bits beyond `length` are not looked at. */
  set(bits: Uint32Array, length: number, value: number): void {
    let parent = NONE
    let node = this.#root
    while (node !== NONE) {
      const own = this.#length[node] ?? 0
      const shared = this.#shared(bits, node, Math.min(own, length))
      if (shared < own) {
        this.#split(parent, node, bits, length, shared, value)
        return
      }
      if (own === length) {
        if (this.#value[node] === NONE) this.#size += 1
        this.#value[node] = value
        return
      }
      parent = node
      node = this.#child(node, bits, own)
    }
    this.#attach(parent, this.#make(bits, length, value))
    this.#size += 1
  }

  /** Its node goes too, and the fork above it when that has one way left. */
  delete(bits: Uint32Array, length: number): void {
    let above = NONE
    let parent = NONE
    let node = this.#root
    while (node !== NONE) {
      const own = this.#length[node] ?? 0
      if (own > length || this.#shared(bits, node, own) < own) return
      if (own === length) break
      above = parent
      parent = node
      node = this.#child(node, bits, own)
    }
    if (node === NONE || this.#value[node] === NONE) return
    this.#size -= 1
    this.#value[node] = NONE
    if (!this.#leaveOut(parent, node)) return
    if (parent !== NONE && this.#value[parent] === NONE) this.#leaveOut(above, parent)
  }

  /** Puts the only child of a node, or nothing, in its place; false when it has two. */
  #leaveOut(parent: number, node: number): boolean {
    const left = this.#left[node] ?? NONE
    const right = this.#right[node] ?? NONE
    if (left !== NONE && right !== NONE) return false
    const child = left === NONE ? right : left
    if (parent === NONE) this.#root = child
    else if (this.#left[parent] === node) this.#left[parent] = child
    else this.#right[parent] = child
    this.#left[node] = this.#free
    this.#free = node
    return true
  }

  /** Calls `visit` with the value and length of each prefix that covers the address, the shortest first. */
  covering(bits: Uint32Array, visit: (value: number, length: number) => void): void {
    let node = this.#root
    while (node !== NONE) {
      const own = this.#length[node] ?? 0
      if (this.#shared(bits, node, own) < own) return
      const value = this.#value[node] ?? NONE
      if (value !== NONE) visit(value, own)
      if (own === this.#words * 32) return
      node = this.#child(node, bits, own)
    }
  }

  /** Whether any prefix covers the address: what most addresses are asked. */
  covers(bits: Uint32Array): boolean {
    let node = this.#root
    while (node !== NONE) {
      const own = this.#length[node] ?? 0
      if (this.#shared(bits, node, own) < own) return false
      if (this.#value[node] !== NONE) return true
      if (own === this.#words * 32) return false
      node = this.#child(node, bits, own)
    }
    return false
  }

  #child(node: number, bits: Uint32Array, position: number): number {
    return ((bitAt(bits, position) ? this.#right[node] : this.#left[node]) ?? NONE) | 0
  }

  /** How many of the first `limit` bits are those of the node. */
  #shared(bits: Uint32Array, node: number, limit: number): number {
    const at = node * this.#words
    for (let word = 0; word * 32 < limit; word += 1) {
      const differing = ((this.#prefix[at + word] ?? 0) ^ (bits[word] ?? 0)) >>> 0
      if (differing !== 0) return Math.min(limit, word * 32 + Math.clz32(differing))
    }
    return limit
  }

  /** Puts a node for the first `shared` bits where `node` was, with `node` below it and the new prefix in or below it. */
  #split(
    parent: number,
    node: number,
    bits: Uint32Array,
    length: number,
    shared: number,
    value: number,
  ): void {
    const fork = this.#make(bits, shared, shared === length ? value : NONE)
    if (parent === NONE) this.#root = fork
    else if (this.#left[parent] === node) this.#left[parent] = fork
    else this.#right[parent] = fork
    this.#attach(fork, node)
    if (shared < length) this.#attach(fork, this.#make(bits, length, value))
    this.#size += 1
  }

  #attach(parent: number, node: number): void {
    if (parent === NONE) {
      this.#root = node
      return
    }
    const position = this.#length[parent] ?? 0
    const word = this.#prefix[node * this.#words + (position >> 5)] ?? 0
    if (((word >>> (31 - (position & 31))) & 1) === 1) this.#right[parent] = node
    else this.#left[parent] = node
  }

  #make(bits: Uint32Array, length: number, value: number): number {
    const node = this.#take()
    for (let word = 0; word < this.#words; word += 1) {
      const kept = Math.min(32, Math.max(0, length - word * 32))
      const mask = kept === 0 ? 0 : (0xffffffff << (32 - kept)) >>> 0
      this.#prefix[node * this.#words + word] = (bits[word] ?? 0) & mask
    }
    this.#length[node] = length
    this.#left[node] = NONE
    this.#right[node] = NONE
    this.#value[node] = value
    return node
  }

  #take(): number {
    const node = this.#free
    if (node !== NONE) {
      this.#free = this.#left[node] ?? NONE
      return node
    }
    if (this.#nodes === this.#length.length) this.#grow()
    this.#nodes += 1
    return this.#nodes - 1
  }

  #grow(): void {
    const nodes = Math.ceil(this.#nodes * 1.5)
    this.#prefix = widened(this.#prefix, new Uint32Array(nodes * this.#words))
    this.#length = widened(this.#length, new Uint8Array(nodes))
    this.#left = widened(this.#left, new Int32Array(nodes).fill(NONE))
    this.#right = widened(this.#right, new Int32Array(nodes).fill(NONE))
    this.#value = widened(this.#value, new Int32Array(nodes).fill(NONE))
  }
}

function bitAt(bits: Uint32Array, position: number): boolean {
  return (((bits[position >> 5] ?? 0) >>> (31 - (position & 31))) & 1) === 1
}

function widened<T extends Uint8Array | Uint32Array | Int32Array>(from: T, into: T): T {
  into.set(from)
  return into
}
