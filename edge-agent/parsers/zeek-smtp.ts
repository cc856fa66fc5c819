import type { Parsed } from './parser.ts'
import type { Fields } from './zeek-fields.ts'
import { connectionHeadOf } from './zeek-head.ts'

export function smtpOf(fields: Fields, site: string): Parsed {
  const head = connectionHeadOf(fields, site, 'tcp')
  if ('kind' in head) return head
  return {
    ...head,
    kind: 'smtp',
    helo: fields.text('helo'),
    mailFrom: fields.text('mailfrom'),
    rcptTo: fields.list('rcptto'),
    subject: fields.text('subject'),
    lastReply: fields.text('last_reply'),
    userAgent: fields.text('user_agent'),
    tls: fields.flag('tls'),
  }
}
