/**
 * What is known of the ends of evidence beyond the traffic, as facts beside those of its detector: country, AS number, organisation, maker of the
 * network card, name of the service. Nothing is looked up but in tables that are in memory, and only for evidence that is said.
 */
import type { Evidence } from '@weir/schemas'
import { serviceName } from '../data/service-names.ts'
import { isLinkLocal, isPublic, isUnspecified } from '../profile/address-class.ts'
import type { Network } from '../profile/network.ts'
import { untranslated } from '../profile/translated-address.ts'
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
 * The evidence with facts such as `dstCountry`, `dstAsn`, `dstAsName`, `dstOrganisation`, `dstHosting` (whose machines anybody may rent), `srcVendor` (of
 * home hosts), `dstService`; the same for `attacker` and `victim` where these are addresses of neither end. What is unknown is left out; facts of
 * the detector are never replaced.
 */
export function withContext(evidence: Evidence, context: EvidenceContext, network: Network): Evidence {
  const found: Growing = {}
  for (const side of ends) {
    const end = evidence[side]
    if (end === null) continue
    addAddress(found, side, end.ip, end.names, context)
    // The card of whoever is outside is that of the router in between.
    const other = evidence[side === 'src' ? 'dst' : 'src']?.ip ?? ''
    const vendor =
      end.mac === '' || !isBeside(end.ip, other, network) ? '' : context.macVendors.vendorOf(end.mac)
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

/** A host of a home network, or with an address that no router passes on, or without one yet: the card is its own. */
function isBeside(ip: string, otherIp: string, network: Network): boolean {
  return network.isHome(ip, otherIp) || isLinkLocal(ip) || isUnspecified(ip)
}

function addAddress(
  found: Growing,
  whose: string,
  given: string,
  names: readonly string[],
  { whereabouts }: EvidenceContext,
): void {
  if (!isPublic(given)) return
  const ip = untranslated(given)
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
