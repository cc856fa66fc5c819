import { isJson, type Json } from '../../json-object.ts'

/** Facts as evidence has them, and how they are taken out of what a stranger sent: by shape, cut to size, never believed. */
export type Facts = Readonly<Record<string, string | number | boolean>>

const LONGEST = 300

/** The object at the end of the path, or an empty one. */
export function at(json: unknown, ...path: readonly string[]): Json {
  let value = json
  for (const name of path) value = isJson(value) ? value[name] : undefined
  return isJson(value) ? value : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST) : ''
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

/** Texts with a comma between them, each once. */
export function joined(values: readonly string[]): string {
  return [...new Set(values.filter((value) => value !== ''))].join(', ').slice(0, LONGEST)
}

/** Without the facts that say nothing: empty texts. */
export function said(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''))
}
