// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test are source code.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blanked } from './blanked.ts'

const cases: Readonly<Record<string, readonly [string, string]>> = {
  'a comment to the end of its line goes': ['a // b\nc', 'a     \nc'],
  'a comment over lines goes, its line breaks stay': ['a /* b\n c */ d', 'a     \n      d'],
  'a comment that never ends goes': ['a /* b', 'a     '],
  'the contents of texts go, their quotes stay': ["f('a\\'b', \"c\")", 'f(\'    \', " ")'],
  'what looks like a comment in a text is none': ["'//' + a", "'  ' + a"],
  'a template goes but for its code': ['`a ${b} c` + d', '`  ${b}  ` + d'],
  'braces inside the code of a template do not end it': ['`a ${f({ b })} c`', '`  ${f({ b })}  `'],
  'a template inside a template is one too': ['`a ${`b ${c}`} d` + e', '`  ${`  ${c}`}  ` + e'],
  'a regular expression goes': ["x = /a'[/]b/.test(c)", 'x = /      /.test(c)'],
  'a regular expression after a word is one': ['return /a"/', 'return /  /'],
  'a division is none': ["a / b / c + 'd'", "a / b / c + ' '"],
  'a division after a bracket is none': ["f(a) / b / 'c'", "f(a) / b / ' '"],
}

for (const [name, [text, expected]] of Object.entries(cases)) {
  test(name, () => assert.equal(blanked(text), expected))
}

test('every position stays where it was', () => {
  const text = "import a from 'b' // c\nconst d = `e ${f /* g */} h` /* i\n j */ + /k'/.source"
  assert.equal(blanked(text).length, text.length)
  assert.equal(blanked(text).indexOf('source'), text.indexOf('source'))
})
