import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commonNameOf, namesHost } from './certificate-name.ts'

test('the common name is found wherever it stands', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['CN=*.Example.com,O=Example\\, Inc,C=US', '*.example.com'],
    ['C=US,O=Example,CN=www.example.com', 'www.example.com'],
    ['O=Example, CN=a.example', 'a.example'],
    ['O=CN=none', ''],
    ['O=Example', ''],
    ['', ''],
  ]
  for (const [subject, name] of rows) assert.equal(commonNameOf(subject), name, subject)
})

test('a star stands for one label, and only as the first', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['a.example.com', 'a.example.com', true],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', 'example.com', false],
    ['a.example.com', 'a.example.com.evil.net', false],
    ['a*.example.com', 'ab.example.com', false],
    ['*', 'example', false],
    ['', 'a.example.com', false],
  ]
  for (const [certified, host, expected] of rows)
    assert.equal(namesHost(certified, host), expected, `${certified} ${host}`)
})
