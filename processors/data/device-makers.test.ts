import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceMaker } from './device-makers.ts'

test('a card has the maker of its prefix, or none that says anything', () => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['a4:83:e7:12:34:56', 'apple'],
    ['3c:5a:b4:00:00:01', 'google'],
    ['28:18:78:aa:bb:cc', 'microsoft'],
    // Hyper-V, Dell, made up by the device itself, nothing.
    ['00:15:5d:01:02:03', null],
    ['00:14:22:01:02:03', null],
    ['02:00:00:00:00:09', null],
    ['a483e7123456', null],
    ['', null],
  ]
  for (const [mac, maker] of rows) assert.equal(deviceMaker(mac), maker, mac)
})
