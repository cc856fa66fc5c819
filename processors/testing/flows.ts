/**
 * Records for tests: each maker gives an ordinary one, with what a test cares about in its place. What is left open is
 * filled in by `asRead` in the order of the list, so that a test says only what its story needs.
 */
import type {
  Arp,
  Certificate,
  Conn,
  Dhcp,
  Dns,
  File,
  FlowRecord,
  Ftp,
  Head,
  Http,
  Indicator,
  IndicatorKind,
  Login,
  Notice,
  SensorAlert,
  Smtp,
  Software,
  Ssh,
  Tls,
  Tunnel,
  Weird,
} from '@weir/schemas'

/** The start of the first profile window of a story: Monday 2026-01-05, 10:00 UTC. */
export const startMs = Date.UTC(2026, 0, 5, 10)

export const seconds = (n: number): number => n * 1_000
export const minutes = (n: number): number => n * 60_000
export const hours = (n: number): number => n * 3_600_000
export const days = (n: number): number => n * 86_400_000

/** Time between records that do not say when they are. */
const STEP_MS = 10

/** Times are not a number, and the uid is empty, until `asRead` fills them in. */
const head: Head = {
  tsMs: Number.NaN,
  observedMs: Number.NaN,
  site: 'main',
  sensor: 'zeek-1',
  source: 'zeek',
  uid: '',
  srcIp: '10.0.0.9',
  srcPort: 50_123,
  dstIp: '10.0.0.1',
  dstPort: 80,
  proto: 'tcp',
  label: '',
  labelDetail: '',
}

/** A short, finished connection with payload both ways. `established: false` alone makes it one SYN without answer. */
export function conn(given: Partial<Conn> = {}): Conn {
  const answered = given.established !== false
  return {
    ...head,
    kind: 'conn',
    durationMs: answered ? 250 : 0,
    service: '',
    state: answered ? 'SF' : 'S0',
    history: answered ? 'ShADadFf' : 'S',
    established: true,
    srcPkts: answered ? 6 : 1,
    dstPkts: answered ? 5 : 0,
    srcBytes: answered ? 420 : 0,
    dstBytes: answered ? 2_300 : 0,
    srcMac: '',
    dstMac: '',
    icmpType: null,
    icmpCode: null,
    ...given,
  }
}

/** An `A` question that was answered with a public address. */
export function dns(given: Partial<Dns> = {}): Dns {
  return {
    ...head,
    dstPort: 53,
    proto: 'udp',
    kind: 'dns',
    query: 'www.example.com',
    qclass: 'C_INTERNET',
    qtype: 'A',
    rcode: 'NOERROR',
    answers: ['93.184.216.34'],
    ttls: [300],
    ...given,
  }
}

/** A page fetched from a public server. */
export function http(given: Partial<Http> = {}): Http {
  return {
    ...head,
    dstIp: '93.184.216.34',
    kind: 'http',
    method: 'GET',
    host: 'www.example.com',
    uri: '/',
    referrer: '',
    version: '1.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    requestBytes: 0,
    responseBytes: 1_256,
    statusCode: 200,
    statusMessage: 'OK',
    responseMimeTypes: ['text/html'],
    responseFileIds: ['F1'],
    ...given,
  }
}

export function tls(given: Partial<Tls> = {}): Tls {
  return {
    ...head,
    dstIp: '93.184.216.34',
    dstPort: 443,
    kind: 'tls',
    version: 'TLSv13',
    cipher: 'TLS_AES_128_GCM_SHA256',
    curve: 'x25519',
    serverName: 'www.example.com',
    resumed: false,
    established: true,
    subject: '',
    issuer: '',
    clientSubject: '',
    validationStatus: '',
    ja3: '',
    ja3s: '',
    ja4: '',
    certificates: [],
    clientCertificates: [],
    isDoh: null,
    sniMatchesCert: null,
    notBeforeMs: null,
    notAfterMs: null,
    ...given,
  }
}

/** A certificate that a sensor tells of apart from the handshakes: of an authority, for the server of `tls`. */
export function certificate(given: Partial<Certificate> = {}): Certificate {
  return {
    ...head,
    srcIp: '',
    srcPort: null,
    dstIp: '',
    dstPort: null,
    proto: '',
    kind: 'certificate',
    certificate: '',
    serial: '',
    subject: 'CN=www.example.com,O=Example Ltd,C=CH',
    issuer: 'CN=Example CA,O=Example Ltd,C=CH',
    notBeforeMs: null,
    notAfterMs: null,
    dnsNames: [],
    ...given,
  }
}

/** A session of which the sensor could not tell whether the login worked. */
export function ssh(given: Partial<Ssh> = {}): Ssh {
  return {
    ...head,
    dstPort: 22,
    kind: 'ssh',
    version: '2',
    authSuccess: null,
    authAttempts: null,
    client: 'SSH-2.0-OpenSSH_9.6',
    server: 'SSH-2.0-OpenSSH_9.6',
    cipher: 'chacha20-poly1305@openssh.com',
    mac: '',
    compression: 'none',
    kex: 'curve25519-sha256',
    hostKeyAlgorithm: 'ssh-ed25519',
    hostKey: '',
    ...given,
  }
}

/** A client without an address asks for its former one and is given it. */
export function dhcp(given: Partial<Dhcp> = {}): Dhcp {
  return {
    ...head,
    srcIp: '0.0.0.0',
    srcPort: 68,
    dstIp: '255.255.255.255',
    dstPort: 67,
    proto: 'udp',
    kind: 'dhcp',
    uids: [],
    mac: '02:00:00:00:00:09',
    clientIp: '',
    serverIp: '10.0.0.1',
    requestedIp: '10.0.0.9',
    assignedIp: '10.0.0.9',
    hostName: 'ws-9',
    domain: '',
    messageTypes: ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'],
    ...given,
  }
}

export function ftp(given: Partial<Ftp> = {}): Ftp {
  return {
    ...head,
    dstPort: 21,
    kind: 'ftp',
    user: 'anonymous',
    command: 'PASV',
    argument: '',
    replyCode: 227,
    replyMessage: '',
    dataPort: null,
    ...given,
  }
}

export function smtp(given: Partial<Smtp> = {}): Smtp {
  return {
    ...head,
    dstPort: 25,
    kind: 'smtp',
    helo: 'ws-9.example.com',
    mailFrom: 'a@example.com',
    rcptTo: ['b@example.com'],
    subject: '',
    lastReply: '250 2.0.0 Ok',
    userAgent: '',
    tls: false,
    ...given,
  }
}

export function tunnel(given: Partial<Tunnel> = {}): Tunnel {
  return {
    ...head,
    srcPort: 0,
    dstPort: 0,
    proto: 'gre',
    kind: 'tunnel',
    tunnelType: 'Tunnel::GRE',
    action: 'Tunnel::DISCOVER',
    ...given,
  }
}

export function notice(given: Partial<Notice> = {}): Notice {
  return { ...head, kind: 'notice', note: '', message: '', sub: '', count: null, ...given }
}

export function file(given: Partial<File> = {}): File {
  return {
    ...head,
    kind: 'file',
    fileId: 'F1',
    connUids: [],
    senderIps: [],
    receiverIps: [],
    fileSource: 'HTTP',
    analyzers: [],
    mimeType: 'text/html',
    filename: '',
    sizeBytes: 1_256,
    md5: '',
    sha1: '',
    sha256: '',
    ...given,
  }
}

/** One host asks who has the address of another. */
export function arp(given: Partial<Arp> = {}): Arp {
  return {
    ...head,
    srcPort: null,
    dstPort: null,
    proto: 'arp',
    kind: 'arp',
    operation: 'request',
    srcMac: '02:00:00:00:00:09',
    dstMac: 'ff:ff:ff:ff:ff:ff',
    srcHw: '02:00:00:00:00:09',
    dstHw: '00:00:00:00:00:00',
    ...given,
  }
}

export function software(given: Partial<Software> = {}): Software {
  return {
    ...head,
    dstIp: '',
    dstPort: null,
    kind: 'software',
    softwareType: 'HTTP::BROWSER',
    name: 'Firefox',
    versionMajor: 128,
    versionMinor: 0,
    unparsedVersion: '',
    ...given,
  }
}

export function weird(given: Partial<Weird> = {}): Weird {
  return { ...head, kind: 'weird', name: '', addl: '', ...given }
}

export function login(given: Partial<Login> = {}): Login {
  return {
    ...head,
    dstPort: 23,
    kind: 'login',
    service: 'telnet',
    success: true,
    confused: false,
    user: '',
    clientUser: '',
    ...given,
  }
}

export function sensorAlert(given: Partial<SensorAlert> = {}): SensorAlert {
  return {
    ...head,
    source: 'suricata',
    kind: 'sensor-alert',
    event: 'alert',
    signatureId: 1,
    signature: '',
    category: '',
    severity: 3,
    action: 'allowed',
    techniques: [],
    ...given,
  }
}

/** What the feed `lab` says of a value: high and certain, for ever. */
export function listed(kind: IndicatorKind, value: string, given: Partial<Indicator> = {}): Indicator {
  return {
    kind,
    value,
    feed: 'lab',
    level: 'high',
    confidence: 1,
    expiresMs: null,
    description: '',
    tags: [],
    ...given,
  }
}

export function times<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i))
}

/**
 * The records as a reader hands them on, in the order given. Without a time of its own a record begins 10 ms after the one
 * before it, the first at `startMs`. Stream time is the latest end so far, and never falls; a record may set it further ahead. Empty
 * uids are numbered.
 */
export function asRead(records: readonly FlowRecord[]): FlowRecord[] {
  let lastMs = startMs - STEP_MS
  let streamMs = Number.NEGATIVE_INFINITY
  return records.map((record, i) => {
    const tsMs = Number.isNaN(record.tsMs) ? lastMs + STEP_MS : record.tsMs
    const endMs = record.kind === 'conn' ? tsMs + record.durationMs : tsMs
    const observedMs = Number.isNaN(record.observedMs) ? endMs : record.observedMs
    lastMs = tsMs
    streamMs = Math.max(streamMs, observedMs)
    return { ...record, tsMs, observedMs: streamMs, uid: record.uid === '' ? `C${i}` : record.uid }
  })
}
