import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { detectors } from '@weir/processors'
import { widthOf } from '../report/text-width.ts'
import { detectorsCommand } from './detectors.ts'

async function printed(parameters: readonly string[], columns = 80): Promise<string> {
  let text = ''
  const out = { isTTY: true, columns, write: (part: string) => (text += part) }
  const command = detectorsCommand({ out, env: { NO_COLOR: '1' } }).exitOverride()
  await command.parseAsync(parameters, { from: 'user' })
  return text
}

describe('weir detectors', () => {
  test('tells of every detector its claim, inputs, level, techniques and settings, within the terminal', async () => {
    for (const columns of [40, 100]) {
      const text = await printed([], columns)
      for (const line of text.split('\n')) assert.ok(widthOf(line) <= columns, line)
    }
    const text = (await printed([], 300)).replaceAll(/\s+/g, ' ')
    for (const { id, claim, level, techniques, settings } of detectors) {
      for (const part of [id, claim, level, ...techniques]) assert.ok(text.includes(part), `${id}: ${part}`)
      for (const [name, { says }] of Object.entries(settings)) {
        assert.ok(text.includes(`${name} = `) && text.includes(says), `${id}.${name}`)
      }
    }
    assert.match(text, /T1046 Network Service Discovery/)
  })

  test('tells of the ones named alone, in text and in JSON', async () => {
    const text = await printed(['port-zero'])
    assert.match(text, /^port-zero /)
    assert.ok(!text.includes('data-upload'))
    const [one, ...more] = JSON.parse(await printed(['port-zero', '--json']))
    assert.equal(one.id, 'port-zero')
    assert.deepEqual([one.level, more], [detectors.find(({ id }) => id === 'port-zero')?.level, []])
    assert.equal(JSON.parse(await printed(['--json'])).length, detectors.length)
  })

  test('names every one that there is not', async () => {
    await assert.rejects(
      printed(['port-zeo', 'frob', 'port-zero']),
      /^WeirError: there is no detector 'port-zeo' \(did you mean port-zero\?\); there is no detector 'frob'$/,
    )
  })
})
