import type { Parsed } from './parser.ts'
import { rejected, skipped } from './zeek-fates.ts'
import { countOrNull, damaged, type Fields } from './zeek-fields.ts'
import { headOf } from './zeek-head.ts'

/** software.log: one host runs it, and there is no second end. */
export function softwareOf(fields: Fields, site: string): Parsed {
  const head = headOf(fields, site, '')
  if ('kind' in head) return head
  const host = fields.address('host')
  if (host === null) return rejected.badAddress
  if (host === '') return skipped.noAddress
  const port = fields.port('host_p')
  if (port === damaged) return rejected.badPort
  head.srcIp = host
  head.srcPort = port
  head.dstIp = ''
  head.dstPort = null
  return {
    ...head,
    kind: 'software',
    softwareType: fields.text('software_type'),
    name: fields.text('name'),
    versionMajor: countOrNull(fields, 'version.major'),
    versionMinor: countOrNull(fields, 'version.minor'),
    unparsedVersion: fields.text('unparsed_version'),
  }
}
