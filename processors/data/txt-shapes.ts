/** TXT records that are random to look at and ordinary to meet. */

/** How published records begin (RFC 7208, 6376, 7489, 8461, 8460, BIMI, and what services ask to be put there to prove ownership). */
const beginnings: readonly string[] = [
  'v=spf1',
  'spf2.0/',
  'v=dkim1',
  'k=rsa',
  'k=ed25519',
  'p=',
  'g=*',
  'o=~',
  'v=dmarc1',
  'v=stsv1',
  'v=tlsrptv1',
  'v=bimi1',
  'v=mcpv1',
  'dnslink=',
  'ms=',
  'docusign=',
  'amazonses:',
  'zoom_verify_',
  'ca3-',
  'pardot',
  'sendinblue-code:',
  'brevo-code:',
  'mailru-domain:',
  'cisco-ci-domain-',
  'webexdomainverification',
  'd365mktkey=',
  'apple-domain=',
  'heritage=',
  'onetrust-',
  'status-page-',
  'workplace-domain-',
  'wiz-domain-',
  'miro-',
]

/** `google-site-verification=`, `citrix-verification-code=`, `adobe-idp-site-verification=` and the many like them. */
const proofOfOwnership = /^[a-z0-9._-]{1,60}(?:verif|validation|ownership|challenge)[a-z0-9._-]{0,40}[=:]/

/** Labels under which keys and tokens are published (RFC 8552). */
const publishingLabels: readonly string[] = [
  '_domainkey.',
  '_dmarc.',
  '_acme-challenge.',
  '_mta-sts.',
  '_smtp._tls.',
  'default._bimi.',
  '_dnslink.',
  '_dnsauth.',
]

/** Security products that answer reputation questions in TXT records. */
export const txtLookupZones: readonly string[] = [
  'sophosxl.net',
  'cymru.com',
  'clamav.net',
  'mcafee.com',
  'trendmicro.com',
  'webroot.com',
  'avast.com',
  'surbl.org',
  'spamhaus.org',
]

/** Whether the text looks like a record that is published for anyone to read. */
export function isPublishedShape(text: string): boolean {
  const start = text.slice(0, 128).trimStart().toLowerCase()
  return beginnings.some((beginning) => start.startsWith(beginning)) || proofOfOwnership.test(start)
}

/** Whether the name is one under which keys and tokens are published. The name is in lower case. */
export function isPublishingName(name: string): boolean {
  return publishingLabels.some((label) => name.startsWith(label) || name.includes(`.${label}`))
}
