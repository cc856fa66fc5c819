import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { staleReadmes } from './docs.ts'
import { markdownTable, sectionsOf, withSection } from './generated-section.ts'
import { withTables } from './readme-tables.ts'

const page = 'before\n\n<!-- generated:a -->\nold\n<!-- /generated -->\n\nafter\n'
const table = (section: string, isRequired: boolean) => ({
  readme: 'R',
  section,
  isRequired,
  make: () => '| new |',
})

describe('generated sections', () => {
  test('what stands around a section is kept', () => {
    const made = withSection(page, 'a', '| new |')
    assert.equal(made, 'before\n\n<!-- generated:a -->\n\n| new |\n\n<!-- /generated -->\n\nafter\n')
    assert.equal(withSection(made, 'a', '| new |'), made)
  })

  test('a mark without its partner is refused', () => {
    assert.throws(() => sectionsOf('<!-- generated:a -->'), /no end/)
    assert.throws(() => sectionsOf('<!-- /generated -->'), /no partner/)
    assert.throws(() => sectionsOf('<!-- generated:a -->\n<!-- generated:b -->'), /no partner/)
    assert.throws(() => withSection('none', 'a', ''), /there is no/)
    assert.deepEqual(sectionsOf(page + page.replace(':a', ':b')), ['a', 'b'])
  })

  test('a cell keeps to its line and column', () => {
    assert.equal(markdownTable(['a', 'b'], [['c|d', 'e\nf']]), '| a | b |\n| --- | --- |\n| c\\|d | e f |')
  })
})

describe('tables of a README', () => {
  test('each is written into its place', () => {
    assert.match(withTables('R', page, [table('a', true)]), /\| new \|/)
    assert.equal(withTables('other', 'x', [table('a', true)]), 'x')
  })

  test('a required one must have a place, and a place must have a table', () => {
    assert.throws(() => withTables('R', 'no place', [table('a', true)]), /there is no/)
    assert.equal(withTables('R', 'no place', [table('a', false)]), 'no place')
    assert.throws(() => withTables('R', page, [table('b', false)]), /nothing makes the table 'a'/)
  })

  test('a README that is missing or not current is named', () => {
    const stale = staleReadmes(
      new Map([
        [
          'processors/README.md',
          '<!-- generated:detectors -->\n<!-- /generated -->\n<!-- generated:coverage -->\n<!-- /generated -->\n<!-- generated:data -->\n<!-- /generated -->',
        ],
      ]),
    )
    assert.deepEqual(
      stale.map(({ readme, why }) => [readme, why]),
      [['processors/README.md', 'has tables that are not current']],
    )
    assert.deepEqual(
      staleReadmes(new Map()).map(({ readme, why }) => [readme, why]),
      [['processors/README.md', 'is missing']],
    )
    assert.match(stale[0]?.text ?? '', /\| `arp-scan` \|/)
    const again = staleReadmes(new Map([['processors/README.md', stale[0]?.text ?? '']]))
    assert.equal(
      again.some(({ readme }) => readme === 'processors/README.md'),
      false,
    )
  })
})
