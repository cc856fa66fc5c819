/** A detector's settings: rows with a default, a check and a sentence, so that help, files and tests can read them. */
export type Setting<T> = {
  readonly kind: 'count' | 'ratio' | 'number' | 'flag' | 'texts' | 'steps'
  readonly default: T
  readonly says: string
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
): Setting<T> {
  return { kind, default: standard, says, parse: (value) => (isT(value) ? { value } : { wrong }) }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')

/** A whole number from 0. */
export const count = (standard: number, says: string): Setting<number> =>
  setting('count', standard, says, 'must be a whole number from 0', isCount)

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

/** An ascending list of counts at which something is said again. */
export const steps = (standard: readonly number[], says: string): Setting<readonly number[]> =>
  setting(
    'steps',
    standard,
    says,
    'must be an ascending list of whole numbers',
    (value): value is readonly number[] =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((item, i) => isCount(item) && (i === 0 || item > value[i - 1])),
  )
