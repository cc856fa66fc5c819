/**
 * Names under which resolvers answer over HTTPS, each with all below it. Source: the operators' own documentation and browsers' built-in
 * lists (Cloudflare, Google, Quad9, Cisco, AdGuard, NextDNS, CleanBrowsing, Control D, Mullvad, DNS.SB, AliDNS, DNSPod, Hurricane
 * Electric, CZ.NIC, SWITCH), as in spec detections.md section A.7.
 */
export const dohServers: readonly string[] = [
  'dns.google',
  'cloudflare-dns.com',
  'one.one.one.one',
  'cloudflare-gateway.com',
  'dns.quad9.net',
  'dns9.quad9.net',
  'dns10.quad9.net',
  'dns11.quad9.net',
  'doh.opendns.com',
  'dns.adguard-dns.com',
  'dns.adguard.com',
  'dns.nextdns.io',
  'doh.cleanbrowsing.org',
  'freedns.controld.com',
  'dns.controld.com',
  'dns.mullvad.net',
  'doh.dns.sb',
  'dns.alidns.com',
  'doh.pub',
  'ordns.he.net',
  'odvr.nic.cz',
  'dns.switch.ch',
]
