import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addContact, emptyContacts, finish, MAX_PER_GROUP } from './contacts.ts'
import { entriesOf, sizeOfMap, valueUnder } from './small-map.ts'
import { sizeOfSet } from './small-set.ts'

test('a thing counts once in its group, its packets every time', () => {
  const contacts = emptyContacts<number>()
  assert.equal(addContact(contacts, 'a', 22, 2, 20, 'C1')?.total, 1)
  assert.equal(addContact(contacts, 'a', 22, 3, 10, 'C2'), undefined)
  const group = addContact(contacts, 'a', 23, 1, 30, 'C3')
  assert.deepEqual(group, {
    seen: [22, 23],
    total: 2,
    packets: 6,
    firstMs: 10,
    passed: 0,
    uids: ['C1', 'C3'],
  })
})

test('a finished group holds nothing and counts no further', () => {
  const contacts = emptyContacts<number>()
  const group = addContact(contacts, 'a', 22, 1, 0, 'C1')
  assert.ok(group)
  finish(contacts, group)
  assert.equal(contacts.held, 0)
  assert.equal(addContact(contacts, 'a', 22, 1, 0, 'C2'), undefined)
  assert.equal(addContact(contacts, 'a', 23, 1, 0, 'C3'), undefined)
  assert.equal(group.total, 1)
})

test('a group with many things outlives any number of groups with one', () => {
  const contacts = emptyContacts<number>()
  for (let port = 0; port < 50; port++) addContact(contacts, 'large', port, 1, 0, 'C')
  for (let i = 0; i < 5_000; i++) addContact(contacts, `small-${i}`, 80, 1, 0, 'C')
  assert.equal(valueUnder(contacts.groups, 'large')?.total, 50)
  assert.ok(sizeOfMap(contacts.groups) <= 1_000)
})

test('what is held is what the groups hold, however many large ones come', () => {
  const contacts = emptyContacts<number>()
  for (let i = 0; i < 30; i++) {
    for (let port = 0; port < 3_000; port++) addContact(contacts, `group-${i}`, port, 1, 0, 'C')
  }
  const held = [...entriesOf(contacts.groups)].reduce((sum, [, { seen }]) => sum + sizeOfSet(seen), 0)
  assert.equal(contacts.held, held)
  assert.ok(held <= 20_000)
})

test('one group stops at its own bound', () => {
  const contacts = emptyContacts<number>()
  for (let port = 0; port < MAX_PER_GROUP + 500; port++) addContact(contacts, 'a', port, 1, 0, 'C')
  assert.equal(valueUnder(contacts.groups, 'a')?.total, MAX_PER_GROUP)
})
