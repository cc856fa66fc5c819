/** Records to and from the bytes of their Avro form, field by field. Generated from `avro/*.avsc`. */
import type {
  Alert,
  AllowRule,
  Arp,
  Certificate,
  Conn,
  Dhcp,
  Dns,
  Endpoint,
  Evidence,
  File,
  FlowRecord,
  Ftp,
  Http,
  Indicator,
  Login,
  Notice,
  Party,
  SensorAlert,
  Smtp,
  Software,
  Ssh,
  Suppressed,
  TimeWindow,
  Tls,
  Tunnel,
  Weird,
} from './records.ts'
import type { Reader, Writer } from './wire.ts'

export const flowSchema =
  '[{"type":"record","namespace":"org.weir","name":"Conn","kind":"conn","fields":[{"name":"head","type":{"type":"record","namespace":"org.weir","name":"Head","fields":[{"name":"ts","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"observed","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"site","type":"string"},{"name":"sensor","type":"string"},{"name":"source","type":{"type":"enum","namespace":"org.weir","name":"Source","symbols":["zeek","argus","suricata","nfdump"]}},{"name":"uid","type":"string"},{"name":"srcIp","type":"string"},{"name":"srcPort","type":["null","int"],"default":null},{"name":"dstIp","type":"string","default":""},{"name":"dstPort","type":["null","int"],"default":null},{"name":"proto","type":"string","default":""},{"name":"label","type":"string","default":""},{"name":"labelDetail","type":"string","default":""}]}},{"name":"durationMs","type":"double"},{"name":"service","type":"string","default":""},{"name":"state","type":"string","default":""},{"name":"history","type":"string","default":""},{"name":"established","type":["null","boolean"],"default":null},{"name":"srcPkts","type":"long","default":0},{"name":"dstPkts","type":"long","default":0},{"name":"srcBytes","type":"long","default":0},{"name":"dstBytes","type":"long","default":0},{"name":"srcMac","type":"string","default":""},{"name":"dstMac","type":"string","default":""},{"name":"icmpType","type":["null","int"],"default":null},{"name":"icmpCode","type":["null","int"],"default":null}]},{"type":"record","namespace":"org.weir","name":"Dns","kind":"dns","fields":[{"name":"head","type":"org.weir.Head"},{"name":"query","type":"string","default":""},{"name":"qclass","type":"string","default":""},{"name":"qtype","type":"string","default":""},{"name":"rcode","type":"string","default":""},{"name":"answers","type":{"type":"array","items":"string"},"default":[]},{"name":"ttls","type":{"type":"array","items":"double"},"default":[]}]},{"type":"record","namespace":"org.weir","name":"Http","kind":"http","fields":[{"name":"head","type":"org.weir.Head"},{"name":"method","type":"string","default":""},{"name":"host","type":"string","default":""},{"name":"uri","type":"string","default":""},{"name":"referrer","type":"string","default":""},{"name":"version","type":"string","default":""},{"name":"userAgent","type":"string","default":""},{"name":"requestBytes","type":"long","default":0},{"name":"responseBytes","type":"long","default":0},{"name":"statusCode","type":["null","long"],"default":null},{"name":"statusMessage","type":"string","default":""},{"name":"responseMimeTypes","type":{"type":"array","items":"string"},"default":[]},{"name":"responseFileIds","type":{"type":"array","items":"string"},"default":[]}]},{"type":"record","namespace":"org.weir","name":"Tls","kind":"tls","fields":[{"name":"head","type":"org.weir.Head"},{"name":"version","type":"string","default":""},{"name":"cipher","type":"string","default":""},{"name":"curve","type":"string","default":""},{"name":"serverName","type":"string","default":""},{"name":"resumed","type":["null","boolean"],"default":null},{"name":"established","type":["null","boolean"],"default":null},{"name":"subject","type":"string","default":""},{"name":"issuer","type":"string","default":""},{"name":"clientSubject","type":"string","default":""},{"name":"validationStatus","type":"string","default":""},{"name":"ja3","type":"string","default":""},{"name":"ja3s","type":"string","default":""},{"name":"ja4","type":"string","default":""},{"name":"certificates","type":{"type":"array","items":"string"},"default":[]},{"name":"clientCertificates","type":{"type":"array","items":"string"},"default":[]},{"name":"isDoh","type":["null","boolean"],"default":null},{"name":"sniMatchesCert","type":["null","boolean"],"default":null},{"name":"notBefore","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},{"name":"notAfter","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null}]},{"type":"record","namespace":"org.weir","name":"Ssh","kind":"ssh","fields":[{"name":"head","type":"org.weir.Head"},{"name":"version","type":"string","default":""},{"name":"authSuccess","type":["null","boolean"],"default":null},{"name":"authAttempts","type":["null","long"],"default":null},{"name":"client","type":"string","default":""},{"name":"server","type":"string","default":""},{"name":"cipher","type":"string","default":""},{"name":"mac","type":"string","default":""},{"name":"compression","type":"string","default":""},{"name":"kex","type":"string","default":""},{"name":"hostKeyAlgorithm","type":"string","default":""},{"name":"hostKey","type":"string","default":""}]},{"type":"record","namespace":"org.weir","name":"Dhcp","kind":"dhcp","fields":[{"name":"head","type":"org.weir.Head"},{"name":"uids","type":{"type":"array","items":"string"},"default":[]},{"name":"mac","type":"string","default":""},{"name":"clientIp","type":"string","default":""},{"name":"serverIp","type":"string","default":""},{"name":"requestedIp","type":"string","default":""},{"name":"assignedIp","type":"string","default":""},{"name":"hostName","type":"string","default":""},{"name":"domain","type":"string","default":""},{"name":"messageTypes","type":{"type":"array","items":"string"},"default":[]}]},{"type":"record","namespace":"org.weir","name":"Ftp","kind":"ftp","fields":[{"name":"head","type":"org.weir.Head"},{"name":"user","type":"string","default":""},{"name":"command","type":"string","default":""},{"name":"argument","type":"string","default":""},{"name":"replyCode","type":["null","long"],"default":null},{"name":"replyMessage","type":"string","default":""},{"name":"dataPort","type":["null","int"],"default":null}]},{"type":"record","namespace":"org.weir","name":"Smtp","kind":"smtp","fields":[{"name":"head","type":"org.weir.Head"},{"name":"helo","type":"string","default":""},{"name":"mailFrom","type":"string","default":""},{"name":"rcptTo","type":{"type":"array","items":"string"},"default":[]},{"name":"subject","type":"string","default":""},{"name":"lastReply","type":"string","default":""},{"name":"userAgent","type":"string","default":""},{"name":"tls","type":["null","boolean"],"default":null}]},{"type":"record","namespace":"org.weir","name":"Tunnel","kind":"tunnel","fields":[{"name":"head","type":"org.weir.Head"},{"name":"tunnelType","type":"string","default":""},{"name":"action","type":"string","default":""}]},{"type":"record","namespace":"org.weir","name":"Notice","kind":"notice","fields":[{"name":"head","type":"org.weir.Head"},{"name":"note","type":"string","default":""},{"name":"message","type":"string","default":""},{"name":"sub","type":"string","default":""},{"name":"count","type":["null","long"],"default":null}]},{"type":"record","namespace":"org.weir","name":"File","kind":"file","fields":[{"name":"head","type":"org.weir.Head"},{"name":"fileId","type":"string","default":""},{"name":"connUids","type":{"type":"array","items":"string"},"default":[]},{"name":"senderIps","type":{"type":"array","items":"string"},"default":[]},{"name":"receiverIps","type":{"type":"array","items":"string"},"default":[]},{"name":"fileSource","type":"string","default":""},{"name":"analyzers","type":{"type":"array","items":"string"},"default":[]},{"name":"mimeType","type":"string","default":""},{"name":"filename","type":"string","default":""},{"name":"sizeBytes","type":["null","long"],"default":null},{"name":"md5","type":"string","default":""},{"name":"sha1","type":"string","default":""},{"name":"sha256","type":"string","default":""}]},{"type":"record","namespace":"org.weir","name":"Arp","kind":"arp","fields":[{"name":"head","type":"org.weir.Head"},{"name":"operation","type":"string","default":""},{"name":"srcMac","type":"string","default":""},{"name":"dstMac","type":"string","default":""},{"name":"srcHw","type":"string","default":""},{"name":"dstHw","type":"string","default":""}]},{"type":"record","namespace":"org.weir","name":"Software","kind":"software","fields":[{"name":"head","type":"org.weir.Head"},{"name":"softwareType","type":"string","default":""},{"name":"name","type":"string","default":""},{"name":"versionMajor","type":["null","long"],"default":null},{"name":"versionMinor","type":["null","long"],"default":null},{"name":"unparsedVersion","type":"string","default":""}]},{"type":"record","namespace":"org.weir","name":"Weird","kind":"weird","fields":[{"name":"head","type":"org.weir.Head"},{"name":"name","type":"string","default":""},{"name":"addl","type":"string","default":""}]},{"type":"record","namespace":"org.weir","name":"Login","kind":"login","fields":[{"name":"head","type":"org.weir.Head"},{"name":"service","type":"string","default":""},{"name":"success","type":"boolean"},{"name":"confused","type":"boolean"},{"name":"user","type":"string","default":""},{"name":"clientUser","type":"string","default":""}]},{"type":"record","namespace":"org.weir","name":"SensorAlert","kind":"sensor-alert","fields":[{"name":"head","type":"org.weir.Head"},{"name":"event","type":{"type":"enum","name":"SensorEvent","symbols":["alert","anomaly"]}},{"name":"signatureId","type":["null","long"],"default":null},{"name":"signature","type":"string","default":""},{"name":"category","type":"string","default":""},{"name":"severity","type":["null","long"],"default":null},{"name":"action","type":"string","default":""},{"name":"techniques","type":{"type":"array","items":"string"},"default":[]}]},{"type":"record","namespace":"org.weir","name":"Certificate","kind":"certificate","fields":[{"name":"head","type":"org.weir.Head"},{"name":"certificate","type":"string"},{"name":"serial","type":"string","default":""},{"name":"subject","type":"string","default":""},{"name":"issuer","type":"string","default":""},{"name":"notBefore","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},{"name":"notAfter","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},{"name":"dnsNames","type":{"type":"array","items":"string"},"default":[]}]}]'

export const evidenceSchema =
  '{"type":"record","namespace":"org.weir","name":"Evidence","fields":[{"name":"id","type":"string"},{"name":"type","type":"string"},{"name":"detector","type":"string"},{"name":"detectorVersion","type":"int"},{"name":"level","type":{"type":"enum","namespace":"org.weir","name":"Level","symbols":["info","low","medium","high","critical"]}},{"name":"confidence","type":"double"},{"name":"ts","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"observed","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"site","type":"string"},{"name":"profile","type":"string"},{"name":"window","type":{"type":"record","namespace":"org.weir","name":"TimeWindow","fields":[{"name":"start","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"end","type":{"type":"long","logicalType":"timestamp-micros"}}]}},{"name":"attacker","type":{"type":"record","namespace":"org.weir","name":"Party","fields":[{"name":"direction","type":{"type":"enum","name":"Direction","symbols":["src","dst"]}},{"name":"type","type":{"type":"enum","name":"PartyType","symbols":["ip","mac","domain","url","hash"]}},{"name":"value","type":"string"}]}},{"name":"victim","type":["null","org.weir.Party"],"default":null},{"name":"src","type":["null",{"type":"record","namespace":"org.weir","name":"Endpoint","fields":[{"name":"ip","type":"string"},{"name":"port","type":["null","long"],"default":null},{"name":"names","type":{"type":"array","items":"string"},"default":[]},{"name":"mac","type":"string","default":""}]}],"default":null},{"name":"dst","type":["null","org.weir.Endpoint"],"default":null},{"name":"proto","type":"string","default":""},{"name":"uids","type":{"type":"array","items":"string"},"default":[]},{"name":"communityId","type":"string","default":""},{"name":"techniques","type":{"type":"array","items":"string"},"default":[]},{"name":"description","type":"string","default":""},{"name":"facts","type":{"type":"map","values":["double","string","boolean"]},"default":{}},{"name":"related","type":{"type":"array","items":"string"},"default":[]}]}'

export const alertSchema =
  '{"type":"record","namespace":"org.weir","name":"Alert","fields":[{"name":"id","type":"string"},{"name":"revision","type":"int"},{"name":"status","type":{"type":"enum","name":"AlertStatus","symbols":["open","closed"]}},{"name":"ts","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"observed","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"site","type":"string"},{"name":"profile","type":"string"},{"name":"window","type":{"type":"record","namespace":"org.weir","name":"TimeWindow","fields":[{"name":"start","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"end","type":{"type":"long","logicalType":"timestamp-micros"}}]}},{"name":"weight","type":"double"},{"name":"threshold","type":"double"},{"name":"level","type":{"type":"enum","namespace":"org.weir","name":"Level","symbols":["info","low","medium","high","critical"]}},{"name":"confidence","type":"double"},{"name":"evidence","type":{"type":"array","items":"string"},"default":[]},{"name":"techniques","type":{"type":"array","items":"string"},"default":[]},{"name":"description","type":"string","default":""}]}'

export const indicatorSchema =
  '{"type":"record","namespace":"org.weir","name":"Indicator","fields":[{"name":"kind","type":{"type":"enum","namespace":"org.weir","name":"IndicatorKind","symbols":["ip","range","domain","url","asn","ja3","ja3s","ja4","jarm","certificate_sha1","certificate_sha256","file_md5","file_sha1","file_sha256","tls_server"]}},{"name":"value","type":"string"},{"name":"feed","type":"string"},{"name":"level","type":{"type":"enum","namespace":"org.weir","name":"Level","symbols":["info","low","medium","high","critical"]}},{"name":"confidence","type":"double"},{"name":"expires","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},{"name":"description","type":"string","default":""},{"name":"tags","type":{"type":"array","items":"string"},"default":[]}]}'

export const allowRuleSchema =
  '{"type":"record","namespace":"org.weir","name":"AllowRule","fields":[{"name":"type","type":{"type":"enum","name":"AllowType","symbols":["ip","domain","organization","mac"]}},{"name":"value","type":"string"},{"name":"direction","type":{"type":"enum","name":"AllowDirection","symbols":["src","dst","both"]}},{"name":"ignore","type":{"type":"enum","name":"AllowIgnore","symbols":["flows","alerts","both"]}},{"name":"expires","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},{"name":"comment","type":"string","default":""}]}'

export const suppressedSchema =
  '{"type":"record","namespace":"org.weir","name":"Suppressed","fields":[{"name":"rule","type":"string"},{"name":"evidence","type":{"type":"record","namespace":"org.weir","name":"Evidence","fields":[{"name":"id","type":"string"},{"name":"type","type":"string"},{"name":"detector","type":"string"},{"name":"detectorVersion","type":"int"},{"name":"level","type":{"type":"enum","namespace":"org.weir","name":"Level","symbols":["info","low","medium","high","critical"]}},{"name":"confidence","type":"double"},{"name":"ts","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"observed","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"site","type":"string"},{"name":"profile","type":"string"},{"name":"window","type":{"type":"record","namespace":"org.weir","name":"TimeWindow","fields":[{"name":"start","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"end","type":{"type":"long","logicalType":"timestamp-micros"}}]}},{"name":"attacker","type":{"type":"record","namespace":"org.weir","name":"Party","fields":[{"name":"direction","type":{"type":"enum","name":"Direction","symbols":["src","dst"]}},{"name":"type","type":{"type":"enum","name":"PartyType","symbols":["ip","mac","domain","url","hash"]}},{"name":"value","type":"string"}]}},{"name":"victim","type":["null","org.weir.Party"],"default":null},{"name":"src","type":["null",{"type":"record","namespace":"org.weir","name":"Endpoint","fields":[{"name":"ip","type":"string"},{"name":"port","type":["null","long"],"default":null},{"name":"names","type":{"type":"array","items":"string"},"default":[]},{"name":"mac","type":"string","default":""}]}],"default":null},{"name":"dst","type":["null","org.weir.Endpoint"],"default":null},{"name":"proto","type":"string","default":""},{"name":"uids","type":{"type":"array","items":"string"},"default":[]},{"name":"communityId","type":"string","default":""},{"name":"techniques","type":{"type":"array","items":"string"},"default":[]},{"name":"description","type":"string","default":""},{"name":"facts","type":{"type":"map","values":["double","string","boolean"]},"default":{}},{"name":"related","type":{"type":"array","items":"string"},"default":[]}]}}]}'

const sourceSymbols = ['zeek', 'argus', 'suricata', 'nfdump'] as const
const sourcePositions = { zeek: 0, argus: 1, suricata: 2, nfdump: 3 } as const

const sensorEventSymbols = ['alert', 'anomaly'] as const
const sensorEventPositions = { alert: 0, anomaly: 1 } as const

const alertStatusSymbols = ['open', 'closed'] as const
const alertStatusPositions = { open: 0, closed: 1 } as const

const levelSymbols = ['info', 'low', 'medium', 'high', 'critical'] as const
const levelPositions = { info: 0, low: 1, medium: 2, high: 3, critical: 4 } as const

const allowTypeSymbols = ['ip', 'domain', 'organization', 'mac'] as const
const allowTypePositions = { ip: 0, domain: 1, organization: 2, mac: 3 } as const

const allowDirectionSymbols = ['src', 'dst', 'both'] as const
const allowDirectionPositions = { src: 0, dst: 1, both: 2 } as const

const allowIgnoreSymbols = ['flows', 'alerts', 'both'] as const
const allowIgnorePositions = { flows: 0, alerts: 1, both: 2 } as const

const directionSymbols = ['src', 'dst'] as const
const directionPositions = { src: 0, dst: 1 } as const

const partyTypeSymbols = ['ip', 'mac', 'domain', 'url', 'hash'] as const
const partyTypePositions = { ip: 0, mac: 1, domain: 2, url: 3, hash: 4 } as const

const indicatorKindSymbols = [
  'ip',
  'range',
  'domain',
  'url',
  'asn',
  'ja3',
  'ja3s',
  'ja4',
  'jarm',
  'certificate_sha1',
  'certificate_sha256',
  'file_md5',
  'file_sha1',
  'file_sha256',
  'tls_server',
] as const
const indicatorKindPositions = {
  ip: 0,
  range: 1,
  domain: 2,
  url: 3,
  asn: 4,
  ja3: 5,
  ja3s: 6,
  ja4: 7,
  jarm: 8,
  certificate_sha1: 9,
  certificate_sha256: 10,
  file_md5: 11,
  file_sha1: 12,
  file_sha256: 13,
  tls_server: 14,
} as const

export function writeFlow(writer: Writer, record: FlowRecord): void {
  switch (record.kind) {
    case 'conn':
      writer.branch(0)
      writeConn(writer, record)
      return
    case 'dns':
      writer.branch(1)
      writeDns(writer, record)
      return
    case 'http':
      writer.branch(2)
      writeHttp(writer, record)
      return
    case 'tls':
      writer.branch(3)
      writeTls(writer, record)
      return
    case 'ssh':
      writer.branch(4)
      writeSsh(writer, record)
      return
    case 'dhcp':
      writer.branch(5)
      writeDhcp(writer, record)
      return
    case 'ftp':
      writer.branch(6)
      writeFtp(writer, record)
      return
    case 'smtp':
      writer.branch(7)
      writeSmtp(writer, record)
      return
    case 'tunnel':
      writer.branch(8)
      writeTunnel(writer, record)
      return
    case 'notice':
      writer.branch(9)
      writeNotice(writer, record)
      return
    case 'file':
      writer.branch(10)
      writeFile(writer, record)
      return
    case 'arp':
      writer.branch(11)
      writeArp(writer, record)
      return
    case 'software':
      writer.branch(12)
      writeSoftware(writer, record)
      return
    case 'weird':
      writer.branch(13)
      writeWeird(writer, record)
      return
    case 'login':
      writer.branch(14)
      writeLogin(writer, record)
      return
    case 'sensor-alert':
      writer.branch(15)
      writeSensorAlert(writer, record)
      return
    case 'certificate':
      writer.branch(16)
      writeCertificate(writer, record)
      return
  }
}

export function readFlow(reader: Reader): FlowRecord {
  switch (reader.branch(17)) {
    case 0:
      return readConn(reader)
    case 1:
      return readDns(reader)
    case 2:
      return readHttp(reader)
    case 3:
      return readTls(reader)
    case 4:
      return readSsh(reader)
    case 5:
      return readDhcp(reader)
    case 6:
      return readFtp(reader)
    case 7:
      return readSmtp(reader)
    case 8:
      return readTunnel(reader)
    case 9:
      return readNotice(reader)
    case 10:
      return readFile(reader)
    case 11:
      return readArp(reader)
    case 12:
      return readSoftware(reader)
    case 13:
      return readWeird(reader)
    case 14:
      return readLogin(reader)
    case 15:
      return readSensorAlert(reader)
    case 16:
      return readCertificate(reader)
    default:
      throw reader.bad('a record of unknown kind')
  }
}

function writeConn(writer: Writer, record: Conn): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.double(record.durationMs)
  writer.string(record.service)
  writer.string(record.state)
  writer.string(record.history)
  if (record.established === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.boolean(record.established)
  }
  writer.long(record.srcPkts)
  writer.long(record.dstPkts)
  writer.long(record.srcBytes)
  writer.long(record.dstBytes)
  writer.string(record.srcMac)
  writer.string(record.dstMac)
  if (record.icmpType === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.icmpType)
  }
  if (record.icmpCode === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.icmpCode)
  }
}

function readConn(reader: Reader): Conn {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'conn',
    durationMs: reader.double(),
    service: reader.string(),
    state: reader.string(),
    history: reader.string(),
    established: reader.present() ? reader.boolean() : null,
    srcPkts: reader.long(),
    dstPkts: reader.long(),
    srcBytes: reader.long(),
    dstBytes: reader.long(),
    srcMac: reader.string(),
    dstMac: reader.string(),
    icmpType: reader.present() ? reader.int() : null,
    icmpCode: reader.present() ? reader.int() : null,
  }
}

function writeDns(writer: Writer, record: Dns): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.query)
  writer.string(record.qclass)
  writer.string(record.qtype)
  writer.string(record.rcode)
  writer.list(record.answers, writeText)
  writer.list(record.ttls, writeDouble)
}

function readDns(reader: Reader): Dns {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'dns',
    query: reader.string(),
    qclass: reader.string(),
    qtype: reader.string(),
    rcode: reader.string(),
    answers: reader.list(readText),
    ttls: reader.list(readDouble),
  }
}

function writeHttp(writer: Writer, record: Http): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.method)
  writer.string(record.host)
  writer.string(record.uri)
  writer.string(record.referrer)
  writer.string(record.version)
  writer.string(record.userAgent)
  writer.long(record.requestBytes)
  writer.long(record.responseBytes)
  if (record.statusCode === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.statusCode)
  }
  writer.string(record.statusMessage)
  writer.list(record.responseMimeTypes, writeText)
  writer.list(record.responseFileIds, writeText)
}

function readHttp(reader: Reader): Http {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'http',
    method: reader.string(),
    host: reader.string(),
    uri: reader.string(),
    referrer: reader.string(),
    version: reader.string(),
    userAgent: reader.string(),
    requestBytes: reader.long(),
    responseBytes: reader.long(),
    statusCode: reader.present() ? reader.long() : null,
    statusMessage: reader.string(),
    responseMimeTypes: reader.list(readText),
    responseFileIds: reader.list(readText),
  }
}

function writeTls(writer: Writer, record: Tls): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.version)
  writer.string(record.cipher)
  writer.string(record.curve)
  writer.string(record.serverName)
  if (record.resumed === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.boolean(record.resumed)
  }
  if (record.established === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.boolean(record.established)
  }
  writer.string(record.subject)
  writer.string(record.issuer)
  writer.string(record.clientSubject)
  writer.string(record.validationStatus)
  writer.string(record.ja3)
  writer.string(record.ja3s)
  writer.string(record.ja4)
  writer.list(record.certificates, writeText)
  writer.list(record.clientCertificates, writeText)
  if (record.isDoh === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.boolean(record.isDoh)
  }
  if (record.sniMatchesCert === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.boolean(record.sniMatchesCert)
  }
  if (record.notBeforeMs === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.time(record.notBeforeMs)
  }
  if (record.notAfterMs === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.time(record.notAfterMs)
  }
}

function readTls(reader: Reader): Tls {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'tls',
    version: reader.string(),
    cipher: reader.string(),
    curve: reader.string(),
    serverName: reader.string(),
    resumed: reader.present() ? reader.boolean() : null,
    established: reader.present() ? reader.boolean() : null,
    subject: reader.string(),
    issuer: reader.string(),
    clientSubject: reader.string(),
    validationStatus: reader.string(),
    ja3: reader.string(),
    ja3s: reader.string(),
    ja4: reader.string(),
    certificates: reader.list(readText),
    clientCertificates: reader.list(readText),
    isDoh: reader.present() ? reader.boolean() : null,
    sniMatchesCert: reader.present() ? reader.boolean() : null,
    notBeforeMs: reader.present() ? reader.time() : null,
    notAfterMs: reader.present() ? reader.time() : null,
  }
}

function writeSsh(writer: Writer, record: Ssh): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.version)
  if (record.authSuccess === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.boolean(record.authSuccess)
  }
  if (record.authAttempts === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.authAttempts)
  }
  writer.string(record.client)
  writer.string(record.server)
  writer.string(record.cipher)
  writer.string(record.mac)
  writer.string(record.compression)
  writer.string(record.kex)
  writer.string(record.hostKeyAlgorithm)
  writer.string(record.hostKey)
}

function readSsh(reader: Reader): Ssh {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'ssh',
    version: reader.string(),
    authSuccess: reader.present() ? reader.boolean() : null,
    authAttempts: reader.present() ? reader.long() : null,
    client: reader.string(),
    server: reader.string(),
    cipher: reader.string(),
    mac: reader.string(),
    compression: reader.string(),
    kex: reader.string(),
    hostKeyAlgorithm: reader.string(),
    hostKey: reader.string(),
  }
}

function writeDhcp(writer: Writer, record: Dhcp): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.list(record.uids, writeText)
  writer.string(record.mac)
  writer.string(record.clientIp)
  writer.string(record.serverIp)
  writer.string(record.requestedIp)
  writer.string(record.assignedIp)
  writer.string(record.hostName)
  writer.string(record.domain)
  writer.list(record.messageTypes, writeText)
}

function readDhcp(reader: Reader): Dhcp {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'dhcp',
    uids: reader.list(readText),
    mac: reader.string(),
    clientIp: reader.string(),
    serverIp: reader.string(),
    requestedIp: reader.string(),
    assignedIp: reader.string(),
    hostName: reader.string(),
    domain: reader.string(),
    messageTypes: reader.list(readText),
  }
}

function writeFtp(writer: Writer, record: Ftp): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.user)
  writer.string(record.command)
  writer.string(record.argument)
  if (record.replyCode === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.replyCode)
  }
  writer.string(record.replyMessage)
  if (record.dataPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dataPort)
  }
}

function readFtp(reader: Reader): Ftp {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'ftp',
    user: reader.string(),
    command: reader.string(),
    argument: reader.string(),
    replyCode: reader.present() ? reader.long() : null,
    replyMessage: reader.string(),
    dataPort: reader.present() ? reader.int() : null,
  }
}

function writeSmtp(writer: Writer, record: Smtp): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.helo)
  writer.string(record.mailFrom)
  writer.list(record.rcptTo, writeText)
  writer.string(record.subject)
  writer.string(record.lastReply)
  writer.string(record.userAgent)
  if (record.tls === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.boolean(record.tls)
  }
}

function readSmtp(reader: Reader): Smtp {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'smtp',
    helo: reader.string(),
    mailFrom: reader.string(),
    rcptTo: reader.list(readText),
    subject: reader.string(),
    lastReply: reader.string(),
    userAgent: reader.string(),
    tls: reader.present() ? reader.boolean() : null,
  }
}

function writeTunnel(writer: Writer, record: Tunnel): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.tunnelType)
  writer.string(record.action)
}

function readTunnel(reader: Reader): Tunnel {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'tunnel',
    tunnelType: reader.string(),
    action: reader.string(),
  }
}

function writeNotice(writer: Writer, record: Notice): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.note)
  writer.string(record.message)
  writer.string(record.sub)
  if (record.count === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.count)
  }
}

function readNotice(reader: Reader): Notice {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'notice',
    note: reader.string(),
    message: reader.string(),
    sub: reader.string(),
    count: reader.present() ? reader.long() : null,
  }
}

function writeFile(writer: Writer, record: File): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.fileId)
  writer.list(record.connUids, writeText)
  writer.list(record.senderIps, writeText)
  writer.list(record.receiverIps, writeText)
  writer.string(record.fileSource)
  writer.list(record.analyzers, writeText)
  writer.string(record.mimeType)
  writer.string(record.filename)
  if (record.sizeBytes === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.sizeBytes)
  }
  writer.string(record.md5)
  writer.string(record.sha1)
  writer.string(record.sha256)
}

function readFile(reader: Reader): File {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'file',
    fileId: reader.string(),
    connUids: reader.list(readText),
    senderIps: reader.list(readText),
    receiverIps: reader.list(readText),
    fileSource: reader.string(),
    analyzers: reader.list(readText),
    mimeType: reader.string(),
    filename: reader.string(),
    sizeBytes: reader.present() ? reader.long() : null,
    md5: reader.string(),
    sha1: reader.string(),
    sha256: reader.string(),
  }
}

function writeArp(writer: Writer, record: Arp): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.operation)
  writer.string(record.srcMac)
  writer.string(record.dstMac)
  writer.string(record.srcHw)
  writer.string(record.dstHw)
}

function readArp(reader: Reader): Arp {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'arp',
    operation: reader.string(),
    srcMac: reader.string(),
    dstMac: reader.string(),
    srcHw: reader.string(),
    dstHw: reader.string(),
  }
}

function writeSoftware(writer: Writer, record: Software): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.softwareType)
  writer.string(record.name)
  if (record.versionMajor === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.versionMajor)
  }
  if (record.versionMinor === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.versionMinor)
  }
  writer.string(record.unparsedVersion)
}

function readSoftware(reader: Reader): Software {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'software',
    softwareType: reader.string(),
    name: reader.string(),
    versionMajor: reader.present() ? reader.long() : null,
    versionMinor: reader.present() ? reader.long() : null,
    unparsedVersion: reader.string(),
  }
}

function writeWeird(writer: Writer, record: Weird): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.name)
  writer.string(record.addl)
}

function readWeird(reader: Reader): Weird {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'weird',
    name: reader.string(),
    addl: reader.string(),
  }
}

function writeLogin(writer: Writer, record: Login): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.service)
  writer.boolean(record.success)
  writer.boolean(record.confused)
  writer.string(record.user)
  writer.string(record.clientUser)
}

function readLogin(reader: Reader): Login {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'login',
    service: reader.string(),
    success: reader.boolean(),
    confused: reader.boolean(),
    user: reader.string(),
    clientUser: reader.string(),
  }
}

function writeSensorAlert(writer: Writer, record: SensorAlert): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.symbol(sensorEventPositions[record.event])
  if (record.signatureId === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.signatureId)
  }
  writer.string(record.signature)
  writer.string(record.category)
  if (record.severity === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.severity)
  }
  writer.string(record.action)
  writer.list(record.techniques, writeText)
}

function readSensorAlert(reader: Reader): SensorAlert {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'sensor-alert',
    event: reader.symbol(sensorEventSymbols),
    signatureId: reader.present() ? reader.long() : null,
    signature: reader.string(),
    category: reader.string(),
    severity: reader.present() ? reader.long() : null,
    action: reader.string(),
    techniques: reader.list(readText),
  }
}

function writeCertificate(writer: Writer, record: Certificate): void {
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.sensor)
  writer.symbol(sourcePositions[record.source])
  writer.string(record.uid)
  writer.string(record.srcIp)
  if (record.srcPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.srcPort)
  }
  writer.string(record.dstIp)
  if (record.dstPort === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.int(record.dstPort)
  }
  writer.string(record.proto)
  writer.string(record.label)
  writer.string(record.labelDetail)
  writer.string(record.certificate)
  writer.string(record.serial)
  writer.string(record.subject)
  writer.string(record.issuer)
  if (record.notBeforeMs === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.time(record.notBeforeMs)
  }
  if (record.notAfterMs === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.time(record.notAfterMs)
  }
  writer.list(record.dnsNames, writeText)
}

function readCertificate(reader: Reader): Certificate {
  return {
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    sensor: reader.string(),
    source: reader.symbol(sourceSymbols),
    uid: reader.string(),
    srcIp: reader.string(),
    srcPort: reader.present() ? reader.int() : null,
    dstIp: reader.string(),
    dstPort: reader.present() ? reader.int() : null,
    proto: reader.string(),
    label: reader.string(),
    labelDetail: reader.string(),
    kind: 'certificate',
    certificate: reader.string(),
    serial: reader.string(),
    subject: reader.string(),
    issuer: reader.string(),
    notBeforeMs: reader.present() ? reader.time() : null,
    notAfterMs: reader.present() ? reader.time() : null,
    dnsNames: reader.list(readText),
  }
}

function writeEndpoint(writer: Writer, record: Endpoint): void {
  writer.string(record.ip)
  if (record.port === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.long(record.port)
  }
  writer.list(record.names, writeText)
  writer.string(record.mac)
}

function readEndpoint(reader: Reader): Endpoint {
  return {
    ip: reader.string(),
    port: reader.present() ? reader.long() : null,
    names: reader.list(readText),
    mac: reader.string(),
  }
}

function writeTimeWindow(writer: Writer, record: TimeWindow): void {
  writer.time(record.startMs)
  writer.time(record.endMs)
}

function readTimeWindow(reader: Reader): TimeWindow {
  return {
    startMs: reader.time(),
    endMs: reader.time(),
  }
}

function writeParty(writer: Writer, record: Party): void {
  writer.symbol(directionPositions[record.direction])
  writer.symbol(partyTypePositions[record.type])
  writer.string(record.value)
}

function readParty(reader: Reader): Party {
  return {
    direction: reader.symbol(directionSymbols),
    type: reader.symbol(partyTypeSymbols),
    value: reader.string(),
  }
}

export function writeEvidence(writer: Writer, record: Evidence): void {
  writer.string(record.id)
  writer.string(record.type)
  writer.string(record.detector)
  writer.int(record.detectorVersion)
  writer.symbol(levelPositions[record.level])
  writer.double(record.confidence)
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.profile)
  writeTimeWindow(writer, record.window)
  writeParty(writer, record.attacker)
  if (record.victim === null) writer.branch(0)
  else {
    writer.branch(1)
    writeParty(writer, record.victim)
  }
  if (record.src === null) writer.branch(0)
  else {
    writer.branch(1)
    writeEndpoint(writer, record.src)
  }
  if (record.dst === null) writer.branch(0)
  else {
    writer.branch(1)
    writeEndpoint(writer, record.dst)
  }
  writer.string(record.proto)
  writer.list(record.uids, writeText)
  writer.string(record.communityId)
  writer.list(record.techniques, writeText)
  writer.string(record.description)
  writer.map(record.facts, writeFact)
  writer.list(record.related, writeText)
}

export function readEvidence(reader: Reader): Evidence {
  return {
    id: reader.string(),
    type: reader.string(),
    detector: reader.string(),
    detectorVersion: reader.int(),
    level: reader.symbol(levelSymbols),
    confidence: reader.double(),
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    profile: reader.string(),
    window: readTimeWindow(reader),
    attacker: readParty(reader),
    victim: reader.present() ? readParty(reader) : null,
    src: reader.present() ? readEndpoint(reader) : null,
    dst: reader.present() ? readEndpoint(reader) : null,
    proto: reader.string(),
    uids: reader.list(readText),
    communityId: reader.string(),
    techniques: reader.list(readText),
    description: reader.string(),
    facts: reader.map(readFact),
    related: reader.list(readText),
  }
}

export function writeAlert(writer: Writer, record: Alert): void {
  writer.string(record.id)
  writer.int(record.revision)
  writer.symbol(alertStatusPositions[record.status])
  writer.time(record.tsMs)
  writer.time(record.observedMs)
  writer.string(record.site)
  writer.string(record.profile)
  writeTimeWindow(writer, record.window)
  writer.double(record.weight)
  writer.double(record.threshold)
  writer.symbol(levelPositions[record.level])
  writer.double(record.confidence)
  writer.list(record.evidence, writeText)
  writer.list(record.techniques, writeText)
  writer.string(record.description)
}

export function readAlert(reader: Reader): Alert {
  return {
    id: reader.string(),
    revision: reader.int(),
    status: reader.symbol(alertStatusSymbols),
    tsMs: reader.time(),
    observedMs: reader.time(),
    site: reader.string(),
    profile: reader.string(),
    window: readTimeWindow(reader),
    weight: reader.double(),
    threshold: reader.double(),
    level: reader.symbol(levelSymbols),
    confidence: reader.double(),
    evidence: reader.list(readText),
    techniques: reader.list(readText),
    description: reader.string(),
  }
}

export function writeIndicator(writer: Writer, record: Indicator): void {
  writer.symbol(indicatorKindPositions[record.kind])
  writer.string(record.value)
  writer.string(record.feed)
  writer.symbol(levelPositions[record.level])
  writer.double(record.confidence)
  if (record.expiresMs === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.time(record.expiresMs)
  }
  writer.string(record.description)
  writer.list(record.tags, writeText)
}

export function readIndicator(reader: Reader): Indicator {
  return {
    kind: reader.symbol(indicatorKindSymbols),
    value: reader.string(),
    feed: reader.string(),
    level: reader.symbol(levelSymbols),
    confidence: reader.double(),
    expiresMs: reader.present() ? reader.time() : null,
    description: reader.string(),
    tags: reader.list(readText),
  }
}

export function writeAllowRule(writer: Writer, record: AllowRule): void {
  writer.symbol(allowTypePositions[record.type])
  writer.string(record.value)
  writer.symbol(allowDirectionPositions[record.direction])
  writer.symbol(allowIgnorePositions[record.ignore])
  if (record.expiresMs === null) writer.branch(0)
  else {
    writer.branch(1)
    writer.time(record.expiresMs)
  }
  writer.string(record.comment)
}

export function readAllowRule(reader: Reader): AllowRule {
  return {
    type: reader.symbol(allowTypeSymbols),
    value: reader.string(),
    direction: reader.symbol(allowDirectionSymbols),
    ignore: reader.symbol(allowIgnoreSymbols),
    expiresMs: reader.present() ? reader.time() : null,
    comment: reader.string(),
  }
}

export function writeSuppressed(writer: Writer, record: Suppressed): void {
  writer.string(record.rule)
  writeEvidence(writer, record.evidence)
}

export function readSuppressed(reader: Reader): Suppressed {
  return {
    rule: reader.string(),
    evidence: readEvidence(reader),
  }
}

function writeText(writer: Writer, text: string): void {
  writer.string(text)
}

function writeDouble(writer: Writer, value: number): void {
  writer.double(value)
}

function writeFact(writer: Writer, fact: number | string | boolean): void {
  switch (typeof fact) {
    case 'number':
      writer.branch(0)
      writer.double(fact)
      return
    case 'string':
      writer.branch(1)
      writer.string(fact)
      return
    case 'boolean':
      writer.branch(2)
      writer.boolean(fact)
  }
}

function readText(reader: Reader): string {
  return reader.string()
}

function readDouble(reader: Reader): number {
  return reader.double()
}

function readFact(reader: Reader): number | string | boolean {
  switch (reader.branch(3)) {
    case 0:
      return reader.double()
    case 1:
      return reader.string()
    default:
      return reader.boolean()
  }
}
