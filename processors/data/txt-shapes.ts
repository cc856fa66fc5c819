/** TXT records that are random to look at and ordinary to meet. */

/** One mechanism or modifier of SPF (RFC 7208 section 12) or of Sender ID. */
const spfTerm =
  /^[+?~-]?(?:all|(?:include|exists|ptr|a|mx):[a-z0-9%{}._/+-]{1,128}|(?:ptr|a|mx)(?:\/{1,2}\d{1,3}){0,2}|ip4:[\d./]{7,18}|ip6:[\da-f:./]{2,49})$|^(?:redirect|exp)=[a-z0-9%{}._-]{1,128}$/
/** A list of tags as DKIM writes it (RFC 6376 section 3.2). */
const tag = /^([a-z]{1,4})=([^;]*)$/
/** A DER sequence in base64: a public key of some hundred to some thousand bits begins so; Ed25519 keys are 32 octets (RFC 8463). */
const publicKey = /^(?:m[if][a-z0-9+/]{80,}={0,2}|[a-z0-9+/]{43}=)$/
const dkimTags: ReadonlySet<string> = new Set(['v', 'k', 'h', 'g', 'n', 's', 't', 'p', 'o'])
/** Tag lists with names for people and programs, no keys (RFC 7489, 8461, 8460, BIMI, DomainKeys policies). */
const policy = /^(?:v=dmarc1|v=stsv1|v=tlsrptv1|v=bimi1|o=[~-])(?:\s*;\s*[a-z]{1,6}=[^;]{0,256})*\s*;?\s*$/
/**
 * What services ask to be put into DNS to prove ownership: a name of their own and one token. `google-site-verification=`,
 * `citrix-verification-code=`, `adobe-idp-site-verification=` and the many like them.
 */
const proofOfOwnership =
  /^[a-z0-9._-]{1,60}(?:verif|validation|ownership|challenge)[a-z0-9._-]{0,40}[=:]\s*\S{1,128}$/
/** The same under names that do not say so. */
const ownProofs =
  /^(?:ms=(?:ms)?[a-z0-9]{6,20}|(?:docusign|apple-domain|d365mktkey|heritage|onetrust-[a-z-]+|status-page-[a-z-]+|workplace-domain-[a-z-]+|wiz-domain-[a-z-]+|miro-[a-z-]+|cisco-ci-domain-[a-z-]+|v=mcpv1|dnslink)=\S{1,100}|(?:amazonses|sendinblue-code|brevo-code|mailru-domain):\s*\S{1,64}|(?:zoom_verify_|ca3-|pardot|webexdomainverification)\S{1,100})$/

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

/** Whether the whole text is a record that is published for anyone to read: a beginning alone is anybody's to write. */
export function isPublishedShape(text: string): boolean {
  const whole = text.trim().toLowerCase()
  switch (whole.charCodeAt(0)) {
    case 118: // v
    case 115: // s
      if (whole.startsWith('v=spf1') || whole.startsWith('spf2.0/')) return isSpf(whole)
  }
  return isKey(whole) || policy.test(whole) || proofOfOwnership.test(whole) || ownProofs.test(whole)
}

function isSpf(whole: string): boolean {
  const [version = '', ...terms] = whole.split(/\s+/)
  return (version === 'v=spf1' || version.startsWith('spf2.0/')) && terms.every((term) => spfTerm.test(term))
}

/** A DKIM key: known tags alone, of which `p` is a key or empty. */
function isKey(whole: string): boolean {
  if (!whole.includes('p=')) return false
  let isFound = false
  for (const part of whole.split(';')) {
    if (part.trim() === '') continue
    const [, name = '', value = ''] = tag.exec(part.trim()) ?? []
    if (!dkimTags.has(name)) return false
    if (name !== 'p') {
      if (value.length > 32) return false
      continue
    }
    const key = value.replaceAll(/\s/g, '')
    if (key !== '' && !publicKey.test(key)) return false
    isFound = true
  }
  return isFound
}

/** Whether the name is one under which keys and tokens are published. The name is in lower case. */
export function isPublishingName(name: string): boolean {
  return publishingLabels.some((label) => name.startsWith(label) || name.includes(`.${label}`))
}
