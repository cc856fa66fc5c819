/**
 * The normalised records every sensor's lines become, one type per kind. Generated from `avro/*.avsc`.
 *
 * Units and conventions, for every field of every kind:
 * - times are epoch milliseconds with microseconds as the fraction, always `micros / 1000` of a whole number of
 *   microseconds, so that the Avro form (`timestamp-micros`) and this one convert without loss;
 * - addresses are text in canonical form (RFC 5952 for IPv6, dotted decimal for IPv4); MACs are lower case with colons;
 * - text that the sensor left unset is `''`, lists are empty, numbers and booleans that it left unset are `null`, but
 *   byte and packet counters, which are 0;
 * - protocol and service names are lower case; `service` may be a comma-separated set, as Zeek writes it (`ssl,http`).
 */

/** Which sensor family wrote the line. */
export type Source = 'zeek' | 'argus' | 'suricata' | 'nfdump'

/** What every kind of record carries, in this order, ahead of its own fields. */
export type Head = {
  /** Event time: when the connection or message began, by the sensor's clock. */
  readonly tsMs: number
  /**
   * The reader's stream time when it read this record: the latest end time it had seen by then over all its merged
   * inputs. Never smaller than that of the record read before. Lateness, timers and window closes go by this clock, so
   * they come out the same however the records are later split into partitions.
   */
  readonly observedMs: number
  /** Where the network is: two sites may both have a 192.168.1.5. */
  readonly site: string
  /** The sensor's own name for itself (`_node_name`, EVE `host`), else its source. */
  readonly sensor: string
  readonly source: Source
  /** The sensor's connection id; else stable and made from the line and its number. */
  readonly uid: string
  readonly srcIp: string
  readonly srcPort: number | null
  /** `''` where the kind has no second end (software, some notices and weirds). */
  readonly dstIp: string
  readonly dstPort: number | null
  readonly proto: string
  /** Ground truth of labelled captures; `''` in real life. */
  readonly label: string
  readonly labelDetail: string
}

/** A connection: Zeek conn, Argus, Suricata flow, nfdump. */
export type Conn = Head & {
  readonly kind: 'conn'
  readonly durationMs: number
  readonly service: string
  /** The sensor's own state text (`SF`, `S_RA`, `closed`, `.AP.SF`). */
  readonly state: string
  /** Zeek's history, else the state. */
  readonly history: string
  /**
   * Whether both ends took part (spec inputs.md section 4, by source); `null` when the sensor could not tell (Zeek
   * OTH).
   */
  readonly established: boolean | null
  readonly srcPkts: number
  readonly dstPkts: number
  /** Payload bytes where the sensor tells them apart, else bytes on the wire. */
  readonly srcBytes: number
  readonly dstBytes: number
  readonly srcMac: string
  readonly dstMac: string
  /** ICMP and ICMPv6 only; the ports are `null` then. */
  readonly icmpType: number | null
  readonly icmpCode: number | null
}

export type Dns = Head & {
  readonly kind: 'dns'
  readonly query: string
  readonly qclass: string
  /** `A`, `AAAA`, `TXT`, … */
  readonly qtype: string
  /** `NOERROR`, `NXDOMAIN`, …; `''` when no answer was seen. */
  readonly rcode: string
  readonly answers: readonly string[]
  /** Seconds, one for each answer where the sensor tells. */
  readonly ttls: readonly number[]
}

export type Http = Head & {
  readonly kind: 'http'
  readonly method: string
  readonly host: string
  readonly uri: string
  readonly referrer: string
  readonly version: string
  readonly userAgent: string
  readonly requestBytes: number
  readonly responseBytes: number
  readonly statusCode: number | null
  readonly statusMessage: string
  readonly responseMimeTypes: readonly string[]
  readonly responseFileIds: readonly string[]
}

export type Tls = Head & {
  readonly kind: 'tls'
  readonly version: string
  readonly cipher: string
  readonly curve: string
  readonly serverName: string
  readonly resumed: boolean | null
  readonly established: boolean | null
  readonly subject: string
  readonly issuer: string
  readonly clientSubject: string
  readonly validationStatus: string
  readonly ja3: string
  readonly ja3s: string
  readonly ja4: string
  /** SHA-1 or SHA-256 of the server's chain, leaf first, or older Zeek's file ids. */
  readonly certificates: readonly string[]
  readonly clientCertificates: readonly string[]
  readonly isDoh: boolean | null
  /** Whether the sensor found the server name among those of the certificate. */
  readonly sniMatchesCert: boolean | null
  readonly notBeforeMs: number | null
  readonly notAfterMs: number | null
}

export type Ssh = Head & {
  readonly kind: 'ssh'
  readonly version: string
  /** `null`: the sensor could not tell. */
  readonly authSuccess: boolean | null
  readonly authAttempts: number | null
  readonly client: string
  readonly server: string
  readonly cipher: string
  readonly mac: string
  readonly compression: string
  readonly kex: string
  readonly hostKeyAlgorithm: string
  readonly hostKey: string
}

/** `srcIp` is the client's address or `0.0.0.0`, `dstIp` the server's or `255.255.255.255`. */
export type Dhcp = Head & {
  readonly kind: 'dhcp'
  readonly uids: readonly string[]
  readonly mac: string
  readonly clientIp: string
  readonly serverIp: string
  readonly requestedIp: string
  readonly assignedIp: string
  readonly hostName: string
  readonly domain: string
  readonly messageTypes: readonly string[]
}

export type Ftp = Head & {
  readonly kind: 'ftp'
  readonly user: string
  readonly command: string
  readonly argument: string
  readonly replyCode: number | null
  readonly replyMessage: string
  readonly dataPort: number | null
}

export type Smtp = Head & {
  readonly kind: 'smtp'
  readonly helo: string
  readonly mailFrom: string
  readonly rcptTo: readonly string[]
  readonly subject: string
  readonly lastReply: string
  readonly userAgent: string
  readonly tls: boolean | null
}

export type Tunnel = Head & {
  readonly kind: 'tunnel'
  /** `Tunnel::GRE`, … */
  readonly tunnelType: string
  /** `Tunnel::DISCOVER`, `Tunnel::CLOSE`, `Tunnel::EXPIRE`. */
  readonly action: string
}

/** `srcIp` falls back to the notice's `src`, `dstIp` to its `dst`, `dstPort` to its `p`. */
export type Notice = Head & {
  readonly kind: 'notice'
  readonly note: string
  readonly message: string
  readonly sub: string
  readonly count: number | null
}

/** Both ends are the connection's where known; else the sender is `srcIp` and the receiver `dstIp`. */
export type File = Head & {
  readonly kind: 'file'
  readonly fileId: string
  readonly connUids: readonly string[]
  readonly senderIps: readonly string[]
  readonly receiverIps: readonly string[]
  readonly fileSource: string
  readonly analyzers: readonly string[]
  readonly mimeType: string
  readonly filename: string
  readonly sizeBytes: number | null
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
}

/** `srcIp` is the sender's protocol address, `dstIp` the target's. */
export type Arp = Head & {
  readonly kind: 'arp'
  readonly operation: string
  /** From the Ethernet header. */
  readonly srcMac: string
  readonly dstMac: string
  /** From the ARP body. */
  readonly srcHw: string
  readonly dstHw: string
}

export type Software = Head & {
  readonly kind: 'software'
  readonly softwareType: string
  readonly name: string
  readonly versionMajor: number | null
  readonly versionMinor: number | null
  readonly unparsedVersion: string
}

export type Weird = Head & {
  readonly kind: 'weird'
  readonly name: string
  readonly addl: string
}

/** Telnet, rlogin, rsh. The password a sensor may log is never read. */
export type Login = Head & {
  readonly kind: 'login'
  readonly service: string
  readonly success: boolean
  readonly confused: boolean
  readonly user: string
  readonly clientUser: string
}

/** An alert or anomaly of the sensor itself (Suricata EVE `alert`, `anomaly`). */
export type SensorAlert = Head & {
  readonly kind: 'sensor-alert'
  readonly event: 'alert' | 'anomaly'
  readonly signatureId: number | null
  readonly signature: string
  readonly category: string
  /** 1 is the most severe, as Suricata counts; `null` for anomalies. */
  readonly severity: number | null
  readonly action: string
  /** ATT&CK technique ids the rule names in its metadata. */
  readonly techniques: readonly string[]
}

/**
 * A certificate that a sensor saw, told apart from the handshakes that show it (Zeek x509). It names no host: `srcIp`
 * and `dstIp` are empty.
 */
export type Certificate = Head & {
  readonly kind: 'certificate'
  /** As in `certificates` of a handshake: its fingerprint, or the file id of older sensors. */
  readonly certificate: string
  readonly serial: string
  readonly subject: string
  readonly issuer: string
  readonly notBeforeMs: number | null
  readonly notAfterMs: number | null
  readonly dnsNames: readonly string[]
}

export type FlowRecord =
  | Conn
  | Dns
  | Http
  | Tls
  | Ssh
  | Dhcp
  | Ftp
  | Smtp
  | Tunnel
  | Notice
  | File
  | Arp
  | Software
  | Weird
  | Login
  | SensorAlert
  | Certificate

export type RecordKind = FlowRecord['kind']

/** The record type of a kind: `RecordOf<'dns'>` is `Dns`. */
export type RecordOf<K extends RecordKind> = Extract<FlowRecord, { kind: K }>

export const recordKinds: readonly RecordKind[] = [
  'conn',
  'dns',
  'http',
  'tls',
  'ssh',
  'dhcp',
  'ftp',
  'smtp',
  'tunnel',
  'notice',
  'file',
  'arp',
  'software',
  'weird',
  'login',
  'sensor-alert',
  'certificate',
]

export type Level = 'info' | 'low' | 'medium' | 'high' | 'critical'

/** One end of what was seen. `names` are the domain names the charged host resolved to this address. */
export type Endpoint = {
  readonly ip: string
  readonly port: number | null
  readonly names: readonly string[]
  readonly mac: string
}

/** `[startMs, endMs)`, epoch-aligned tumbling windows in event time. */
export type TimeWindow = { readonly startMs: number; readonly endMs: number }

/** One finding against one host. Canonical form: `json/evidence.schema.json`. */
export type Evidence = {
  /** Hash of detector, site, profile, window and the key of the finding: a replay overwrites, it never doubles. */
  readonly id: string
  /** The reference's evidence type (`HORIZONTAL_PORT_SCAN`), or one of ours. */
  readonly type: string
  readonly detector: string
  readonly detectorVersion: number
  readonly level: Level
  /** 0 to 1, at most four decimals. */
  readonly confidence: number
  /** Event time of the finding. */
  readonly tsMs: number
  /** The stream time at which it was found; deterministic, see `Head.observedMs`. Not part of the canonical form. */
  readonly observedMs: number
  readonly site: string
  /** The charged host's address. */
  readonly profile: string
  readonly window: TimeWindow
  /** Address, domain, URL or hash of who did it; `direction` is the side of the flow it stood on. */
  readonly attacker: Party
  readonly victim: Party | null
  readonly src: Endpoint | null
  readonly dst: Endpoint | null
  readonly proto: string
  /** Up to 100 flows to open first; `facts` says how many there were in all. */
  readonly uids: readonly string[]
  /** Community ID v1 of the first flow; `''` where the ends or the protocol are unknown. */
  readonly communityId: string
  readonly techniques: readonly string[]
  readonly description: string
  readonly facts: Readonly<Record<string, number | string | boolean>>
  /** Ids of linked evidence, such as the other half of a pair. */
  readonly related: readonly string[]
}

export type Party = {
  readonly direction: 'src' | 'dst'
  readonly type: 'ip' | 'mac' | 'domain' | 'url' | 'hash'
  readonly value: string
}

/** What is held against one host in one window. Canonical form: `json/alert.schema.json`. */
export type Alert = {
  /** Hash of site, profile and window. */
  readonly id: string
  /** Grows with every change; the greatest revision of an id is the alert. */
  readonly revision: number
  readonly status: 'open' | 'closed'
  /** Event time of the evidence with which the weight was reached. */
  readonly tsMs: number
  readonly observedMs: number
  readonly site: string
  readonly profile: string
  readonly window: TimeWindow
  /** Sum of level times confidence over the evidence. */
  readonly weight: number
  readonly threshold: number
  readonly level: Level
  readonly confidence: number
  /** Ids, in order of event time. */
  readonly evidence: readonly string[]
  readonly techniques: readonly string[]
  readonly description: string
}

export type IndicatorKind =
  | 'ip'
  | 'range'
  | 'domain'
  | 'url'
  | 'asn'
  | 'ja3'
  | 'ja3s'
  | 'ja4'
  | 'jarm'
  | 'certificate_sha1'
  | 'certificate_sha256'
  | 'file_md5'
  | 'file_sha1'
  | 'file_sha256'
  | 'tls_server'

/**
 * What one feed says of one value. The same value in two feeds is two indicators: each feed gives and takes its own.
 */
export type Indicator = {
  readonly kind: IndicatorKind
  /**
   * In the form in which records have it: addresses and names canonical, hashes in lower case, URLs without scheme. A
   * `tls_server` is an address and a port (`1.2.3.4:443`, `[2a00::1]:443`) whose answer to a probe is kept: listed for
   * nothing, it says which fingerprint it has.
   */
  readonly value: string
  /** Whose word it is. */
  readonly feed: string
  /** How bad it is to have to do with it. */
  readonly level: Level
  /** 0 to 1: how far the feed is believed. */
  readonly confidence: number
  /** Event time from which it no longer counts; `null` as long as the feed has it. */
  readonly expiresMs: number | null
  readonly description: string
  /** Of a `tls_server`: `jarm:` and 62 digits, `@` and when it was probed (`2026-01-05T10:00:00Z`). */
  readonly tags: readonly string[]
}

/**
 * What is not to be looked at, or not to be said. Two rules of the same type, value, direction and ignore are one rule.
 */
export type AllowRule = {
  readonly type: 'ip' | 'domain' | 'organization' | 'mac'
  /**
   * An address, an address range, a domain with all below it, an organisation or a MAC, in lower case and canonical.
   */
  readonly value: string
  /** The side of the flow on which the value stands. */
  readonly direction: 'src' | 'dst' | 'both'
  /** `flows`: records do not reach detection; `alerts`: evidence is not said. */
  readonly ignore: 'flows' | 'alerts' | 'both'
  /** Event time from which it no longer counts. */
  readonly expiresMs: number | null
  /** Why it is there, for people. */
  readonly comment: string
}

/**
 * Evidence that would have been said, and the rule that kept it from being said. Canonical form:
 * `json/suppressed.schema.json`.
 */
export type Suppressed = {
  /** The rule's id: its type, value, direction and ignore, with commas between them. */
  readonly rule: string
  readonly evidence: Evidence
}
