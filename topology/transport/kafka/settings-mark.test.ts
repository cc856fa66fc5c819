import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  compareSettings,
  countSettings,
  hasHeard,
  parseSettingsCounts,
  parseSettingsMark,
} from './settings-mark.ts'

const own = { detectors: 'a', window: '1' }

describe('the settings of members', () => {
  test('are alike whatever the order they are said in', () => {
    const counts = countSettings([own, { window: '1', detectors: 'a' }], own)
    assert.deepEqual(compareSettings(counts, own), { members: 2, others: 0, differing: [] })
  })

  test('that differ are counted, and named by setting, those that only one has among them', () => {
    const counts = countSettings([own, { ...own, detectors: 'b' }, { ...own, intel: 'c' }, own], own)
    const news = compareSettings(counts, own)
    assert.deepEqual(news, { members: 4, others: 2, differing: ['detectors', 'intel'] })
  })

  test('of a member that says nothing of them are no others', () => {
    assert.deepEqual(compareSettings(countSettings([own, {}], own), own), {
      members: 1,
      others: 0,
      differing: [],
    })
  })

  test('come through JSON as they were, and anything else does not', () => {
    const counts = countSettings([own, own], own)
    assert.deepEqual(parseSettingsCounts(JSON.parse(JSON.stringify(counts))), counts)
    assert.equal(parseSettingsCounts({}), null)
    assert.deepEqual(parseSettingsCounts([[own, '2'], 7, [{ a: 1 }, 1]]), [])
    assert.equal(parseSettingsMark({ a: 1 }), null)
  })

  test('have been heard only where what the member has said is what it has, whoever else has it', () => {
    const marks = [{ window: '2' }, own, own]
    assert.equal(hasHeard(countSettings(marks, own), own), true)
    assert.equal(hasHeard(countSettings(marks, { window: '2' }), own), false)
    assert.equal(hasHeard([], own), false)
  })
})
