/**
 * Whether both ends of a connection took part, by what each sensor says of it (spec inputs.md section 4, «Weir:»). Zeek's
 * rule stands with Zeek's parser. `null` is «the sensor could not tell», never «no».
 */

// Bits of the TCP flags octet (RFC 9293 section 3.1).
export const fin = 0x01
export const syn = 0x02
export const rst = 0x04
export const psh = 0x08
export const ack = 0x10

/** TCP flags seen in one connection; -1 where the sensor does not tell them. */
export type TcpFlags = { readonly toServer: number; readonly toClient: number; readonly both: number }

export const noTcpFlags: TcpFlags = { toServer: -1, toClient: -1, both: -1 }

/**
 * `state` as EVE writes it. TCP flags go before the state, since Suricata calls a refused SYN `closed` as it does a
 * connection that ran its course.
 */
export function suricataEstablished(
  proto: string,
  state: string,
  srcPkts: number,
  dstPkts: number,
  flags: TcpFlags,
): boolean | null {
  const twoWay = srcPkts > 0 && dstPkts > 0
  if (proto === 'tcp') {
    // All zero is what Suricata writes for packets that bypassed it: nothing seen, not nothing sent.
    if (flags.toServer >= 0 && flags.toClient >= 0 && (flags.toServer | flags.toClient) !== 0) {
      return twoWay && (flags.toServer & ack) !== 0 && accepts(flags.toClient)
    }
    if (flags.both > 0) {
      // Both sides in one octet: a reset without data or a FIN is a refusal, as far as can be seen.
      const moved = (flags.both & (psh | fin)) !== 0 || (flags.both & rst) === 0
      return twoWay && (flags.both & ack) !== 0 && moved
    }
  }
  if (state === 'established') return true
  if (state === 'new') return dstPkts > 0
  if (state === '' && srcPkts === 0 && dstPkts === 0) return null
  return twoWay
}

/** Whether a server that sent these took the connection, and not just refused it with RST and ACK. */
function accepts(flags: number): boolean {
  return (flags & ack) !== 0 && ((flags & rst) === 0 || (flags & (syn | psh | fin)) !== 0)
}

/** Argus writes letters per side (`SPA_SRPA`), a word (`CON`), or, in files converted from Zeek, Zeek's own. */
export function argusEstablished(state: string, pkts: number): boolean | null {
  if (state === '') return null
  const cut = state.indexOf('_')
  if (cut >= 0) {
    const end = state.indexOf('_', cut + 1)
    const source = state.slice(0, cut)
    const destination = end < 0 ? state.slice(cut + 1) : state.slice(cut + 1, end)
    const handshake =
      source.includes('S') && source.includes('A') && destination.includes('S') && destination.includes('A')
    return handshake || (source.includes('PA') && destination.includes('PA'))
  }
  if (state === 'SF' || state === 'S1' || state === 'S2' || state === 'S3') return true
  if (state.includes('ECO') || state.includes('UNK') || state.includes('CON')) return true
  if (state.includes('INT')) return false
  if (state.includes('EST')) return true
  // A judgement of the reference behaviour: more than three packets are more than an attempt and its refusal.
  if (state.includes('RST') || state.includes('FIN')) return pkts > 3
  return false
}

/**
 * `oneWay`: the listing does not tell of the way back, so silence there says nothing. A TCP record with data but no SYN is
 * the later part of a long connection that the exporter cut, or the answers to one: whether that was accepted stands in another
 * record. One way alone proves the other where it sent a SYN, acknowledged and went on to send or to end in order: neither
 * end does so before the other has agreed (RFC 9293 section 3.5).
 */
export function nfdumpEstablished(
  proto: string,
  flags: string,
  dstPkts: number,
  oneWay: boolean,
): boolean | null {
  if (proto === 'tcp') {
    const seen = flagsOfLetters(flags)
    if (oneWay) return oneWayEstablished(seen)
    if (flags === '') return dstPkts > 0
    const later = (seen & syn) === 0
    const answered = (seen & (ack | psh)) !== 0
    if (!answered || (later && (seen & rst) !== 0 && (seen & psh) === 0)) return false
    if (later) return dstPkts > 0 ? null : false
  }
  if (dstPkts > 0) return true
  return oneWay ? null : false
}

/** A SYN and nothing else is a try; no flags at all are an exporter that tells none. */
function oneWayEstablished(seen: number): boolean | null {
  if ((seen & syn) === 0) return null
  if ((seen & ack) === 0) return false
  return (seen & (psh | fin)) !== 0 ? true : null
}

/** `.AP.SF`, `......S.`, or the hex number older nfdump writes when there are flags it has no letter for. */
function flagsOfLetters(text: string): number {
  if (text.startsWith('0x') || text.startsWith('0X')) {
    const bits = Number(text)
    return bits >= 0 ? bits & 0xff : 0
  }
  let bits = 0
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i)
    if (letter === 83) bits |= syn
    else if (letter === 65) bits |= ack
    else if (letter === 80) bits |= psh
    else if (letter === 82) bits |= rst
    else if (letter === 70) bits |= fin
  }
  return bits
}
