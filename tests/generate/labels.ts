import type { Label, Message, Wire } from './wire.ts'

/** The truth about a connection, for whoever trains on the logs. */
export type LabelRow = {
  readonly uid: string
  readonly flowId: number
  readonly label: string
  readonly detail: string
}

/** One row for each connection, in order of start; `detail` is the actor whose part it was. */
export function labels(wire: Wire): LabelRow[] {
  return wire.connections.map(({ uid, flowId, truth }) => ({
    uid,
    flowId,
    label: truth.label,
    detail: truth.detail,
  }))
}

export function truthOf(message: Message): Label {
  return 'conn' in message ? message.conn.truth : message.truth
}
