/** The targets of a Makefile that stand for no file. */
export function targetsOf(makefile: string): readonly string[] {
  return [...makefile.matchAll(/^([a-z][a-z-]*):(?!=)/gm)].map((match) => match[1] ?? '')
}

/** The `make` targets that a text tells people to type, in code spans and code blocks. */
export function targetsNamedIn(text: string): readonly string[] {
  const code = [...text.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(
    ([, block, span]) => block ?? span ?? '',
  )
  return code.flatMap((part) =>
    [...part.matchAll(/(?:^|[\n;&|(]|\bsudo )\s*make((?: +[A-Za-z][\w=./-]*)+)/g)].flatMap(([, words = '']) =>
      words.split(' ').filter((word) => word !== '' && !word.includes('=')),
    ),
  )
}

/**
 * The patterns of files that the printed commands hand to `node --test`. A pattern outside quotes is opened by the shell, for
 * which `**` may be one folder: it is given as `unquoted`.
 */
export function testPatterns(printed: string): {
  readonly quoted: readonly string[]
  readonly unquoted: readonly string[]
} {
  const quoted: string[] = []
  const unquoted: string[] = []
  for (const [, args = ''] of printed.matchAll(/^.*\bnode\s+--test\b(.*)$/gm)) {
    for (const [word] of args.matchAll(/(?:'[^']*'|\S)+/g)) {
      if (/^'[^']*'$/.test(word)) quoted.push(word.slice(1, -1))
      else if (word.includes('*')) unquoted.push(word)
    }
  }
  return { quoted, unquoted }
}
