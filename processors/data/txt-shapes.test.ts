import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublishedShape, isPublishingName } from './txt-shapes.ts'

const key = `MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA${'x7Qf'.repeat(80)}IDAQAB`

test('records that are published for anyone are known by all of them', () => {
  for (const text of [
    'v=spf1 -all',
    'v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.example.com a mx:mail.example.com a:x.example.com/28 ~all',
    'v=spf1 exists:%{i}._spf.example.com redirect=_spf.example.net',
    'spf2.0/pra include:example.com ?all',
    'V=DMARC1; p=none',
    'v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com; pct=100',
    `v=DKIM1; k=rsa; p=${key}`,
    ` p=${key}`,
    'k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    'v=DKIM1; p=',
    'o=~; r=postmaster@example.com',
    'adobe-idp-site-verification=ab12',
    '_globalsign-domain-verification=x',
    'MS=ms12345678',
    'apple-domain=AbCdEf012345',
    'amazonses:qzxIUf0Ws3B1HOH0aVkIBaXFE6S1qGQzSbcIL1ZIm0E=',
  ]) {
    assert.ok(isPublishedShape(text), text)
  }
})

test('a beginning alone makes no published record', () => {
  const order = 'kX9+/aQ2vB7Lm0Zt'.repeat(10)
  for (const text of [
    '302f017537c68f5169',
    'verification',
    'xp=1',
    'a b-verification=1',
    `p=${order}`,
    `ms=${order}`,
    `o=~${order}`,
    `v=spf1${order}`,
    `v=spf1 ${order}`,
    `v=spf1 include:${order}=`,
    `k=rsa; p=${order}`,
    `k=${order}; p=${key}`,
    `v=dmarc1${order}`,
    `docusign=${order}`,
    `a-verification=${order}`,
  ]) {
    assert.ok(!isPublishedShape(text), text)
  }
})

test('names under which keys are published are known by a whole label', () => {
  assert.ok(isPublishingName('s1._domainkey.example.com'))
  assert.ok(isPublishingName('_acme-challenge.example.com'))
  assert.ok(!isPublishingName('x_domainkey.example.com'))
})
