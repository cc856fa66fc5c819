import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptProbe, noJarm, probeTag, serverText } from './kept-probe.ts'

const jarm = `29d29d${'0'.repeat(24)}${'3'.repeat(32)}`
const atMs = Date.UTC(2026, 0, 5, 10, 7, 30)

test('a probe comes back as it was kept, to the second', () => {
  assert.deepEqual(keptProbe([probeTag({ jarm, atMs: atMs + 999 })]), { jarm, atMs })
})

test('of several the newest counts, and other tags are passed over', () => {
  const other = `29d29d${'0'.repeat(24)}${'4'.repeat(32)}`
  const tags = ['a', probeTag({ jarm: other, atMs: atMs + 1_000 }), probeTag({ jarm, atMs })]
  assert.equal(keptProbe(tags)?.jarm, other)
  assert.equal(keptProbe(tags.toReversed())?.jarm, other)
})

test('what is not of the form, of no time and of no answer is none', () => {
  const time = '2026-01-05T10:00:00Z'
  for (const tag of [
    '',
    jarm,
    `jarm:${jarm}`,
    `jarm:${jarm}@${time.slice(0, 10)}`,
    `jarm:${jarm.slice(1)}@${time}`,
    `jarm:${jarm.toUpperCase()}@${time}`,
    `jarm:${jarm}@2026-13-45T10:00:00Z`,
    ` jarm:${jarm}@${time}`,
    `jarm:${noJarm}@${time}`,
  ])
    assert.equal(keptProbe([tag]), null, tag)
  assert.equal(keptProbe([]), null)
})

test('a server is called by its address and port', () => {
  assert.equal(serverText('93.184.216.34', 443), '93.184.216.34:443')
  assert.equal(serverText('2a00:1450::7', 8443), '[2a00:1450::7]:8443')
})
