import type { Parsed } from './parser.ts'
import { countOrNull, type Fields } from './zeek-fields.ts'
import { connectionHeadOf } from './zeek-head.ts'

export function httpOf(fields: Fields, site: string): Parsed {
  const head = connectionHeadOf(fields, site, 'tcp')
  if ('kind' in head) return head
  return {
    ...head,
    kind: 'http',
    method: fields.text('method'),
    host: fields.text('host'),
    uri: fields.text('uri'),
    referrer: fields.text('referrer'),
    version: fields.text('version'),
    userAgent: fields.text('user_agent'),
    requestBytes: countOrNull(fields, 'request_body_len') ?? 0,
    responseBytes: countOrNull(fields, 'response_body_len') ?? 0,
    statusCode: countOrNull(fields, 'status_code'),
    statusMessage: fields.text('status_msg'),
    responseMimeTypes: fields.list('resp_mime_types'),
    responseFileIds: fields.list('resp_fuids'),
  }
}
