/**
 * The ten client hellos of JARM, an active fingerprint of TLS servers (published by Salesforce with its algorithm under the BSD licence; the table of probes is
 * that of section 3.5 of the specification of threat intelligence). What differs is which suites, protocols and versions are offered and in which
 * order: servers choose differently.
 */

type Order = 'forward' | 'reverse' | 'top half' | 'bottom half' | 'middle out'

export type Probe = {
  /** Of the record and of the hello; TLS 1.3 says 1.0 and 1.2 there (RFC 8446). */
  readonly recordVersion: number
  readonly helloVersion: number
  readonly suites: 'all' | 'before 1.3'
  readonly order: Order
  readonly hasGrease: boolean
  readonly protocols: 'all' | 'rare'
  /** Versions offered in their extension; none: no such extension. */
  readonly versions: readonly number[]
  /** Order of protocols and versions. */
  readonly lists: 'forward' | 'reverse'
}

const [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3] = [0x0301, 0x0302, 0x0303, 0x0304]
const upTo12 = [TLS_1_0, TLS_1_1, TLS_1_2]
const upTo13 = [...upTo12, TLS_1_3]

export const probes: readonly Probe[] = [
  probe(TLS_1_2, 'all', 'forward', false, 'all', upTo12, 'reverse'),
  probe(TLS_1_2, 'all', 'reverse', false, 'all', upTo12, 'forward'),
  probe(TLS_1_2, 'all', 'top half', false, 'all', [], 'forward'),
  probe(TLS_1_2, 'all', 'bottom half', false, 'rare', [], 'forward'),
  probe(TLS_1_2, 'all', 'middle out', true, 'rare', [], 'reverse'),
  probe(TLS_1_1, 'all', 'forward', false, 'all', [], 'forward'),
  probe(TLS_1_3, 'all', 'forward', false, 'all', upTo13, 'reverse'),
  probe(TLS_1_3, 'all', 'reverse', false, 'all', upTo13, 'forward'),
  probe(TLS_1_3, 'before 1.3', 'forward', false, 'all', upTo13, 'forward'),
  probe(TLS_1_3, 'all', 'middle out', true, 'all', upTo13, 'reverse'),
]

function probe(
  version: number,
  suites: Probe['suites'],
  order: Order,
  hasGrease: boolean,
  protocols: Probe['protocols'],
  versions: readonly number[],
  lists: Probe['lists'],
): Probe {
  const isNewest = version === TLS_1_3
  return {
    recordVersion: isNewest ? TLS_1_0 : version,
    helloVersion: isNewest ? TLS_1_2 : version,
    suites,
    order,
    hasGrease,
    protocols,
    versions,
    lists,
  }
}

/** All suites, in the order in which JARM offers them forwards. */
export const offeredSuites: readonly number[] = [
  0x0016, 0x0033, 0x0067, 0xc09e, 0xc0a2, 0x009e, 0x0039, 0x006b, 0xc09f, 0xc0a3, 0x009f, 0x0045, 0x00be,
  0x0088, 0x00c4, 0x009a, 0xc008, 0xc009, 0xc023, 0xc0ac, 0xc0ae, 0xc02b, 0xc00a, 0xc024, 0xc0ad, 0xc0af,
  0xc02c, 0xc072, 0xc073, 0xcca9, 0x1302, 0x1301, 0xcc14, 0xc007, 0xc012, 0xc013, 0xc027, 0xc02f, 0xc014,
  0xc028, 0xc030, 0xc060, 0xc061, 0xc076, 0xc077, 0xcca8, 0x1305, 0x1304, 0x1303, 0xcc13, 0xc011, 0x000a,
  0x002f, 0x003c, 0xc09c, 0xc0a0, 0x009c, 0x0035, 0x003d, 0xc09d, 0xc0a1, 0x009d, 0x0041, 0x00ba, 0x0084,
  0x00c0, 0x0007, 0x0004, 0x0005,
]

const allProtocols = ['http/0.9', 'http/1.0', 'http/1.1', 'spdy/1', 'spdy/2', 'spdy/3', 'h2', 'h2c', 'hq']
const rareProtocols = allProtocols.filter((name) => name !== 'http/1.1' && name !== 'h2')

/** A value that servers must pass over (RFC 8701). Any of them does: what a server answers does not depend on which. */
const GREASE = 0x0a0a

/** Suites of TLS 1.3 are 13xx. */
const isOf13 = (suite: number): boolean => suite >> 8 === 0x13

export function suitesOf({ suites, order, hasGrease }: Probe): readonly number[] {
  const offered = suites === 'all' ? offeredSuites : offeredSuites.filter((suite) => !isOf13(suite))
  return [...(hasGrease ? [GREASE] : []), ...ordered(offered, order)]
}

/** Of an odd number the middle one is in the top half, which runs outwards from it, and not in the bottom half. */
export function ordered<T>(list: readonly T[], order: Order): readonly T[] {
  const middle = list.length >> 1
  const isOdd = list.length % 2 === 1
  switch (order) {
    case 'forward':
      return list
    case 'reverse':
      return list.toReversed()
    case 'bottom half':
      return list.slice(isOdd ? middle + 1 : middle)
    case 'top half':
      return list.slice(0, isOdd ? middle + 1 : middle).toReversed()
    case 'middle out': {
      const after = list.slice(isOdd ? middle + 1 : middle)
      const before = list.slice(0, middle).toReversed()
      const pairs = after.flatMap((item, i) => [item, ...before.slice(i, i + 1)])
      return [...list.slice(middle, isOdd ? middle + 1 : middle), ...pairs]
    }
  }
}

/**
 * The bytes of a probe: a record (22, version, length) with a handshake (1, length of three bytes) with the hello: version, 32 bytes of `noise`, a
 * session id of 32 bytes, suites, no compression, extensions.
 */
export function clientHello(probe: Probe, host: string, noise: Buffer): Buffer {
  const hello = Buffer.concat([
    word(probe.helloVersion),
    noise.subarray(0, 32),
    sized(1, noise.subarray(32, 64)),
    sized(2, Buffer.concat(suitesOf(probe).map(word))),
    sized(1, Buffer.from([0])),
    sized(2, extensionsOf(probe, host, noise.subarray(64, 96))),
  ])
  const handshake = Buffer.concat([Buffer.from([1]), sized(3, hello)])
  return Buffer.concat([Buffer.from([22]), word(probe.recordVersion), sized(2, handshake)])
}

function extensionsOf(probe: Probe, host: string, share: Buffer): Buffer {
  const { hasGrease, versions, lists } = probe
  const protocols = ordered(probe.protocols === 'all' ? allProtocols : rareProtocols, lists)
  const names = Buffer.concat(protocols.map((name) => sized(1, Buffer.from(name))))
  const shares = Buffer.concat([
    ...(hasGrease ? [word(GREASE), sized(2, Buffer.from([0]))] : []),
    word(0x001d),
    sized(2, share),
  ])
  const offered = Buffer.concat([...(hasGrease ? [word(GREASE)] : []), ...ordered(versions, lists).map(word)])
  return Buffer.concat([
    ...(hasGrease ? [extension(GREASE, Buffer.alloc(0))] : []),
    // server_name: one host name
    extension(0, sized(2, Buffer.concat([Buffer.from([0]), sized(2, Buffer.from(host))]))),
    // extended_master_secret
    extension(23, Buffer.alloc(0)),
    // max_fragment_length: 512 bytes
    extension(1, Buffer.from([1])),
    // renegotiation_info
    extension(0xff01, Buffer.from([0])),
    // supported_groups: x25519, P-256, P-384, P-521
    extension(10, sized(2, Buffer.concat([0x001d, 0x0017, 0x0018, 0x0019].map(word)))),
    // ec_point_formats: uncompressed
    extension(11, sized(1, Buffer.from([0]))),
    // session_ticket
    extension(35, Buffer.alloc(0)),
    // application_layer_protocol_negotiation
    extension(16, sized(2, names)),
    // signature_algorithms
    extension(
      13,
      sized(
        2,
        Buffer.concat([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201].map(word)),
      ),
    ),
    // key_share: x25519
    extension(51, sized(2, shares)),
    // psk_key_exchange_modes: with (EC)DHE
    extension(45, sized(1, Buffer.from([1]))),
    // supported_versions
    ...(versions.length === 0 ? [] : [extension(43, sized(1, offered))]),
  ])
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([word(type), sized(2, data)])
}

function word(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff])
}

/** With its length in so many bytes in front. */
function sized(bytes: number, data: Buffer): Buffer {
  const length = Buffer.alloc(bytes)
  length.writeUIntBE(data.length, 0, bytes)
  return Buffer.concat([length, data])
}
