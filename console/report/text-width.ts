/** Text measured in the columns a terminal gives it, cut and broken to fit. It holds no escapes: see printable.ts. */

/** East Asian wide characters and pictures take two columns (Unicode Standard Annex 11), marks none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const MARK = /[\p{Mn}\p{Me}]/u

export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

function columnsOf(character: string): number {
  if (character < '\u0300') return 1
  return MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1
}

/** The beginning, with `…` in the place of what does not fit. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  return `${take(text, Math.max(0, width - 1))}…`
}

/** The end, with `…` in the place of what does not fit. */
export function cutStart(text: string, width: number): string {
  const characters = [...text]
  let columns = widthOf(text)
  if (columns <= width) return text
  let from = 0
  while (from < characters.length && columns > width - 1) columns -= columnsOf(characters[from++] ?? '')
  return `…${characters.slice(from).join('')}`
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Breaks at blanks; a word wider than the width is cut into pieces. At least one line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    let rest = word
    if (line !== '' && widthOf(line) + 1 + widthOf(rest) > width) {
      lines.push(line)
      line = ''
    }
    while (widthOf(rest) > width) {
      const piece = take(rest, width) || [...rest].slice(0, 1).join('')
      lines.push(piece)
      rest = rest.slice(piece.length)
    }
    line = line === '' ? rest : `${line} ${rest}`
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** As many characters as fit. */
function take(text: string, width: number): string {
  let columns = 0
  let taken = ''
  for (const character of text) {
    columns += columnsOf(character)
    if (columns > width) return taken
    taken += character
  }
  return taken
}
