/** Words after which a slash begins a regular expression and not a division. */
const BEFORE_PATTERN = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|await|yield|throw|new)$/

/**
 * The source with comments, the contents of texts and regular expressions turned into blanks. Line breaks and lengths are
 * kept, so that a position in the result is the same position in the source; what stands in `${}` of a template stays code.
 * It follows the language as far as this checkout writes it; it is no parser.
 */
export function blanked(text: string): string {
  const out: string[] = []
  /** For each template that is open around the current position: how many braces are open inside its `${`. */
  const braces: number[] = []
  let at = 0

  const keep = (until: number) => {
    out.push(text.slice(at, until))
    at = until
  }
  const blank = (until: number) => {
    out.push(text.slice(at, until).replaceAll(/[^\n]/g, ' '))
    at = until
  }
  /** From behind a backtick, or behind the brace that closes a `${}`. */
  const template = () => {
    let end = at
    while (end < text.length && text[end] !== '`' && !text.startsWith('${', end))
      end += text[end] === '\\' ? 2 : 1
    blank(Math.min(end, text.length))
    if (text[at] === '`') keep(at + 1)
    else if (at < text.length) {
      keep(at + 2)
      braces.push(0)
    }
  }

  while (at < text.length) {
    const character = text[at] ?? ''
    if (text.startsWith('//', at)) blank(orEnd(text.indexOf('\n', at), text))
    else if (text.startsWith('/*', at)) blank(orEnd(text.indexOf('*/', at + 2) + 2, text, 2))
    else if (character === "'" || character === '"') {
      keep(at + 1)
      blank(endOf(text, at, character))
      keep(Math.min(at + 1, text.length))
    } else if (character === '`') {
      keep(at + 1)
      template()
    } else if (character === '/' && beginsPattern(out)) {
      keep(at + 1)
      blank(endOfPattern(text, at))
      keep(Math.min(at + 1, text.length))
    } else {
      const open = braces.length - 1
      const depth = braces[open]
      keep(at + 1)
      if (depth === undefined) continue
      if (character === '{') braces[open] = depth + 1
      else if (character === '}' && depth > 0) braces[open] = depth - 1
      else if (character === '}') {
        braces.pop()
        template()
      }
    }
  }
  return out.join('')
}

/** Where nothing was found (`none` less than the search gave), the end of the text. */
function orEnd(index: number, text: string, none = 0): number {
  return index < none ? text.length : index
}

function endOf(text: string, from: number, quote: string): number {
  let end = from
  while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1
  return Math.min(end, text.length)
}

function endOfPattern(text: string, from: number): number {
  let end = from
  let inClass = false
  for (; end < text.length && text[end] !== '\n'; end += text[end] === '\\' ? 2 : 1) {
    if (text[end] === '[') inClass = true
    else if (text[end] === ']') inClass = false
    else if (text[end] === '/' && !inClass) break
  }
  return Math.min(end, text.length)
}

/** By what stands before: a value (name, number, closing bracket) is divided, anything else is followed by a pattern. */
function beginsPattern(out: readonly string[]): boolean {
  let before = ''
  for (let i = out.length - 1; i >= 0 && before.trim().length < 12; i -= 1) before = (out[i] ?? '') + before
  const code = before.trimEnd()
  const last = code.at(-1) ?? ''
  return !/[\w$)\]}'"`]/.test(last) || BEFORE_PATTERN.test(code)
}
