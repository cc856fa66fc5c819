/**
 * What is known of the ends of evidence beyond the traffic, as facts beside those of its detector: country, AS number, organisation, maker of the
 * network card, name of the service. Nothing is looked up but in tables that are in memory, and only for evidence that is said.
 */
import type { Evidence } from '@weir/schemas'
import { serviceName } from '../data/service-names.ts'
import { isPublic } from '../profile/address-class.ts'
import { type MacVendors, noMacVendors } from './mac-vendors.ts'
import { organisationAt, organisationOfAsn } from './organisations.ts'
import { noWhereabouts, type Whereabouts } from './whereabouts.ts'

/** The tables evidence is told apart with: the same ones give the same facts. */
export type EvidenceContext = {
  readonly whereabouts: Whereabouts
  readonly macVendors: MacVendors
}

/** Nothing but what is part of the program: organisations and services. */
export const plainContext: EvidenceContext = { whereabouts: noWhereabouts, macVendors: noMacVendors }

/** Names of facts begin with whose they are. */
const ends = ['src', 'dst'] as const
const parties = ['attacker', 'victim'] as const

type Facts = Evidence['facts']
type Growing = Record<string, Facts[string]>

/**
 * The evidence with facts such as `dstCountry`, `dstAsn`, `dstAsName`, `dstOrganisation`, `dstHosting` (whose machines anybody may rent), `srcVendor`,
 * `dstService`; the same for `attacker` and `victim` where these are addresses of neither end. What is unknown is left out; facts of
 * the detector are never replaced.
 */
export function withContext(evidence: Evidence, context: EvidenceContext): Evidence {
  const found: Growing = {}
  for (const side of ends) {
    const end = evidence[side]
    if (end === null) continue
    addAddress(found, side, end.ip, end.names, context)
    const vendor = end.mac === '' ? '' : context.macVendors.vendorOf(end.mac)
    if (vendor !== '') found[`${side}Vendor`] = vendor
  }
  const { dst, src, proto } = evidence
  const service = dst === null || dst.port === null ? '' : serviceName(proto, dst.port)
  if (service !== '') found.dstService = service
  for (const role of parties) {
    const party = evidence[role]
    if (party?.type !== 'ip' || party.value === src?.ip || party.value === dst?.ip) continue
    addAddress(found, role, party.value, [], context)
  }
  if (Object.keys(found).length === 0) return evidence
  return { ...evidence, facts: { ...found, ...evidence.facts } }
}

function addAddress(
  found: Growing,
  whose: string,
  ip: string,
  names: readonly string[],
  { whereabouts }: EvidenceContext,
): void {
  if (!isPublic(ip)) return
  const place = whereabouts.placeOf(ip)
  if (place !== null && place.country !== '') found[`${whose}Country`] = place.country
  if (place !== null && place.asn !== 0) found[`${whose}Asn`] = place.asn
  if (place !== null && place.asName !== '') found[`${whose}AsName`] = place.asName
  const organisation = organisationAt(ip, names, whereabouts)
  if (organisation !== '') {
    found[`${whose}Organisation`] = organisation
    return
  }
  const announced = place === null ? null : organisationOfAsn(place.asn)
  if (announced !== null) found[`${whose}Hosting`] = announced.name
}
