/** A table of a README that is made from the code stands between two marks; all outside them is written by hand. */

const begin = (name: string) => `<!-- generated:${name} -->`
const end = '<!-- /generated -->'

/** The names of the sections, in order. Throws where a mark has no partner. */
export function sectionsOf(text: string): readonly string[] {
  const names: string[] = []
  let open: string | null = null
  for (const [mark, name] of text.matchAll(/<!-- (?:generated:([\w-]+)|\/generated) -->/g)) {
    if ((name === undefined) === (open === null)) throw new Error(`${mark} has no partner`)
    open = name ?? null
    if (name !== undefined) names.push(name)
  }
  if (open !== null) throw new Error(`${begin(open)} has no end`)
  return names
}

/** The text with `content` in the section `name`, which it must have. */
export function withSection(text: string, name: string, content: string): string {
  const mark = begin(name)
  const from = text.indexOf(mark)
  if (from < 0) throw new Error(`there is no ${mark}`)
  const to = text.indexOf(end, from)
  if (to < 0) throw new Error(`${mark} has no end`)
  return `${text.slice(0, from + mark.length)}\n\n${content}\n\n${text.slice(to)}`
}

/** Unpadded, so that one changed cell is one changed line. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** One line, with nothing in it that would end the cell. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')
}
