/** What feeds say of a value: everything that a record with it would meet, found as detectors find it; and what they said once. */
import { IndicatorTable, indicatorKinds, keptProbe, parseIndicatorValue, urlVerdict } from '@weir/processors'
import type { Indicator, IndicatorKind } from '@weir/schemas'

/** Where indicators are kept: calls back with each and where it is from. */
export type Kept = {
  each(take: (indicator: Indicator, from: KeptFrom) => void, also?: 'removed'): void
}

/** `isRemoved`: by hand, so that it is not looked for. */
export type KeptFrom = { readonly source: string; readonly isRemoved?: boolean }

/** `hits` are of what was asked about; of an address also probes that are kept of it, and then what feeds list of their fingerprints. */
export type Explained = {
  /** As it is looked for. */
  readonly value: string
  readonly kinds: readonly IndicatorKind[]
  readonly hits: readonly Hit[]
}

/** `past`: why a record would not meet it any more; `null` where it would. */
export type Hit = {
  readonly indicator: Indicator
  readonly source: string
  readonly past: 'removed' | 'expired' | null
}

/** `null` for text that is no value of any kind. */
export function explainValue(store: Kept, text: string, nowMs: number): Explained | null {
  const asked = valuesOf(text)
  const [first] = asked
  if (first === undefined) return null
  const hits = hitsOf(store, asked, nowMs)
  const jarms = new Set(hits.flatMap(({ indicator }) => fingerprintOf(indicator) ?? []))
  const ofProbes =
    first.kind === 'ip' && jarms.size > 0
      ? hitsOf(
          store,
          [...jarms].map((value) => ({ kind: 'jarm', value })),
          nowMs,
        ).filter(({ indicator }) => indicator.kind === 'jarm')
      : []
  return { value: first.value, kinds: asked.map(({ kind }) => kind), hits: [...hits, ...ofProbes] }
}

/** Of a kept probe. */
export function fingerprintOf({ kind, tags }: Indicator): string | null {
  return kind === 'tls_server' ? (keptProbe(tags)?.jarm ?? null) : null
}

function hitsOf(store: Kept, asked: readonly Asked[], nowMs: number): readonly Hit[] {
  const hits: Hit[] = []
  const table = new IndicatorTable()
  store.each((indicator, { source, isRemoved }) => {
    if (!mayMeet(indicator, asked)) return
    table.put({ ...indicator, description: '', tags: [], expiresMs: null })
    if (asked.some((value) => isMet(table, indicator, value))) {
      const isExpired = indicator.expiresMs !== null && indicator.expiresMs <= nowMs
      hits.push({ indicator, source, past: isRemoved === true ? 'removed' : isExpired ? 'expired' : null })
    }
    table.remove(indicator.kind, indicator.value, indicator.feed)
  }, 'removed')
  return hits
}

type Asked = { readonly kind: IndicatorKind; readonly value: string }

/** A hash may be of several kinds of things; any other text is of one kind. */
function valuesOf(text: string): readonly Asked[] {
  const parsed = parseIndicatorValue(text)
  if ('reject' in parsed) return []
  if (!parsed.kind.startsWith('file_')) return [parsed]
  return indicatorKinds.flatMap((kind) => {
    if (!/^(?:file|certificate|ja3)/.test(kind)) return []
    const own = parseIndicatorValue(text, kind)
    return 'reject' in own ? [] : [own]
  })
}

/** Of kinds that could be met; most indicators are passed over by this. */
function mayMeet({ kind }: Indicator, asked: readonly Asked[]): boolean {
  return asked.some((value) => {
    // Of the address, and of the fingerprint that was found.
    if (kind === 'tls_server') return value.kind === 'ip' || value.kind === 'jarm'
    if (value.kind === 'ip' || value.kind === 'range') return kind === 'ip' || kind === 'range'
    if (value.kind === 'url') return kind === 'url' || kind === 'domain' || kind === 'ip' || kind === 'range'
    return kind === value.kind
  })
}

/** Of a table that holds this indicator alone. */
function isMet(table: IndicatorTable, indicator: Indicator, { kind, value }: Asked): boolean {
  if (indicator.kind === 'tls_server')
    return kind === 'jarm' ? fingerprintOf(indicator) === value : addressIn(indicator.value) === value
  switch (kind) {
    case 'ip':
      return table.address(value, 0) !== null
    case 'range':
      // A range within the one that is listed; a wider one is not listed as a whole.
      return (
        indicator.kind === 'range' &&
        widthOf(indicator.value) <= widthOf(value) &&
        table.address(value.slice(0, value.indexOf('/')), 0) !== null
      )
    case 'domain':
      return table.domain(value, 0) !== null
    case 'url': {
      const host = hostOf(value)
      return (
        urlVerdict(table, value, 0) !== null ||
        table.domain(host, 0) !== null ||
        table.address(host, 0) !== null
      )
    }
    default:
      return table.exact(kind, value, 0) !== null
  }
}

/** The address of a server, without its port. */
function addressIn(server: string): string {
  const parsed = parseIndicatorValue(server)
  return 'value' in parsed ? parsed.value : ''
}

const widthOf = (range: string): number => Number(range.slice(range.indexOf('/') + 1))

/** Of a URL in canonical form, which has no scheme. */
function hostOf(url: string): string {
  const end = url.search(/[/?]/)
  const host = end < 0 ? url : url.slice(0, end)
  return host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d+$/, '')
}
