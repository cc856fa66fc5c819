import type { Level } from '@weir/schemas'

/** Colour where the reader's terminal wants it, plain text elsewhere. */
export type Style = {
  bold(text: string): string
  dim(text: string): string
  level(level: Level, text: string): string
}

const sgr =
  (code: string) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`

const levelCodes: Readonly<Record<Level, string>> = {
  info: '2',
  low: '36',
  medium: '33',
  high: '31',
  critical: '1;31',
}

const colour: Style = {
  bold: sgr('1'),
  dim: sgr('2'),
  level: (level, text) => sgr(levelCodes[level])(text),
}

const plain: Style = { bold: (text) => text, dim: (text) => text, level: (_, text) => text }

/** Only on a terminal, and not where `NO_COLOR` is set to anything (https://no-color.org). */
export function styleFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  return isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb' ? colour : plain
}
