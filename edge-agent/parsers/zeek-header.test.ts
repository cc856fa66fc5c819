import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ZeekHeader } from './zeek-header.ts'

function headerOf(...lines: string[]): ZeekHeader {
  const header = new ZeekHeader()
  for (const line of lines) header.take(line)
  return header
}

test('every mark of the header holds for what follows it', () => {
  const header = headerOf(
    '#separator \\x7c\\x7c',
    '#set_separator||;',
    '#empty_field||EMPTY',
    '#unset_field||NOT-SET',
    '#path||conn',
    '#fields||ts||id.orig_h',
    '#types||time||addr',
  )
  assert.equal(header.separator, '||')
  assert.equal(header.setSeparator, ';')
  assert.equal(header.empty, 'EMPTY')
  assert.equal(header.unset, 'NOT-SET')
  assert.equal(header.path, 'conn')
  assert.deepEqual(header.columns, ['ts', 'id.orig_h'])
  assert.deepEqual(header.types, ['time', 'addr'])
})

test('a new separator line forgets all that was said before it', () => {
  const header = headerOf('#separator |', '#unset_field|NONE', '#path|conn', '#fields|ts', '#separator \\x09')
  assert.deepEqual({ ...header }, { ...new ZeekHeader() })
})

test('new fields forget the types of the old ones', () => {
  assert.deepEqual(headerOf('#fields\tts', '#types\ttime', '#fields\tuid\tts').types, [])
})

test('names joined by blanks are names of their own', () => {
  const header = headerOf('#fields\tts\ttunnel_parents   label   detailed-label')
  assert.deepEqual(header.columns, ['ts', 'tunnel_parents', 'label', 'detailed-label'])
  assert.equal(header.joinedTail, true)
  assert.equal(headerOf('#fields\tts\tuid').joinedTail, false)
})

test('a line end of Windows is no part of the header', () => {
  const header = headerOf('#separator \\x09\r', '#unset_field\t-\r', '#path\tdns\r', '#fields\tts\tuid\r')
  assert.equal(header.separator, '\t')
  assert.equal(header.unset, '-')
  assert.equal(header.path, 'dns')
  assert.deepEqual(header.columns, ['ts', 'uid'])
})

test('what cannot be a header is told from what is none', () => {
  const header = new ZeekHeader()
  assert.equal(header.take('#fields'), 'bad-header')
  assert.equal(header.take('#fields\tts\t\tuid'), 'bad-header')
  assert.deepEqual(header.columns, [])
  assert.equal(header.take('#fieldsets are nice'), 'comment')
  assert.equal(header.take('#'), 'comment')
  assert.equal(header.take('#close'), 'header')
})
