import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublishedShape, isPublishingName } from './txt-shapes.ts'

test('records that are published for anyone are known by how they begin', () => {
  for (const text of [
    'v=spf1 -all',
    'V=DMARC1; p=none',
    ' p=MIIBIjANBg',
    'adobe-idp-site-verification=ab12',
    '_globalsign-domain-verification=x',
    'MS=ms1234',
  ]) {
    assert.ok(isPublishedShape(text), text)
  }
  for (const text of ['302f017537c68f5169', 'verification', 'xp=1', 'a b-verification=1'])
    assert.ok(!isPublishedShape(text), text)
})

test('names under which keys are published are known by a whole label', () => {
  assert.ok(isPublishingName('s1._domainkey.example.com'))
  assert.ok(isPublishingName('_acme-challenge.example.com'))
  assert.ok(!isPublishingName('x_domainkey.example.com'))
})
