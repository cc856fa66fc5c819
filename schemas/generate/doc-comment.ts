const width = 120

/** A doc comment of `text`, indented, with its line break; `''` for no text. Longer than a line, it becomes a block. */
export function docComment(text: string, indent: string): string {
  if (text === '') return ''
  const line = `${indent}/** ${text} */`
  if (line.length <= width) return `${line}\n`
  const lines: string[] = []
  let current = `${indent} *`
  for (const word of text.split(' ')) {
    if (current.length + 1 + word.length > width) {
      lines.push(current)
      current = `${indent} *`
    }
    current += ` ${word}`
  }
  lines.push(current)
  return `${indent}/**\n${lines.join('\n')}\n${indent} */\n`
}
