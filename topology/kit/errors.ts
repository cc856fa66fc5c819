/**
 * Errors as tables of rows: what is wrong and what the person who reads it should do. Code branches on `code`, never on
 * the text. Placeholders in braces are filled from the fields given.
 */
export type ErrorRow = { readonly says: string; readonly fix: string }

export class WeirError extends Error {
  readonly code: string
  readonly fix: string
  readonly fields: Readonly<Record<string, unknown>>

  constructor(code: string, row: ErrorRow, fields: Readonly<Record<string, unknown>>, cause?: unknown) {
    super(fill(row.says, fields), cause === undefined ? undefined : { cause })
    this.name = 'WeirError'
    this.code = code
    this.fix = fill(row.fix, fields)
    this.fields = fields
  }
}

type Fields = Readonly<Record<string, string | number | boolean>>

/** `const e = defineErrors('TOPO', { ROW: { says, fix } }); throw e.ROW({ field })` makes an error of code `TOPO_ROW`. */
export function defineErrors<R extends Record<string, ErrorRow>>(
  prefix: string,
  rows: R,
): { readonly [K in keyof R]: (fields?: Fields, cause?: unknown) => WeirError } {
  const make = (name: string, row: ErrorRow) => [
    name,
    (fields: Fields = {}, cause?: unknown) => new WeirError(`${prefix}_${name}`, row, fields, cause),
  ]
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => make(name, row)))
}

function fill(text: string, fields: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in fields ? String(fields[name]) : whole))
}
