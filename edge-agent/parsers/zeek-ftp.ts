import type { Parsed } from './parser.ts'
import { countOrNull, damaged, type Fields } from './zeek-fields.ts'
import { connectionHeadOf } from './zeek-head.ts'

/** The argument of `PASS` is a password, and is never read. */
export function ftpOf(fields: Fields, site: string): Parsed {
  const head = connectionHeadOf(fields, site, 'tcp')
  if ('kind' in head) return head
  const command = fields.text('command')
  const dataPort = fields.port('data_channel.resp_p')
  return {
    ...head,
    kind: 'ftp',
    user: fields.text('user'),
    command,
    argument: command.toUpperCase() === 'PASS' ? '' : fields.text('arg'),
    replyCode: countOrNull(fields, 'reply_code'),
    replyMessage: fields.text('reply_msg'),
    dataPort: dataPort === damaged ? null : dataPort,
  }
}
