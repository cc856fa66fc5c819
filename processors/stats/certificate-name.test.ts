import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commonNameOf, isSelfSigned, namesHost, organisationOf } from './certificate-name.ts'

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

test('the organisation is found with the comma in its name', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['CN=a,O=Example\\, Inc.,C=US', 'Example, Inc.'],
    ['O=Example Ltd', 'Example Ltd'],
    ['CN=a,OU=Example', ''],
    ['', ''],
  ]
  for (const [subject, name] of rows) assert.equal(organisationOf(subject), name, subject)
})

test('the word of the sensor counts more than the two names', () => {
  assert.equal(isSelfSigned('self signed certificate', '', ''), 'itself')
  assert.equal(isSelfSigned('self-signed certificate in certificate chain', 'CN=a', 'CN=a'), 'in its chain')
  assert.equal(isSelfSigned('ok', 'CN=a', 'CN=a'), 'no')
  assert.equal(isSelfSigned('', 'CN=a', 'CN=a'), 'itself')
  assert.equal(isSelfSigned('', 'CN=a', 'CN=b'), 'no')
  assert.equal(isSelfSigned('', '', ''), 'no')
})
