import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { IndicatorKind } from '@weir/schemas'
import { isTrustworthy, parseIndicatorValue, urlOfRequest } from './indicator-value.ts'

const md5 = 'b386946a5a44d1ddcc843bc75336dfce'
const sha1 = '8f1d1b0a1b7f0f6f2e64a1e1f8d4c9a5d0b3e712'
const sha256 = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03'

function parsed(text: string, kind: IndicatorKind | null = null): string {
  const result = parseIndicatorValue(text, kind)
  return 'reject' in result ? `no: ${result.reject}` : `${result.kind} ${result.value}`
}

describe('what a value is', () => {
  for (const [text, expected] of [
    [' 93.184.216.34 ', 'ip 93.184.216.34'],
    ['93.184.216.34:4443', 'ip 93.184.216.34'],
    ['93.184.216.34/32', 'ip 93.184.216.34'],
    ['2A00:1450:0:0::0001', 'ip 2a00:1450::1'],
    ['[2a00:1450::1]:443', 'ip 2a00:1450::1'],
    ['::ffff:93.184.216.34', 'ip 93.184.216.34'],
    ['93.184.216.0/23', 'range 93.184.216.0/23'],
    ['45.9.149.0/24 ; SBL1', 'range 45.9.149.0/24'],
    ['45.9.149.9 # a bot', 'ip 45.9.149.9'],
    ['evil.example.com/a\t// seen', 'url evil.example.com/a'],
    ['http://evil.example.com/a#b', 'url evil.example.com/a'],
    ['http://evil.example.com/a b', 'no: not a URL'],
    ['45.9.149.0/24 SBL1', 'no: not a URL'],
    ['44.0.0.0/8', 'range 44.0.0.0/8'],
    ['2a00:1450::/32', 'range 2a00:1450::/32'],
    ['Evil.Example.COM.', 'domain evil.example.com'],
    ['*.evil-files.net', 'domain evil-files.net'],
    ['evil[.]example(.)com', 'domain evil.example.com'],
    ['bücher-evil.com', 'domain xn--bcher-evil-9db.com'],
    ['my-url-profile-type.score.net', 'domain my-url-profile-type.score.net'],
    ['hxxp://Evil[.]com:80/A/b?C=1#top', 'url evil.com/A/b?C=1'],
    ['https://evil.com', 'url evil.com/'],
    ['http://93.184.216.34:8080/bin.sh', 'url 93.184.216.34:8080/bin.sh'],
    ['evil.com/gate.php', 'url evil.com/gate.php'],
    ['AS64496', 'asn AS64496'],
    ['as3', 'asn AS3'],
    [md5.toUpperCase(), `file_md5 ${md5}`],
    [sha1, `file_sha1 ${sha1}`],
    [sha256, `file_sha256 ${sha256}`],
    ['t13d1516h2_8daaf6152771_b186095e22b6', 'ja4 t13d1516h2_8daaf6152771_b186095e22b6'],
    ['2'.repeat(62), `jarm ${'2'.repeat(62)}`],
  ] as const) {
    test(`'${text}' is ${expected}`, () => assert.equal(parsed(text), expected))
  }
})

describe('what is refused', () => {
  for (const [text, reason] of [
    ['', 'empty'],
    ['10.0.0.1', 'not a public address'],
    ['224.0.0.9', 'not a public address'],
    ['http://192.168.1.1/x', 'not a public address'],
    ['192.168.0.0/16', 'not a public range'],
    ['93.184.216.1/23', 'host bits set in a range'],
    ['0.0.0.0/0', 'not a public range'],
    ['64.0.0.0/2', 'too wide a range'],
    ['93.184.216.0/40', 'a range longer than an address'],
    ['co.uk', 'a public suffix'],
    ['github.io', 'a public suffix'],
    ['com', 'of no known kind'],
    ['printer.lan', 'no public suffix'],
    ['4.3.2.1.in-addr.arpa', 'a local name'],
    ['nas.local', 'a local name'],
    ['two words', 'of no known kind'],
    ['2024-05-13', 'of no known kind'],
    ['mailto://someone', 'not a URL'],
    ['93.184.216.34,high,a/b', 'not a URL'],
    ['192.128.0.0/9', 'not a public range'],
    ['172.0.0.0/8', 'not a public range'],
    ['126.0.0.0/7', 'not a public range'],
    ['2001::/16', 'not a public range'],
    ['x'.repeat(5_000), 'too long'],
    ['0'.repeat(62), 'the JARM of a server that answers nothing'],
  ] as const) {
    test(`'${text.slice(0, 40)}': ${reason}`, () => assert.equal(parsed(text), `no: ${reason}`))
  }
})

test('a range around private addresses is not taken from a topic either', () => {
  assert.ok(!isTrustworthy('range', '172.0.0.0/8'))
  assert.ok(isTrustworthy('range', '172.64.0.0/13'))
})

test('a hash is of the kind that was asked for, and colons in it do not matter', () => {
  assert.equal(parsed(md5, 'ja3'), `ja3 ${md5}`)
  assert.equal(parsed(md5, 'ja3s'), `ja3s ${md5}`)
  assert.equal(parsed(sha1.replace(/..(?=.)/g, '$&:'), 'certificate_sha1'), `certificate_sha1 ${sha1}`)
  assert.equal(parsed(md5, 'certificate_sha1'), 'no: not a certificate_sha1 hash')
  assert.equal(parsed('evil.example.com', 'ip'), 'no: not an address')
  assert.equal(parsed('13335', 'asn'), 'asn AS13335')
})

test('a probed server is a public address with its port, in one form', () => {
  assert.equal(parsed('93.184.216.34:0443', 'tls_server'), 'tls_server 93.184.216.34:443')
  assert.equal(parsed('[2A00:1450::0001]:8443', 'tls_server'), 'tls_server [2a00:1450::1]:8443')
  for (const text of [
    '93.184.216.34',
    '93.184.216.34:0',
    '93.184.216.34:65536',
    '2a00:1450::1:443',
    '[93.184.216.34/32]:443',
    '[93.184.216.34:80]:443',
    'evil.example.com:443',
    '10.0.0.1:443',
    '[::1]:443',
  ])
    assert.ok(parsed(text, 'tls_server').startsWith('no: '), text)
  assert.ok(isTrustworthy('tls_server', '93.184.216.34:443'))
  assert.ok(isTrustworthy('tls_server', '[2a00:1450::1]:443'))
  for (const text of ['10.0.0.1:443', '93.184.216.34', '93.184.216.34:0443', '[2a00:1450:0::1]:443'])
    assert.ok(!isTrustworthy('tls_server', text), text)
})

test('the fingerprint of no answer is listed by nobody, also not by a topic', () => {
  assert.equal(parsed('0'.repeat(62), 'jarm'), 'no: the JARM of a server that answers nothing')
  assert.ok(!isTrustworthy('jarm', '0'.repeat(62)))
})

test('a request has the form of a listed URL', () => {
  assert.equal(urlOfRequest('Evil.com', '/A?b', '93.184.216.34', 80), 'evil.com/A?b')
  assert.equal(urlOfRequest('evil.com:80', '/', '93.184.216.34', 80), 'evil.com/')
  assert.equal(urlOfRequest('evil.com:8080', '/x', '93.184.216.34', 8080), 'evil.com:8080/x')
  assert.equal(urlOfRequest('evil.com', '/x', '93.184.216.34', 8080), 'evil.com:8080/x')
  assert.equal(urlOfRequest('', '/x', '93.184.216.34', 8080), '93.184.216.34:8080/x')
  assert.equal(urlOfRequest('', '/x', '2a00:1450::1', 80), '[2a00:1450::1]/x')
  assert.equal(urlOfRequest('', 'http://evil.com/x', '10.0.0.1', 3128), 'evil.com/x')
  assert.equal(urlOfRequest('evil.com', '*', '93.184.216.34', 80), '')
})
