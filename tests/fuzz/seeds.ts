import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const testdata = join(import.meta.dirname, '../../edge-agent/parsers/testdata')

/** Every `input.*` of the parsers' own tests whose path fits: what is valid there is a good beginning here. */
export function testdataOf(fits: (path: string) => boolean): Buffer[] {
  const files = readdirSync(testdata, { recursive: true, withFileTypes: true })
  return files
    .filter(
      (file) => file.isFile() && file.name.startsWith('input') && fits(join(file.parentPath, file.name)),
    )
    .map((file) => join(file.parentPath, file.name))
    .sort()
    .map((path) => readFileSync(path))
}

const lines = (...text: readonly string[]) => Buffer.from(`${text.join('\n')}\n`)
const tab = (...fields: readonly string[]) => fields.join('\t')

const zeekHeader = (path: string, fields: string, types: string) => [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  `#path\t${path}`,
  `#fields\t${fields.replaceAll(' ', '\t')}`,
  `#types\t${types.replaceAll(' ', '\t')}`,
]

export const zeekTsvSeeds: readonly Buffer[] = [
  lines(
    ...zeekHeader(
      'conn',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state history orig_pkts resp_pkts orig_l2_addr resp_l2_addr label detailedlabel',
      'time string addr port addr port enum string interval count count string string count count string string string string',
    ),
    tab(
      '1700000000.123456',
      'C1',
      '10.0.0.1',
      '49152',
      '192.0.2.7',
      '443',
      'tcp',
      'ssl',
      '1.5',
      '100',
      '2000',
      'SF',
      'ShADadFf',
      '5',
      '6',
      '00:00:5e:00:53:01',
      '00:00:5e:00:53:02',
      'benign',
      '-',
    ),
    tab(
      '1700000001.000001',
      'C2',
      'fe80::1',
      '8',
      'ff02::2',
      '0',
      'icmp',
      '-',
      '-',
      '-',
      '-',
      'OTH',
      '-',
      '1',
      '0',
      '-',
      '-',
      '-',
      '-',
    ),
    '#close\t2023-11-14-22-13-20',
  ),
  lines(
    ...zeekHeader(
      'dns',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto query qclass_name qtype_name rcode_name answers TTLs',
      'time string addr port addr port enum string string string string vector[string] vector[interval]',
    ),
    tab(
      '1700000000.5',
      'C3',
      '10.0.0.1',
      '50000',
      '10.0.0.53',
      '53',
      'udp',
      'example.org',
      'C_INTERNET',
      'A',
      'NOERROR',
      '192.0.2.1,192.0.2.2',
      '60.0,60.0',
    ),
    tab(
      '1700000000.6',
      'C4',
      '10.0.0.1',
      '50001',
      '10.0.0.53',
      '53',
      'udp',
      'a\\x09b',
      '-',
      '-',
      '-',
      '(empty)',
      '-',
    ),
  ),
]

export const zeekJsonSeeds: readonly Buffer[] = [
  lines(
    '{"_path":"conn","ts":1700000000.123456,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":49152,"id.resp_h":"192.0.2.7","id.resp_p":443,"proto":"tcp","service":"ssl","duration":1.5,"orig_bytes":100,"resp_bytes":2000,"conn_state":"SF","history":"ShADadFf","orig_pkts":5,"resp_pkts":6}',
    '{"_path":"dns","ts":"2023-11-14T22:13:20.500000Z","uid":"C3","id.orig_h":"10.0.0.1","id.orig_p":50000,"id.resp_h":"10.0.0.53","id.resp_p":53,"proto":"udp","query":"example.org","qclass_name":"C_INTERNET","qtype_name":"A","rcode_name":"NOERROR","answers":["192.0.2.1"],"TTLs":[60.0]}',
    '{"_path":"ssl","ts":1700000001.1,"uid":"C5","id.orig_h":"10.0.0.1","id.orig_p":49152,"id.resp_h":"192.0.2.7","id.resp_p":443,"version":"TLSv12","server_name":"example.org","resumed":false,"established":true,"cert_chain_fps":["aa"],"ja3":"bb"}',
    '{"_path":"notice","ts":1700000002,"note":"Scan::Port_Scan","msg":"text","src":"10.0.0.1","dst":"10.0.0.2","p":22,"n":5}',
    '{"_path":"dhcp","ts":1700000003,"uids":["C6"],"client_addr":"10.0.0.9","server_addr":"10.0.0.1","mac":"00:00:5e:00:53:01","host_name":"pc","msg_types":["REQUEST","ACK"]}',
    '{"_path":"files","ts":1700000004,"fuid":"F1","tx_hosts":["192.0.2.7"],"rx_hosts":["10.0.0.1"],"conn_uids":["C1"],"source":"HTTP","analyzers":["SHA1"],"total_bytes":7,"sha1":"cc"}',
    '{"_path":"arp","ts":1700000005,"operation":"request","src_mac":"00:00:5e:00:53:01","dst_mac":"ff:ff:ff:ff:ff:ff","orig_h":"10.0.0.1","resp_h":"10.0.0.2","orig_hw":"00:00:5e:00:53:01","resp_hw":"00:00:00:00:00:00"}',
  ),
]

export const argusSeeds: readonly Buffer[] = [
  lines(
    'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,SrcPkts,Label',
    '2023/11/14 22:13:20.123456,0.027947,udp,10.0.0.1,48427,  <->,192.0.2.53,53,CON,0,0,2,142,63,1,',
    '2023/11/14 22:13:21.000000,1.5,tcp,10.0.0.1,49152,   ->,192.0.2.7,443,SPA_SRPA,0,0,10,2100,100,5,flow=Background',
    '2023/11/14 22:13:22.000000,0.0,icmp,10.0.0.1,0x0008,  <->,192.0.2.7,0x0000,ECO,0,,2,196,98,1,',
    '1700000003.5,0,arp,10.0.0.1,,  who,10.0.0.2,,INT,,,1,60,60,1,',
  ),
  lines(
    tab(
      'StartTime',
      'Dur',
      'Proto',
      'SrcAddr',
      'Sport',
      'Dir',
      'DstAddr',
      'Dport',
      'State',
      'TotPkts',
      'TotBytes',
    ),
    tab(
      '2023/11/14 22:13:20.123456',
      '0.02',
      'udp',
      '10.0.0.1',
      '48427',
      '<->',
      '192.0.2.53',
      '53',
      'CON',
      '2',
      '142',
    ),
  ),
]

export const suricataSeeds: readonly Buffer[] = [
  lines(
    '{"timestamp":"2023-11-14T22:13:20.123456+0000","flow_id":1,"event_type":"flow","src_ip":"10.0.0.1","src_port":49152,"dest_ip":"192.0.2.7","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":5,"pkts_toclient":5,"bytes_toserver":500,"bytes_toclient":5000,"start":"2023-11-14T22:13:19.000000+0000","end":"2023-11-14T22:13:20.000000+0000","state":"closed"},"tcp":{"tcp_flags":"1b","syn":true,"fin":true}}',
    '{"timestamp":"2023-11-14T22:13:21.123456+0000","flow_id":2,"event_type":"dns","src_ip":"10.0.0.1","src_port":50000,"dest_ip":"10.0.0.53","dest_port":53,"proto":"UDP","dns":{"version":2,"type":"answer","id":1,"rrname":"example.org","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"example.org","rrtype":"A","ttl":60,"rdata":"192.0.2.1"}],"grouped":{"A":["192.0.2.1"]}}}',
    '{"timestamp":"2023-11-14T22:13:22.123456+0000","flow_id":3,"event_type":"alert","src_ip":"10.0.0.1","dest_ip":"192.0.2.7","proto":"ICMP","icmp_type":8,"icmp_code":0,"alert":{"action":"allowed","signature_id":1,"signature":"text","category":"Misc","severity":2,"metadata":{"mitre_technique_id":["T1046"]}}}',
    '{"timestamp":"2023-11-14T22:13:23.123456+0000","flow_id":4,"event_type":"http","src_ip":"10.0.0.1","src_port":49153,"dest_ip":"192.0.2.7","dest_port":80,"proto":"TCP","http":{"hostname":"example.org","url":"/","http_user_agent":"x","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":10}}',
    '{"timestamp":"2023-11-14T22:13:24.123456+0000","flow_id":5,"event_type":"dns","src_ip":"10.0.0.1","src_port":50000,"dest_ip":"10.0.0.53","dest_port":53,"proto":"UDP","dns":{"version":3,"type":"request","queries":[{"rrname":"a.example","rrtype":"A"},{"rrname":"b.example","rrtype":"AAAA"}]}}',
  ),
]

export const nfdumpCsvSeeds: readonly Buffer[] = [
  lines(
    'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das',
    '2023-11-14 22:13:20,2023-11-14 22:13:21,1.000,10.0.0.1,192.0.2.7,49152,443,TCP,.AP.SF,0,0,5,500,3,300,0,0,0,0',
    '2023-11-14 22:13:22,2023-11-14 22:13:22,0.000,10.0.0.1,192.0.2.7,0,8.0,ICMP,......,0,0,1,84,0,0,0,0,0,0',
    'Summary',
    'flows,bytes,packets,avg_bps,avg_pps,avg_bpp',
    '2,584,6,0,0,0',
  ),
]

export const nfdumpTextSeeds: readonly Buffer[] = [
  lines(
    'Date first seen          Duration Proto      Src IP Addr:Port          Dst IP Addr:Port   Packets    Bytes Flows',
    '2023-11-14 22:13:20.123     1.000 TCP           10.0.0.1:49152 ->        192.0.2.7:443          5      500     1',
    '2023-11-14 22:13:21.123     0.000 UDP           10.0.0.1:50000 ->       192.0.2.53:53           1    1.2 M     1',
    'Summary: total flows: 2, total bytes: 1.2 M, total packets: 6',
  ),
]
