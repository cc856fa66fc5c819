import { defineErrors } from './errors.ts'

const configError = defineErrors('CONFIG', {
  BAD_SETTINGS: {
    says: 'settings cannot be used: {problems}',
    fix: 'Correct the environment variables named and start again.',
  },
})

/** One row of a table of settings: what it is for, what it is when unset, and what its text may be. */
export type Setting<T> = {
  readonly help: string
  /** `undefined`: it must be set. */
  readonly fallback: T | undefined
  /** The value, or what is wrong with the text, as a sentence that follows the name. */
  readonly parse: (text: string) => { readonly value: T } | { readonly problem: string }
}

export function text(help: string, fallback?: string): Setting<string> {
  return { help, fallback, parse: (value) => ({ value }) }
}

export function number(
  help: string,
  fallback?: number,
  range: { readonly min?: number; readonly max?: number } = {},
): Setting<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range
  return {
    help,
    fallback,
    parse(given) {
      const value = given.trim() === '' ? Number.NaN : Number(given)
      if (!Number.isFinite(value)) return { problem: `must be a number, not '${given}'` }
      if (value < min || value > max) return { problem: `must be from ${min} to ${max}, not ${given}` }
      return { value }
    },
  }
}

const units = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
  ['t', 1024 ** 4],
])

/** `512`, `64k`, `1.5 GiB`, `10MB`: units are powers of 1024. */
export function bytes(help: string, fallback?: number): Setting<number> {
  return {
    help,
    fallback,
    parse(given) {
      const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(given.trim()) ?? []
      const factor = units.get(unit.toLowerCase())
      if (amount === undefined || factor === undefined) {
        return { problem: `must be a number of bytes such as 512m, not '${given}'` }
      }
      return { value: Math.round(Number(amount) * factor) }
    },
  }
}

/** Comma-separated; blanks around the parts and empty parts are dropped. */
export function list(help: string, fallback?: readonly string[]): Setting<readonly string[]> {
  const parts = (given: string) => given.split(',').map((part) => part.trim())
  return { help, fallback, parse: (given) => ({ value: parts(given).filter((part) => part !== '') }) }
}

type Settings = Readonly<Record<string, Setting<unknown>>>
type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never
}

export type Config<S extends Settings> = {
  /** For documentation. */
  readonly settings: S
  /** All settings at once; every bad one is named in one `CONFIG_BAD_SETTINGS`. An empty text counts as unset. */
  read(environment: Readonly<Record<string, string | undefined>>): Values<S>
}

/** The settings of one deployable, by the names of their environment variables. */
export function defineConfig<S extends Settings>(settings: S): Config<S> {
  return {
    settings,
    read(environment) {
      const problems: string[] = []
      const entries = Object.entries(settings).map(([name, setting]): [string, unknown] => {
        const given = environment[name]
        if (given === undefined || given === '') {
          if (setting.fallback === undefined) problems.push(`${name} is not set (${setting.help})`)
          return [name, setting.fallback]
        }
        const parsed = setting.parse(given)
        if ('value' in parsed) return [name, parsed.value]
        problems.push(`${name} ${parsed.problem}`)
        return [name, undefined]
      })
      if (problems.length > 0) throw configError.BAD_SETTINGS({ problems: problems.join('; ') })
      return valuesOf<S>(entries)
    },
  }
}

function valuesOf<S extends Settings>(entries: readonly [string, unknown][]): Values<S>
function valuesOf(entries: readonly [string, unknown][]): object {
  return Object.fromEntries(entries)
}
