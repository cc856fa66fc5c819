import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes } from './durations.ts'
import { truthOf } from './labels.ts'
import { host } from './network.ts'
import { play } from './play.ts'
import { defineScenario, quietDetectors } from './scenario.ts'
import { loadStories } from './stories.ts'
import type { Message } from './wire.ts'

const stories = await loadStories()

function senders(message: Message): string[] {
  if ('conn' in message) return [message.conn.srcIp]
  return message.kind === 'software' ? [message.ip] : [message.srcIp]
}

test('every detector has a story that expects it', () => {
  const expected = new Set(
    [...stories.values()].flatMap((story) => story.expect.map(({ detector }) => detector)),
  )
  assert.deepEqual([...expected].sort(), quietDetectors.toSorted())
})

test('whoever a story expects something of does something at that time', () => {
  for (const [name, story] of stories) {
    const wire = play(story)
    for (const { from, by = from, to, between } of story.expect) {
      const [firstUs, lastUs] = [wire.startUs + between[0] * 1000, wire.startUs + between[1] * 1000]
      const who = host(by).ip
      const within = (us: number) => us >= firstUs && us <= lastUs
      const attacks = wire.connections.filter(
        (conn) =>
          conn.srcIp === who && (to === undefined || conn.dstIp === host(to).ip) && within(conn.startUs),
      )
      const said = wire.messages.filter((message) => senders(message).includes(who) && within(message.atUs))
      assert.ok(attacks.length + said.length > 0, `${name}: ${by}`)
    }
    const foul = wire.connections.some((conn) => conn.truth.label === 'Malicious')
    // Some attacks are told in messages alone, such as those of ARP.
    const foulMessage = wire.messages.some((message) => truthOf(message).label === 'Malicious')
    assert.equal(
      foul || foulMessage,
      story.play.some((actor) => !actor.benign),
      name,
    )
  }
})

test('a scenario that expects the impossible is refused', () => {
  const rest = { story: 'x', seed: 1, lasts: minutes(5), play: [], otherwiseQuiet: true }
  const expecting = (detector: string, last: number) =>
    defineScenario({ ...rest, expect: [{ detector, from: 'ws-1', between: [0, last] }] })
  assert.throws(() => expecting('no-such-thing', minutes(1)), /no detector/)
  assert.throws(() => expecting('dhcp-scan', minutes(6)), /outside the story/)
})

test('a name that is not in the site plan is refused, an address of the plan is the host that has it', () => {
  assert.throws(() => host('ws-0'), RangeError)
  assert.throws(() => host('fridge'), RangeError)
  assert.equal(host(host('files-1').ip), host('files-1'))
  assert.equal(host(host('ws-333').ip), host('ws-333'))
  assert.deepEqual(host(host('ws-333-v6').ip), host('ws-333-v6'))
  assert.equal(host('2a0e::1').outside, true)
})

test('what would have been written in a lost span is missing, and nothing else is', () => {
  const story = stories.get('logs-of-an-hour-are-lost')
  assert.ok(story !== undefined)
  const whole = play({ ...story, lost: [] })
  const [fromUs, toUs] = [story.startMs * 1000 + 50 * 60e6, story.startMs * 1000 + 110 * 60e6]
  const isLost = (us: number) => us >= fromUs && us < toUs
  assert.ok(whole.connections.some(({ endUs }) => isLost(endUs)))
  const wire = play(story)
  assert.deepEqual(
    wire.connections,
    whole.connections.filter(({ endUs }) => !isLost(endUs)),
  )
  assert.deepEqual(
    wire.messages,
    whole.messages.filter(({ writtenUs }) => !isLost(writtenUs)),
  )
})
