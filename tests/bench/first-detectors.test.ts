import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectors } from '@weir/processors'
import { firstDetectors } from './first-detectors.ts'

test('the first detectors are 24 of those that there are', () => {
  const ids = new Set(detectors.map(({ id }) => id))
  assert.equal(new Set(firstDetectors).size, 24)
  assert.deepEqual(
    firstDetectors.filter((id) => !ids.has(id)),
    [],
  )
})
