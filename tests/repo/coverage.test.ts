import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { detectors, evidenceTypes } from '@weir/processors'
import { sensors } from '../generate/scenario.ts'
import { goldenOf, saysInGolden, storiesOf, whyNot } from './coverage.ts'

describe('each detector is seen to fire', () => {
  for (const detector of detectors) {
    test(`${detector.id}: in a story of every sensor that can feed it`, () => {
      const able = sensors.filter((sensor) => whyNot(detector, sensor) === null)
      assert.notDeepEqual(able, [], 'no sensor can feed it')
      assert.deepEqual(
        able.filter((sensor) => storiesOf(detector.id, sensor).length === 0),
        [],
        'sensors that tell no story in which it fires',
      )
      if (able.includes('zeek')) {
        const golden = goldenOf(detector.id)
        assert.ok(
          storiesOf(detector.id, 'zeek').some((name) => golden.includes(name)),
          'no golden evidence of it',
        )
      }
    })
  }
})

test('each type of evidence is said by a detector, and stands in the golden evidence of a story that Zeek can tell', () => {
  assert.deepEqual(
    evidenceTypes.filter((type) => !detectors.some(({ types }) => types.includes(type))),
    [],
    'no detector says them',
  )
  assert.deepEqual(
    evidenceTypes.filter(
      (type) =>
        !saysInGolden(type) &&
        detectors.some((detector) => detector.types.includes(type) && whyNot(detector, 'zeek') === null),
    ),
    [],
    'no story shows them',
  )
})
