/**
 * Ports whose service is in wide use, so that a connection to one says nothing by itself. Names and numbers are facts of the IANA
 * Service Name and Transport Protocol Port Number Registry (https://www.iana.org/assignments/service-names-port-numbers) and of
 * the vendors' own documentation; which of its thousands of rows are in wide use is our judgement. The whole
 * registry is not taken: it has a name for most ports that malware likes.
 *
 * Written as ports and ranges, so that a row can be read and reviewed; `isKnownPort` looks one up.
 */

/** Both protocols (spec detections.md section A.1, first two rows). */
const tcpAndUdp = `
  20 21 23 25 37 53 63 66-69 92 110 111 113 115 119 123 135 137-139 143 150 161 162 179 194 220 443 445 513-515 529 543 544
  546-548 554 601 873 989 990 992 993 995 1241 1720 1723 1741 1883 1900 2086 3306 3389 3702 5351 5900 6667 8883
  88 389 464 500 636 749 750 1194 1433 1434 1701 1812 1813 1947 2049 3268 3269 3478-3481 4500 5004 5005 5060 5061 5349 5350 51820
`

const tcpOnly = `
  22 43 70 79-83 99 102 144 264 427 465 502 563 587 593 631 646 691 853 860 902 903 912
  1080 1085 1352 1414 1494 1521 1522 1935 1984 2000 2082 2083 2087 2095 2096 2181 2195-2197 2222 2323 2375-2380 2404 2598
  3000 3001 3128 3260 3310 3632 3689 3690 4369 4443 4840 5000 5001 5044 5055 5190 5222 5223 5228-5230 5269 5280 5357 5358
  5432 5433 5601 5671 5672 5701 5800 5901-5905 5938 5984-5986 6379 6380 6432 6443 6514 6660-6669 6697 7000-7002 7070 7077
  7199 7275 7276 7474 7680 7687 8000 8001 8006 8008-8010 8080-8091 8123 8140 8161 8200 8222 8291 8300-8302 8333 8384 8388 8443 8444
  8500 8530 8531 8600 8834 8880 8888 8889 9000-9002 9042 9080 9090-9093 9100-9103 9160 9200 9300 9389 9392 9418 9443
  10000 10050 10051 10250 10443 11211 15672 16443 16992-16995 19999 22000 25565 27017-27019 32400 47808 50070 61613
`

const udpOnly = `
  192 427 443 514 520 521 631 1645 1646 1985 2055 2056 2152 2427 3544 3659 3722 4739 4789 5056 5246 5247 5353 5355 5556
  5678 6081 6343 6881 6882 7788 8472 9993 9995 9996 10000 10001 17500 19132 21027 22000 27036 34964 41641 47808 57484 57621 58916
`

const words = (text: string): string[] => text.trim().split(/\s+/)

/** As lines of a data file: `443`, `tcp 8080-8091`. */
export const knownPortLines: readonly string[] = [
  ...words(tcpAndUdp),
  ...words(tcpOnly).map((ports) => `tcp ${ports}`),
  ...words(udpOnly).map((ports) => `udp ${ports}`),
]

const known = { tcp: new Set<number>(), udp: new Set<number>() }

/** Takes the place of the ports known so far. Trusts its lines. */
export function useKnownPorts(lines: readonly string[]): void {
  known.tcp.clear()
  known.udp.clear()
  for (const line of lines) {
    const [proto, ports] = line.includes(' ') ? line.split(' ') : ['', line]
    const [first = Number.NaN, last = first] = (ports ?? '').split('-').map(Number)
    for (let port = first; port <= last; port += 1) {
      if (proto !== 'udp') known.tcp.add(port)
      if (proto !== 'tcp') known.udp.add(port)
    }
  }
}

useKnownPorts(knownPortLines)

/** Whether the port is that of a service in wide use. False for other protocols than tcp and udp. */
export function isKnownPort(proto: string, port: number): boolean {
  return proto === 'tcp' ? known.tcp.has(port) : proto === 'udp' && known.udp.has(port)
}
