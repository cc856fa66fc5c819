/** A detector's settings: rows with a default, a check and a sentence, so that help, files and tests can read them. */
export type Setting<T> = {
  readonly kind: 'count' | 'ratio' | 'number' | 'flag' | 'texts' | 'steps'
  readonly default: T
  /** With the limit, where there is one. */
  readonly says: string
  /** The greatest number there is room to count to; `null` where none is too great. */
  readonly most: number | null
  /** The value, or what is wrong with it. */
  parse(value: unknown): { readonly value: T } | { readonly wrong: string }
}

export type Settings = Readonly<Record<string, Setting<unknown>>>

export type ConfigOf<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never
}

function setting<T>(
  kind: Setting<T>['kind'],
  standard: T,
  says: string,
  wrong: string,
  isT: (value: unknown) => value is T,
  most: number | null = null,
): Setting<T> {
  const bounded = most === null ? says : `${says} At most ${most.toLocaleString('en')}.`
  return {
    kind,
    default: standard,
    says: bounded,
    most,
    parse: (value) => (isT(value) ? { value } : { wrong }),
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')

/** A whole number from 0 to `most`: what a detector counts by what it holds, it never finds more of than it has room for. */
export const count = (standard: number, says: string, most: number | null = null): Setting<number> =>
  setting(
    'count',
    standard,
    says,
    `must be a whole number from 0${upTo(most)}`,
    (value): value is number => isCount(value) && isWithin(value, most),
    most,
  )

/** A share from 0 to 1. */
export const ratio = (standard: number, says: string): Setting<number> =>
  setting(
    'ratio',
    standard,
    says,
    'must be a number from 0 to 1',
    (value): value is number => isNumber(value) && value <= 1,
  )

/** Any number from 0; its unit is in the setting's name. */
export const number = (standard: number, says: string): Setting<number> =>
  setting('number', standard, says, 'must be a number from 0', isNumber)

export const flag = (standard: boolean, says: string): Setting<boolean> =>
  setting('flag', standard, says, 'must be true or false', (value) => typeof value === 'boolean')

export const texts = (standard: readonly string[], says: string): Setting<readonly string[]> =>
  setting('texts', standard, says, 'must be a list of texts', isTexts)

/** An ascending list of counts at which something is said again, each up to `most`, as for `count`. */
export const steps = (
  standard: readonly number[],
  says: string,
  most: number | null = null,
): Setting<readonly number[]> =>
  setting(
    'steps',
    standard,
    says,
    `must be an ascending list of whole numbers${upTo(most)}`,
    (value): value is readonly number[] =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((item, i) => isCount(item) && isWithin(item, most) && (i === 0 || item > value[i - 1])),
    most,
  )

const upTo = (most: number | null): string => (most === null ? '' : ` to ${most}`)
const isWithin = (value: number, most: number | null): boolean => most === null || value <= most
