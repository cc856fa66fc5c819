import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assign, assignStandbys, withoutForeign } from './assign.ts'

const subscriptions = [
  { topics: ['a'], partitions: 4, stores: ['s'] },
  { topics: ['b'], partitions: 2 },
]
const task = (subscription: number, partition: number, progress = 0) => ({
  subscription,
  partition,
  progress,
})
const plain = (result: ReadonlyMap<string, readonly { subscription: number; partition: number }[]>) =>
  Object.fromEntries(
    [...result].map(([member, tasks]) => [
      member,
      tasks.map(({ subscription, partition }) => `${subscription}/${partition}`),
    ]),
  )

test('every task has one member, and shares of a subscription differ by one at most, also where one had all', () => {
  const all = [0, 1].flatMap((of) => [0, 1, 2, 3].map((partition) => task(of, partition)))
  for (const had of [[], [task(0, 0), task(0, 1), task(0, 2), task(1, 1)], all]) {
    for (let count = 1; count <= 8; count += 1) {
      const members = Array.from({ length: count }, (_, n) => `m${n}`)
      const held = new Map([['m0', [task(0, 3, 5)]]])
      const spread = assign(subscriptions, members, new Map([['m0', had]]), held)
      assert.equal(new Set(Object.values(plain(spread)).flat()).size, 6)
      for (const subscription of [0, 1]) {
        const sizes = [...spread.values()].map(
          (of) => of.filter((each) => each.subscription === subscription).length,
        )
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${subscription}: ${sizes}`)
      }
      assert.deepEqual(
        plain(assign(subscriptions, members, spread, held)),
        plain(spread),
        'it stays as it is',
      )
    }
  }
})

test('members keep what they have', () => {
  const before = new Map([
    ['a', [task(0, 0), task(0, 2), task(1, 0)]],
    ['b', [task(0, 1), task(0, 3), task(1, 1)]],
  ])
  assert.deepEqual(plain(assign(subscriptions, ['a', 'b'], before)), {
    a: ['0/0', '0/2', '1/0'],
    b: ['0/1', '0/3', '1/1'],
  })
})

test('whoever comes back with state gets it back, and the best copy wins', () => {
  const before = new Map([['a', [task(0, 0), task(0, 1), task(0, 2), task(0, 3), task(1, 0), task(1, 1)]]])
  const held = new Map([['b', [task(0, 0, 9), task(0, 1, 9)]]])
  const { a, b } = plain(assign(subscriptions, ['a', 'b'], before, held))
  assert.deepEqual(b?.slice(0, 2), ['0/0', '0/1'])
  assert.equal(a?.length, 3)
  const best = new Map([
    ['x', [task(0, 3, 1)]],
    ['y', [task(0, 3, 2)]],
  ])
  assert.ok(plain(assign(subscriptions, ['x', 'y'], new Map(), best)).y?.includes('0/3'))
})

test('standbys are kept by others than the owner, where a copy is, and only of tasks with state', () => {
  const owned = new Map([
    ['a', [task(0, 0), task(0, 1), task(1, 0)]],
    ['b', [task(0, 2), task(0, 3), task(1, 1)]],
  ])
  const held = new Map([
    ['a', []],
    ['b', []],
    ['c', [task(0, 3, 1)]],
  ])
  const one = plain(assignStandbys(subscriptions, owned, held, 1))
  assert.ok(one.c?.includes('0/3'))
  assert.deepEqual(Object.values(one).flat().sort(), ['0/0', '0/1', '0/2', '0/3'])
  for (const name of one.a ?? []) assert.ok(name !== '0/0' && name !== '0/1')
  const two = plain(assignStandbys(subscriptions, owned, held, 2))
  assert.equal(Object.values(two).flat().length, 8)
  // Where there are too few members, there are as many copies as others.
  assert.equal(Object.values(plain(assignStandbys(subscriptions, owned, held, 9))).flat().length, 8)
})

test('nothing is given out that another has, and once that is given up nobody loses anything more', () => {
  const tasks = [task(0, 0), task(0, 1), task(0, 2), task(0, 3), task(1, 0), task(1, 1)]
  const held = new Map([['a', tasks.map((each) => ({ ...each, progress: 9 }))]])
  for (const first of ['a', 'z']) {
    for (let joining = 1; joining <= 6; joining += 1) {
      const members = [first, ...Array.from({ length: joining }, (_, n) => `m${n}`)]
      const before = new Map([[first, tasks]])
      const given = withoutForeign(assign(subscriptions, members, before, held), before)
      for (const member of members.slice(1)) assert.deepEqual(given.get(member), [])
      const wanted = assign(subscriptions, members, given, held)
      assert.deepEqual(withoutForeign(wanted, given), wanted)
      assert.deepEqual(wanted.get(first), given.get(first))
      assert.equal(Object.values(plain(wanted)).flat().length, tasks.length)
    }
  }
})
