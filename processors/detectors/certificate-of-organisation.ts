import type { Level, Tls } from '@weir/schemas'
import { getDomain } from 'tldts'
import { isWithinOwnZone } from '../data/customer-zones.ts'
import { canonicalName } from '../data/dns-zones.ts'
import { organisationDomains } from '../data/organisation-domains.ts'
import { byCertificate } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import {
  type CertificateJoin,
  emptyJoin,
  judgeOrWait,
  judgeWaiting,
  maxJoinBytes,
  type ShownCertificate,
  shownByItself,
  stopWaiting,
} from '../profile/certificate-join.ts'
import { commonNameOf, isSelfSigned, namesHost, organisationOf } from '../stats/certificate-name.ts'
import { defineDetector, type Tools } from './detector.ts'
import { texts } from './settings.ts'

const settings = {
  organisations: texts(
    Object.keys(organisationDomains),
    'Organisations whose name in a certificate is looked at, of those whose domains are known.',
  ),
}

type OrganisationTools = Tools<CertificateJoin, typeof settings>

/** How much speaks against the certificate, from the most to the least. */
type Ground = 'signed by itself' | 'not valid' | 'not checked'
const grounds: Readonly<Record<Ground, { readonly level: Level; readonly confidence: number }>> = {
  'signed by itself': { level: 'medium', confidence: 0.9 },
  'not valid': { level: 'low', confidence: 0.5 },
  'not checked': { level: 'info', confidence: 0.3 },
}

export const certificateOfOrganisation = defineDetector({
  id: 'certificate-of-organisation',
  version: 2,
  claim:
    'A server showed a certificate made out to a large organisation, and nothing else says that it is one of its servers.',
  spec: 'TLS-04',
  types: ['INCOMPATIBLE_CN'],
  level: 'medium',
  techniques: ['T1573', 'T1036'],
  misfires: 'Domains of such an organisation that are not known here; devices of its make.',
  key: byCertificate,
  settings,
  state: { scope: 'host', version: 1, maxBytes: maxJoinBytes, empty: emptyJoin },
  on: {
    tls(record, tools) {
      // Whom the sensor trusts has looked at who it is.
      if (record.resumed === true || record.validationStatus === 'ok') return
      const shown = shownByItself(record)
      if (shown !== null) judge(record, shown, tools)
      else if (record.certificates.length > 0) judgeOrWait(record, tools, judge)
    },
    certificate: (record, tools) => judgeWaiting(record, tools, judge),
  },
  onTimer: (dueMs, tools) => stopWaiting(dueMs, tools),
})

function judge(record: Tls, shown: ShownCertificate, tools: OrganisationTools): void {
  const { subject, issuer } = shown
  const commonName = commonNameOf(subject)
  const owner = organisationOf(subject).toLowerCase()
  const words = new Set([...owner.split(notWord), ...commonName.split(notWord)])
  const claimed = tools.config.organisations.filter((name) => words.has(name))
  const name = canonicalName(record.serverName)
  if (claimed.length === 0 || claimed.some((of) => isWithinOwnZone(name, organisationDomains[of] ?? [])))
    return
  const ground = groundOf(record, shown)
  const certified = [commonName, ...shown.dnsNames]
  const isNamed = name !== '' && certified.some((one) => namesHost(one, name) || isBeside(one, name))
  // An authority that made it out for this very name has been asked for it.
  if (ground === 'not checked' && isNamed) return
  const { srcIp, dstIp } = record
  const { level, confidence } = grounds[isPublic(dstIp) ? ground : 'not checked']
  const organisation = claimed.join(', ')
  const description = `${name === '' ? dstIp : `${name.slice(0, 255)} (${dstIp})`} showed ${srcIp} a certificate made out to ${organisation}, ${ground}.`
  tools.report({
    key: `${dstIp}|${organisation}`,
    level,
    confidence,
    record,
    description,
    facts: {
      organisation,
      commonName,
      serverName: name.slice(0, 255),
      issuer: issuer.slice(0, 300),
      ground,
    },
    mirror: {
      profile: dstIp,
      level,
      confidence,
      attacker: { direction: 'dst', type: 'ip', value: dstIp },
      victim: { direction: 'src', type: 'ip', value: srcIp },
      description,
    },
  })
}

const outOfDate = /expired|not yet valid/i

/** A name below the same registered domain: who holds one of them holds the other. */
function isBeside(certified: string, name: string): boolean {
  const domain = getDomain(certified)
  return domain !== null && domain === getDomain(name)
}

const notWord = /[^a-z0-9]+/

function groundOf({ validationStatus }: Tls, { subject, issuer }: ShownCertificate): Ground {
  if (isSelfSigned(validationStatus, subject, issuer) === 'itself') return 'signed by itself'
  // Out of date says nothing of who it is for, and the sensor of a recording has another clock.
  const isUnchecked = validationStatus === '' || outOfDate.test(validationStatus)
  return isUnchecked ? 'not checked' : 'not valid'
}
