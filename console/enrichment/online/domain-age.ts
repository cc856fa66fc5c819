import { registeredDomainOf } from '@weir/processors'
import { isJson } from '../../json-object.ts'
import { askJson } from './ask-http.ts'
import { at, listOf, said, textOf } from './facts.ts'
import { known, type LookUp, unknownAnswer } from './look-up.ts'

/**
 * When a domain was registered and by whom, by RDAP (RFC 9082, RFC 9083): `GET /domain/NAME`, the event `registration`, the entities
 * with the roles `registrant` and `registrar`, whose card (RFC 7095) has the name in `fn`.
 */
export const domainAge: LookUp = {
  kinds: ['domain'],
  async ask({ value }, door) {
    const domain = registeredDomainOf(value)
    if (domain === '') return unknownAnswer
    const answer = await askJson(door, {
      path: `/domain/${encodeURIComponent(domain)}`,
      headers: { accept: 'application/rdap+json' },
    })
    if (!('json' in answer)) return answer
    const events = listOf(at(answer.json).events).filter(isJson)
    const event = events.find(({ eventAction }) => eventAction === 'registration')
    const registeredMs = Date.parse(textOf(event?.eventDate))
    if (Number.isNaN(registeredMs)) return unknownAnswer
    return known(
      said({
        domain,
        registered: new Date(registeredMs).toISOString(),
        registrant: nameOf(answer.json, 'registrant'),
        registrar: nameOf(answer.json, 'registrar'),
      }),
    )
  },
}

function nameOf(json: unknown, role: string): string {
  const entity = listOf(at(json).entities)
    .filter(isJson)
    .find(({ roles }) => listOf(roles).includes(role))
  const rows = listOf(listOf(entity?.vcardArray)[1])
  const row = rows.find((each) => listOf(each)[0] === 'fn')
  return textOf(listOf(row)[3])
}
