import { posix } from 'node:path'
import type { SourceFile } from './source-file.ts'

/** One `import`, `export … from`, `import()` or `typeof import()`. */
export type Import = {
  readonly specifier: string
  readonly position: number
  /** Nothing of it is left at run time. */
  readonly isTypeOnly: boolean
  /** The names asked for, without those of types; `*` for all, and for what cannot be told. */
  readonly names: readonly string[]
}

const STATEMENT = /(?:^|[;}\n])[ \t]*(import|export)\b([^'"`;()]*?)\bfrom\s*(['"])/g
const BARE = /(?:^|[;}\n])[ \t]*import\s*(['"])/g
const CALL = /\b(typeof\s+)?import\s*\(\s*(['"`])/g

/** In the order of the source, statements first. */
export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = []
  for (const match of file.code.matchAll(STATEMENT)) {
    const [whole, , clause = '', quote = "'"] = match
    const names = valueNames(clause)
    found.push({ ...at(file, match.index + whole.length, quote), isTypeOnly: names.length === 0, names })
  }
  for (const match of file.code.matchAll(BARE)) {
    const [whole, quote = "'"] = match
    found.push({ ...at(file, match.index + whole.length, quote), isTypeOnly: false, names: ['*'] })
  }
  for (const match of file.code.matchAll(CALL)) {
    const [whole, isTypeof, quote = "'"] = match
    const isTypeOnly = isTypeof !== undefined
    found.push({ ...at(file, match.index + whole.length, quote), isTypeOnly, names: isTypeOnly ? [] : ['*'] })
  }
  return found
}

function at(file: SourceFile, start: number, quote: string): { specifier: string; position: number } {
  return { specifier: file.text.slice(start, file.code.indexOf(quote, start)), position: start }
}

/** ` type { A }` and ` { type A }` ask for no value; ` B, { type A, c as d }` for `default` and `c`. */
function valueNames(clause: string): readonly string[] {
  const text = clause.trim()
  if (/^type\s+[\w{*$]/.test(text)) return []
  const names: string[] = []
  const braced = /\{([^}]*)\}/.exec(text)
  for (const item of braced?.[1]?.split(',') ?? []) {
    const name = item.trim()
    if (name !== '' && !/^type\s+\w/.test(name)) names.push(name.split(/\s/, 1)[0] ?? name)
  }
  const outside = text.replace(/\{[^}]*\}/, '').trim()
  if (outside.includes('*')) names.push('*')
  else if (/\w/.test(outside)) names.push('default')
  return names
}

/** Where an import leads. */
export type Target =
  | { readonly kind: 'weir'; readonly path: string; readonly byName: boolean }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'nowhere'; readonly why: string }

/** `exports`: what the `@weir/…` names stand for. */
export function targetOf(file: SourceFile, specifier: string, exports: ReadonlyMap<string, string>): Target {
  if (specifier.startsWith('.'))
    return { kind: 'weir', path: posix.join(posix.dirname(file.path), specifier), byName: false }
  if (specifier.startsWith('node:')) return { kind: 'node', name: specifier }
  if (specifier.startsWith('@weir/')) {
    const path = exports.get(specifier)
    return path === undefined
      ? { kind: 'nowhere', why: `no package exports ${specifier}` }
      : { kind: 'weir', path, byName: true }
  }
  const parts = specifier.split('/')
  return { kind: 'package', name: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') }
}
