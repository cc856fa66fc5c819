/** What feeds say of a value: everything that a record with it would meet. */
import { IndicatorTable, indicatorKinds, parseIndicatorValue } from '@weir/processors'
import type { Indicator, IndicatorKind } from '@weir/schemas'

/** Where indicators are kept: calls back with each and where it is from. */
export type Kept = {
  each(take: (indicator: Indicator, from: { readonly source: string }) => void): void
}

export type Explained = {
  /** As it is looked for. */
  readonly value: string
  readonly kinds: readonly IndicatorKind[]
  readonly hits: readonly { readonly indicator: Indicator; readonly source: string }[]
}

/** `null` for text that is no value of any kind. */
export function explainValue(store: Kept, text: string): Explained | null {
  const asked = valuesOf(text)
  const [first] = asked
  if (first === undefined) return null
  const hits: { indicator: Indicator; source: string }[] = []
  store.each((indicator, { source }) => {
    if (asked.some((value) => isMet(indicator, value))) hits.push({ indicator, source })
  })
  return { value: first.value, kinds: asked.map(({ kind }) => kind), hits }
}

/** A hash may be of several kinds of things; any other text is of one kind. */
function valuesOf(text: string): readonly { readonly kind: IndicatorKind; readonly value: string }[] {
  const parsed = parseIndicatorValue(text)
  if ('reject' in parsed) return []
  if (!parsed.kind.startsWith('file_')) return [parsed]
  return indicatorKinds.flatMap((kind) => {
    if (!/^(?:file|certificate|ja3)/.test(kind)) return []
    const own = parseIndicatorValue(text, kind)
    return 'reject' in own ? [] : [own]
  })
}

function isMet(
  indicator: Indicator,
  { kind, value }: { readonly kind: IndicatorKind; readonly value: string },
): boolean {
  if (indicator.kind === kind && indicator.value === value) return true
  if (kind === 'domain') return indicator.kind === 'domain' && value.endsWith(`.${indicator.value}`)
  if (kind !== 'ip' || indicator.kind !== 'range') return false
  const table = new IndicatorTable()
  table.put({ ...indicator, expiresMs: null })
  return table.address(value, 0) !== null
}
