/**
 * What really happened on the wire, before any sensor looked at it. All times are whole microseconds since the epoch;
 * payload bytes, not bytes on the wire. Writers turn a `Wire` into the logs of one sensor.
 */
export type Wire = {
  readonly startUs: number
  /** Nothing on the wire is later than this. */
  readonly endUs: number
  /** In order of their start. */
  readonly connections: readonly Connection[]
  /** In order of `writtenUs`. */
  readonly messages: readonly Message[]
}

/**
 * How a connection went. `finished`: both FINs, or an answered UDP or ICMP exchange. `open`: still going when the story
 * ends. `unanswered`: nothing came back. `rejected`: the first SYN met a RST.
 */
export type Outcome = 'finished' | 'open' | 'unanswered' | 'rejected' | 'reset-by-client' | 'reset-by-server'

export type Service =
  | ''
  | 'dns'
  | 'http'
  | 'tls'
  | 'quic'
  | 'ssh'
  | 'smtp'
  | 'dhcp'
  | 'ntp'
  | 'smb'
  | 'kerberos'
  | 'ldap'
  | 'ftp'
  | 'stun'
  | 'telnet'

/** Ground truth, in the words the labelled captures use. */
export type Label = { readonly label: 'Benign' | 'Malicious'; readonly detail: string }

export type Connection = {
  readonly uid: string
  readonly flowId: number
  readonly startUs: number
  readonly endUs: number
  readonly srcIp: string
  /** ICMP: the type. */
  readonly srcPort: number
  readonly dstIp: string
  /** ICMP: the code. */
  readonly dstPort: number
  readonly proto: 'tcp' | 'udp' | 'icmp'
  readonly service: Service
  readonly outcome: Outcome
  readonly srcBytes: number
  readonly dstBytes: number
  readonly srcPkts: number
  readonly dstPkts: number
  readonly srcMac: string
  readonly dstMac: string
  /** The tunnel this ran inside, or `''`. */
  readonly tunnelUid: string
  readonly truth: Label
}

type Timed = {
  /** When it happened. */
  readonly atUs: number
  /** When a sensor knows all of it. */
  readonly writtenUs: number
}

type OnConnection = Timed & { readonly conn: Connection }

export type DnsAnswer = { readonly type: string; readonly data: string; readonly ttl: number }

export type DnsMessage = OnConnection & {
  readonly kind: 'dns'
  readonly id: number
  readonly query: string
  readonly qtype: 'A' | 'AAAA' | 'TXT' | 'PTR' | 'MX'
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL'
  readonly answers: readonly DnsAnswer[]
}

export type HttpMessage = OnConnection & {
  readonly kind: 'http'
  readonly depth: number
  readonly method: string
  readonly host: string
  readonly uri: string
  readonly referrer: string
  readonly userAgent: string
  readonly requestBytes: number
  readonly responseBytes: number
  readonly status: number
  readonly statusMessage: string
  readonly mimeType: string
  /** `''` where the response had no body. */
  readonly fileId: string
}

export type TlsMessage = OnConnection & {
  readonly kind: 'tls'
  readonly version: 'TLSv12' | 'TLSv13'
  readonly cipher: string
  readonly serverName: string
  readonly resumed: boolean
  /** Subject, issuer, certificates and their dates: empty where TLS 1.3 or a resumption hides them. */
  readonly subject: string
  readonly issuer: string
  readonly fingerprint: string
  /** Whether Zeek tells of the certificate in x509.log, and of the handshake without it. */
  readonly isCertificateApart: boolean
  readonly ja3: string
  readonly ja3s: string
}

export type SshMessage = OnConnection & {
  readonly kind: 'ssh'
  readonly success: boolean
  readonly attempts: number
  readonly client: string
  readonly server: string
}

export type SmtpMessage = OnConnection & {
  readonly kind: 'smtp'
  readonly helo: string
  readonly mailFrom: string
  readonly rcptTo: readonly string[]
  readonly subject: string
  readonly lastReply: string
  readonly tls: boolean
}

export type DhcpMessage = OnConnection & {
  readonly kind: 'dhcp'
  readonly mac: string
  readonly clientIp: string
  readonly serverIp: string
  readonly requestedIp: string
  /** `''`: the server said no, or nothing. */
  readonly assignedIp: string
  readonly hostName: string
  readonly types: readonly string[]
}

export type FtpMessage = OnConnection & {
  readonly kind: 'ftp'
  readonly user: string
  readonly command: string
  readonly argument: string
  readonly replyCode: number
  readonly replyMessage: string
  readonly dataPort: number | null
}

/** A file the server sent to the client. */
export type FileMessage = OnConnection & {
  readonly kind: 'file'
  readonly fileId: string
  readonly source: 'HTTP' | 'FTP_DATA' | 'SMB'
  readonly mimeType: string
  readonly filename: string
  readonly bytes: number
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
}

export type TunnelMessage = Timed & {
  readonly kind: 'tunnel'
  readonly uid: string
  readonly srcIp: string
  readonly dstIp: string
  readonly action: 'DISCOVER' | 'CLOSE' | 'EXPIRE'
  readonly truth: Label
}

export type ArpMessage = Timed & {
  readonly kind: 'arp'
  readonly operation: 'request' | 'reply'
  readonly srcMac: string
  readonly dstMac: string
  readonly srcHw: string
  readonly dstHw: string
  readonly srcIp: string
  readonly dstIp: string
  readonly truth: Label
}

export type SoftwareMessage = Timed & {
  readonly kind: 'software'
  readonly ip: string
  readonly port: number | null
  readonly type: string
  readonly name: string
  readonly major: number
  readonly minor: number
  readonly unparsed: string
  readonly truth: Label
}

/** A login without encryption, as a script of Zeek tells it. */
export type LoginMessage = OnConnection & {
  readonly kind: 'login'
  readonly service: 'telnet' | 'rlogin' | 'rsh'
  readonly success: boolean
  readonly user: string
}

/** Something about a connection that the protocol does not foresee. */
export type WeirdMessage = OnConnection & {
  readonly kind: 'weird'
  readonly name: string
  readonly addl: string
}

/** A conclusion of Zeek's own scripts about one host, or about it and another. */
export type NoticeMessage = Timed & {
  readonly kind: 'notice'
  readonly note: string
  readonly text: string
  readonly srcIp: string
  /** `''`: about one host alone. */
  readonly dstIp: string
  readonly port: number | null
  readonly truth: Label
}

/** A rule of Suricata's that matched. */
export type AlertMessage = OnConnection & {
  readonly kind: 'alert'
  readonly signatureId: number
  readonly signature: string
  readonly category: string
  readonly severity: 1 | 2 | 3
  readonly techniques: readonly string[]
}

export type Message =
  | DnsMessage
  | HttpMessage
  | TlsMessage
  | SshMessage
  | SmtpMessage
  | DhcpMessage
  | FtpMessage
  | FileMessage
  | TunnelMessage
  | ArpMessage
  | SoftwareMessage
  | LoginMessage
  | WeirdMessage
  | NoticeMessage
  | AlertMessage
