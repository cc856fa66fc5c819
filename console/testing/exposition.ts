/**
 * A strict reader of the text format that Prometheus scrapes, version 0.0.4: one family after the other, each with HELP and TYPE before
 * its samples, no series twice, histograms cumulative with a bucket for everything and a count that is equal to it. Throws a
 * sentence with the line that breaks a rule.
 */
export type Sample = {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

export type Family = {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped']
const metric = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const helpLine = new RegExp(`^# HELP (${metric}) ((?:[^\\\\]|\\\\\\\\|\\\\n)*)$`)
const typeLine = new RegExp(`^# TYPE (${metric}) ([a-z]+)$`)
const sampleLine = new RegExp(`^(${metric})(?:\\{(.*)\\})? (\\S+)(?: (-?\\d+))?$`)
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/y

export function parseExposition(text: string): readonly Family[] {
  if (text !== '' && !text.endsWith('\n')) throw new SyntaxError('the last line does not end')
  const families: { name: string; type: string; help: string; samples: Sample[] }[] = []
  const series = new Set<string>()
  for (const [at, line] of text.split('\n').slice(0, -1).entries()) {
    const wrong = (why: string) => new SyntaxError(`line ${at + 1}: ${why}: ${line}`)
    if (line === '') continue
    const family = families.at(-1)
    const help = helpLine.exec(line)
    const type = typeLine.exec(line)
    if (help !== null) {
      const name = help[1] ?? ''
      if (families.some((each) => each.name === name)) throw wrong('the family comes twice')
      families.push({ name, type: '', help: help[2] ?? '', samples: [] })
    } else if (type !== null) {
      if (family === undefined || family.name !== type[1]) throw wrong('a type without its help before it')
      if (family.type !== '') throw wrong('a second type')
      if (!types.includes(type[2] ?? '')) throw wrong('there is no such type')
      family.type = type[2] ?? ''
    } else if (line.startsWith('#')) throw wrong('neither help nor type')
    else {
      const sample = parseSample(line)
      if (sample === null) throw wrong('not a sample')
      if (family === undefined || !belongs(sample, family)) throw wrong('a sample outside its family')
      const id = `${sample.name} ${JSON.stringify([...sample.labels].sort())}`
      if (series.has(id)) throw wrong('the series comes twice')
      series.add(id)
      if (family.type === 'counter' && !(sample.value >= 0)) throw wrong('a counter below 0')
      family.samples.push(sample)
    }
  }
  for (const family of families) {
    if (family.type === '') throw new SyntaxError(`${family.name} has no type`)
    if (family.type === 'histogram') checkHistogram(family)
  }
  return families
}

function parseSample(line: string): Sample | null {
  const [, name = '', inner, number = ''] = sampleLine.exec(line) ?? []
  if (name === '') return null
  const labels = parseLabels(inner ?? '')
  const special = new Map([
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['Nan', Number.NaN],
    ['NaN', Number.NaN],
  ])
  const value =
    special.get(number) ??
    (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(number) ? Number(number) : null)
  return labels === null || value === null ? null : { name, labels, value }
}

function parseLabels(text: string): ReadonlyMap<string, string> | null {
  const labels = new Map<string, string>()
  for (label.lastIndex = 0; label.lastIndex < text.length; ) {
    const found = label.exec(text)
    const name = found?.[1]
    if (found === null || name === undefined || labels.has(name)) return null
    labels.set(name, found[2] ?? '')
  }
  return labels
}

function belongs({ name, labels }: Sample, family: Pick<Family, 'name' | 'type'>): boolean {
  if (family.type !== 'histogram') return name === family.name && !labels.has('le')
  if (name === `${family.name}_bucket`) return labels.has('le')
  return name === `${family.name}_sum` || name === `${family.name}_count`
}

function checkHistogram({ name, samples }: Family): void {
  const without = (of: ReadonlyMap<string, string>) =>
    JSON.stringify([...of].filter(([label]) => label !== 'le').sort())
  for (const [labels, ofSeries] of Map.groupBy(samples, (sample) => without(sample.labels))) {
    const wrong = (why: string) => new SyntaxError(`${name} ${labels}: ${why}`)
    const buckets = ofSeries.filter((sample) => sample.name === `${name}_bucket`)
    const bounds = buckets.map((bucket) => {
      const text = bucket.labels.get('le') ?? ''
      return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text)
    })
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY) throw wrong('no last bucket for everything')
    for (let at = 1; at < buckets.length; at += 1) {
      if (!((bounds[at] ?? 0) > (bounds[at - 1] ?? 0))) throw wrong('bounds that do not rise')
      if ((buckets[at]?.value ?? 0) < (buckets[at - 1]?.value ?? 0))
        throw wrong('buckets that are not cumulative')
    }
    const count = ofSeries.find((sample) => sample.name === `${name}_count`)
    if (count === undefined || count.value !== buckets.at(-1)?.value)
      throw wrong('a count that is not the last bucket')
    if (!ofSeries.some((sample) => sample.name === `${name}_sum`)) throw wrong('no sum')
  }
}
