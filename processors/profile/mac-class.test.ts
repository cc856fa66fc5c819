import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeviceMac } from './mac-class.ts'

test('a MAC is of one machine unless it is of none, of a group, or handed from router to router', () => {
  for (const mac of ['00:14:22:12:50:cc', '02:00:00:00:00:09', '00:00:0c:12:34:56', 'fe:ff:ff:ff:ff:ff'])
    assert.ok(isDeviceMac(mac), mac)
  for (const mac of [
    '',
    '00:00:00:00:00:00',
    'ff:ff:ff:ff:ff:ff',
    '01:00:5e:00:00:fb',
    '33:33:00:00:00:01',
    '00:00:5e:00:01:0a',
    '00:00:5e:00:02:0a',
    '00:00:0c:07:ac:01',
    '00:00:0c:9f:f0:01',
    '00:14:22:12:50',
  ]) {
    assert.ok(!isDeviceMac(mac), mac)
  }
})
