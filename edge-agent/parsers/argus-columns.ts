/** Where each value stands in a line of Argus text; -1 for a column that is not there. */
export type ArgusColumns = {
  readonly start: number
  readonly last: number
  readonly duration: number
  readonly proto: number
  readonly srcAddr: number
  readonly srcPort: number
  readonly dir: number
  readonly dstAddr: number
  readonly dstPort: number
  readonly state: number
  readonly pkts: number
  readonly bytes: number
  readonly srcPkts: number
  readonly dstPkts: number
  readonly srcBytes: number
  readonly dstBytes: number
  readonly service: number
  readonly label: number
  readonly srcMac: number
  readonly dstMac: number
}

export type ArgusLayout = { readonly separator: string; readonly columns: ArgusColumns }

/** Names that `ra` prints over its columns, and those it is asked for them with (`-s`), in lower case. */
const names: { readonly [K in keyof ArgusColumns]: readonly string[] } = {
  start: ['starttime', 'stime'],
  last: ['lasttime', 'ltime', 'endtime', 'etime'],
  duration: ['dur', 'duration'],
  proto: ['proto', 'protocol'],
  srcAddr: ['srcaddr', 'saddr'],
  srcPort: ['sport', 'srcport'],
  dir: ['dir', 'direction'],
  dstAddr: ['dstaddr', 'daddr'],
  dstPort: ['dport', 'dstport'],
  state: ['state'],
  pkts: ['totpkts', 'pkts'],
  bytes: ['totbytes', 'bytes'],
  srcPkts: ['srcpkts', 'spkts'],
  dstPkts: ['dstpkts', 'dpkts'],
  srcBytes: ['srcbytes', 'sbytes'],
  dstBytes: ['dstbytes', 'dbytes'],
  service: ['appproto', 'service'],
  label: ['label'],
  srcMac: ['srcmac', 'smac'],
  dstMac: ['dstmac', 'dmac'],
}

const separators = [',', '\t', ';', '|']

/** The layout most published captures have, and the one that a file without a header is taken to have. */
export const usualHeader =
  'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,SrcPkts,Label'

/**
 * The layout a header line gives, or `null` when the line is not a header: names are matched whole and in any case, and
 * a connection's start, protocol and both addresses must be among them.
 */
export function argusLayoutOf(line: string): ArgusLayout | null {
  for (const separator of separators) {
    if (!line.includes(separator)) continue
    const header = line.split(separator).map((cell) => cell.trim().toLowerCase())
    const at = (field: keyof ArgusColumns) => header.findIndex((cell) => names[field].includes(cell))
    if (at('start') < 0 || at('proto') < 0 || at('srcAddr') < 0 || at('dstAddr') < 0) continue
    return {
      separator,
      columns: {
        start: at('start'),
        last: at('last'),
        duration: at('duration'),
        proto: at('proto'),
        srcAddr: at('srcAddr'),
        srcPort: at('srcPort'),
        dir: at('dir'),
        dstAddr: at('dstAddr'),
        dstPort: at('dstPort'),
        state: at('state'),
        pkts: at('pkts'),
        bytes: at('bytes'),
        srcPkts: at('srcPkts'),
        dstPkts: at('dstPkts'),
        srcBytes: at('srcBytes'),
        dstBytes: at('dstBytes'),
        service: at('service'),
        label: at('label'),
        srcMac: at('srcMac'),
        dstMac: at('dstMac'),
      },
    }
  }
  return null
}

/** The usual columns, with the separator that the line has: a comma when there are more than five, else a TAB. */
export function usualArgusLayout(line: string): ArgusLayout {
  return { separator: hasSixCommas(line) ? ',' : '\t', columns: usualColumns }
}

function hasSixCommas(line: string): boolean {
  let at = -1
  for (let commas = 0; commas < 6; commas++) {
    at = line.indexOf(',', at + 1)
    if (at < 0) return false
  }
  return true
}

const usualColumns: ArgusColumns = (() => {
  const layout = argusLayoutOf(usualHeader)
  if (layout === null) throw new Error('the usual Argus header does not name the columns it needs')
  return layout.columns
})()
