import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExposition } from './exposition.ts'

const head = '# HELP a_total Of a.\n# TYPE a_total counter\n'
const histogram = '# HELP h Of h.\n# TYPE h histogram\n'

test('families come with help, type, labels and values', () => {
  const [family, ...more] = parseExposition(`${head}a_total{x="1",y="q\\"\\\\\\n"} 3\na_total{x="2"} 1e3\n`)
  assert.deepEqual(more, [])
  assert.equal(family?.type, 'counter')
  assert.deepEqual(
    family?.samples.map(({ labels, value }) => [labels.get('x'), value]),
    [
      ['1', 3],
      ['2', 1_000],
    ],
  )
})

for (const [why, text] of [
  ['the last line does not end', `${head}a_total 1`],
  ['the series comes twice', `${head}a_total{x="1"} 1\na_total{x="1"} 2\n`],
  ['the family comes twice', `${head}${head}`],
  ['a sample outside its family', `${head}b_total 1\n`],
  ['not a sample', `${head}a_total{x=1} 1\n`],
  ['not a sample', `${head}a_total{x="1",x="2"} 1\n`],
  ['not a sample', `${head}a_total one\n`],
  ['a counter below 0', `${head}a_total -1\n`],
  ['a type without its help', '# TYPE a_total counter\n'],
  ['there is no such type', '# HELP a Of a.\n# TYPE a meter\n'],
  ['has no type', '# HELP a Of a.\n'],
  ['no last bucket', `${histogram}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`],
  ['not cumulative', `${histogram}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`],
  [
    'do not rise',
    `${histogram}h_bucket{le="2"} 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
  ],
  ['not the last bucket', `${histogram}h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n`],
  ['no sum', `${histogram}h_bucket{le="+Inf"} 1\nh_count 1\n`],
] as const) {
  test(`refused: ${why} in ${JSON.stringify(text.slice(-30))}`, () => {
    assert.throws(
      () => parseExposition(text),
      (error) => error instanceof SyntaxError && error.message.includes(why),
    )
  })
}
