const QUOTE = '"'

/**
 * The cells of one line, each without the blanks and quotes around it (RFC 4180, but blanks may stand before a quote). A quote
 * that is never closed holds the rest of the line.
 */
export function csvCells(line: string, separator: string): string[] {
  if (!line.includes(QUOTE)) return line.split(separator).map((cell) => cell.trim())
  const cells: string[] = []
  for (let from = 0; from <= line.length; ) {
    while (line[from] === ' ' && separator !== ' ') from += 1
    if (line[from] !== QUOTE) {
      const end = line.indexOf(separator, from)
      cells.push(line.slice(from, end < 0 ? line.length : end).trim())
      if (end < 0) break
      from = end + 1
      continue
    }
    let cell = ''
    let at = from + 1
    for (;;) {
      const quote = line.indexOf(QUOTE, at)
      if (quote < 0) {
        cell += line.slice(at)
        at = line.length
        break
      }
      cell += line.slice(at, quote)
      at = quote + 1
      if (line[at] !== QUOTE) break
      cell += QUOTE
      at += 1
    }
    cells.push(cell.trim())
    const next = line.indexOf(separator, at)
    if (next < 0) break
    from = next + 1
  }
  return cells
}
