/**
 * Services that the machines of a house offer to all of its hosts, so that a connection to one says nothing by itself. Names and numbers are
 * facts of the IANA Service Name and Transport Protocol Port Number Registry
 * (https://www.iana.org/assignments/service-names-port-numbers); which of them every network runs is our judgement. Left out on purpose is
 * what people log in to and administer by (SSH, telnet, RDP, VNC, WinRM), and databases.
 */
export const houseServices: readonly string[] = [
  // Names, addresses, time.
  'tcp/53',
  'udp/53',
  'udp/67',
  'udp/68',
  'udp/123',
  'udp/546',
  'udp/547',
  'tcp/853',
  // Who is there: NetBIOS, service discovery, port mapping, management.
  'udp/137',
  'udp/138',
  'udp/161',
  'udp/162',
  'udp/514',
  'udp/1900',
  'udp/3702',
  'udp/5350',
  'udp/5351',
  'udp/5353',
  'udp/5355',
  'tcp/5357',
  // Signing on and the directory.
  'tcp/88',
  'udp/88',
  'tcp/135',
  'tcp/389',
  'udp/389',
  'tcp/464',
  'udp/464',
  'tcp/636',
  'tcp/3268',
  'tcp/3269',
  'udp/1812',
  'udp/1813',
  // Files and printing.
  'tcp/139',
  'tcp/445',
  'tcp/548',
  'tcp/2049',
  'tcp/515',
  'tcp/631',
  'tcp/9100',
  // Web and proxies.
  'tcp/80',
  'tcp/443',
  'udp/443',
  'tcp/3128',
  'tcp/8080',
  'tcp/8443',
  // Mail.
  'tcp/25',
  'tcp/110',
  'tcp/143',
  'tcp/465',
  'tcp/587',
  'tcp/993',
  'tcp/995',
]
