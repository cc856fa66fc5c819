/**
 * What listens at a port, in the words of the IANA Service Name and Transport Protocol Port Number Registry
 * (https://www.iana.org/assignments/service-names-port-numbers), or of the software's own documentation where the registry knows it
 * under a name nobody uses. For people who read evidence: that a port has a name says nothing of what was spoken there.
 */

/** Each row: names with the ports of both protocols. */
const tcpAndUdp = `
  ftp-data 20; ftp 21; telnet 23; smtp 25; time 37; domain 53; tacacs 49; bootps 67; bootpc 68; tftp 69; kerberos 88; sunrpc 111; ident 113;
  ntp 123; msrpc 135; netbios-ns 137; netbios-dgm 138; netbios-ssn 139; imap 143; snmp 161; snmptrap 162; bgp 179; ldap 389;
  https 443; microsoft-ds 445; kpasswd 464; ike 500; afp 548; rtsp 554; nntps 563; submission 587; ipp 631; ldaps 636; rsync 873; ftps-data 989; ftps 990;
  telnets 992; imaps 993; pop3s 995; openvpn 1194; ms-sql-s 1433; ms-sql-m 1434; l2tp 1701; h323 1720; pptp 1723; radius 1812;
  radius-acct 1813; mqtt 1883; ssdp 1900; nfs 2049; mysql 3306; ms-gc 3268; ms-gc-tls 3269; rdp 3389; stun 3478; stuns 5349; nat-pmp 5351;
  ipsec-nat-t 4500; sip 5060; sips 5061; vnc 5900; mqtts 8883; wireguard 51820
`

const tcpOnly = `
  ssh 22; whois 43; finger 79; http 80; pop3 110; nntp 119; epmap 593; rexec 512; rlogin 513; rsh 514; printer 515; dns-over-tls 853;
  smtps 465; socks 1080; lotus-notes 1352; citrix-ica 1494; oracle 1521; rtmp 1935; cpanel 2082; cpanel 2083; whm 2087; zookeeper 2181; docker 2375; docker-tls 2376;
  etcd 2379; etcd 2380; squid 3128; svn 3690; iscsi 3260; daap 3689; epmd 4369; sip-tls 5061; xmpp-client 5222; xmpp-client-tls 5223; xmpp-server 5269;
  android-push 5228; wsd 5357; postgresql 5432; amqps 5671; amqp 5672; adb 5555; winrm 5985; winrm-tls 5986; couchdb 5984; redis 6379; kubernetes 6443; syslog-tls 6514;
  irc 6667; ircs 6697; cassandra 9042; neo4j 7687; http-alt 8000; http-alt 8008; http-proxy 8080; https-alt 8443; kafka 9092; jetdirect 9100; elasticsearch 9200;
  elasticsearch 9300; tor-orport 9001; tor-socks 9050; git 9418; webmin 10000; zabbix-agent 10050; zabbix 10051; kubelet 10250; memcached 11211; minecraft 25565; mongodb 27017; plex 32400
`

const udpOnly = `
  https-quic 443; syslog 514; rip 520; dhcpv6-client 546; dhcpv6-server 547; mssql-browser 1434; teredo 3544; vxlan 4789; capwap 5246; capwap 5247;
  mdns 5353; llmnr 5355; sflow 6343; bittorrent 6881; netflow 2055; ipfix 4739; geneve 6081; zerotier 9993; source-engine 27015; traceroute 33434; tailscale 41641; bacnet 47808; coap 5683; spotify-connect 57621
`

function parse(into: Map<number, string>, text: string): void {
  for (const row of text.split(';')) {
    const [name = '', port = ''] = row.trim().split(' ')
    into.set(Number(port), name)
  }
}

const tcp = new Map<number, string>()
const udp = new Map<number, string>()
for (const names of [tcp, udp]) parse(names, tcpAndUdp)
parse(tcp, tcpOnly)
parse(udp, udpOnly)

/** The service's name, or `''`: other protocols than tcp and udp have no ports. */
export function serviceName(proto: string, port: number): string {
  return (proto === 'tcp' ? tcp.get(port) : proto === 'udp' ? udp.get(port) : undefined) ?? ''
}
