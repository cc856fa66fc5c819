import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean } from './nearest-name.ts'

test('a name is suggested when it is near, and none when none is', () => {
  const names = ['window', 'grace', 'direction', 'detectors']
  assert.equal(didYouMean('windo', names), ' (did you mean window?)')
  assert.equal(didYouMean('WINDOW', names), ' (did you mean window?)')
  assert.equal(didYouMean('detector', names), ' (did you mean detectors?)')
  for (const given of ['', 'x', 'colour', 'wxyzow', 'a'.repeat(10_000)])
    assert.equal(didYouMean(given, names), '')
})
