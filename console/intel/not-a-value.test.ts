import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notAValue } from './not-a-value.ts'

test('why a value cannot be listed is said of each in words', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['evil.example', /'evil\.example' cannot be listed: it ends in no public suffix/],
    ['co.uk', /it is a public suffix: names below it/],
    ['printer.local', /it is a local name$/],
    ['10.0.0.1', /it is not a public address$/],
    ['44.0.0.0/2', /it is (?:not a public|too wide a) range$/],
    ['d41d8cd98f00b204e9800998ecf8427e', /it is the hash of an empty file$/],
    ['no value', /it is no address, name, URL, hash or AS number$/],
  ]
  for (const [text, why] of cases) assert.match(notAValue(text, 'intel explain').message, why)
})
