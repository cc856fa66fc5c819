/**
 * Epoch milliseconds of a capture's first packet, which no record of it ends before; `null` when the head does not tell.
 *
 * pcap: magic u32 (says byte order and whether the fraction is micro- or nanoseconds), 20 bytes more of header, then per
 * packet: seconds u32, fraction u32, …
 * pcapng: blocks of type u32, length u32, body, length u32. Section header (0a0d0d0a): byte-order magic u32 = 1a2b3c4d.
 * Interface (1): link type u16, reserved u16, snap length u32, options (code u16, length u16, value, padded to 4); option 9
 * is the time unit: 10^-n, or 2^-n with the high bit set; without it microseconds. Packet (6): interface u32, time high
 * u32, time low u32, …
 */
export function firstPacketMs(head: Uint8Array): number | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (view.byteLength < 32) return null
  const magic = view.getUint32(0)
  if (magic === 0x0a0d0d0a) return firstOfPcapng(view)
  const little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1
  const nanoseconds = magic === 0x4d3cb2a1 || magic === 0xa1b23c4d
  return view.getUint32(24, little) * 1000 + view.getUint32(28, little) / (nanoseconds ? 1e6 : 1e3)
}

function firstOfPcapng(view: DataView): number | null {
  const order = view.getUint32(8)
  if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a) return null
  const little = order === 0x4d3c2b1a
  const unitsPerSecond: number[] = []
  let at = 0
  while (at + 28 <= view.byteLength) {
    const type = view.getUint32(at, little)
    const length = view.getUint32(at + 4, little)
    if (length < 12) return null
    if (type === 1)
      unitsPerSecond.push(unitsOf(view, at + 16, Math.min(at + length - 4, view.byteLength), little))
    if (type === 6) {
      const units = unitsPerSecond[view.getUint32(at + 8, little)]
      if (units === undefined) return null
      const time = view.getUint32(at + 12, little) * 2 ** 32 + view.getUint32(at + 16, little)
      return (time / units) * 1000
    }
    at += length
  }
  return null
}

function unitsOf(view: DataView, from: number, to: number, little: boolean): number {
  let at = from
  while (at + 4 < to) {
    const code = view.getUint16(at, little)
    const length = view.getUint16(at + 2, little)
    if (code === 0) break
    if (code === 9) {
      const unit = view.getUint8(at + 4)
      return unit >= 0x80 ? 2 ** (unit - 0x80) : 10 ** unit
    }
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return 1e6
}
