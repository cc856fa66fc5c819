/** Holds together what a detector is in several places: its file, its test, the registry, its evidence and its row. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { detectors, evidenceTypeNamed, evidenceTypes } from '@weir/processors'
import { techniques } from '@weir/schemas'
import { readTexts, sourcesOf } from './checkout.ts'
import { detectorFaults, detectorFiles, ids } from './detector-list.ts'
import { staleReadmes } from './docs.ts'

const texts = readTexts()
const files = detectorFiles(sourcesOf(texts))

describe('the list of detectors', () => {
  test('every detector file is in the registry under its own name, once, in order', () => {
    assert.deepEqual(
      detectors.map(({ id }) => id),
      files.map(({ id }) => id).sort(),
    )
  })

  test('the registry itself is written in order', () => {
    const list = ids(texts.get('processors/detectors/registry.ts') ?? '')
    assert.ok(list.length > 0)
    assert.deepEqual(list, [...list].sort())
  })

  for (const { id, path, exported } of files) {
    test(`${id} has a file, an export and a test of its name`, () => {
      assert.equal(path, `processors/detectors/${id}.ts`)
      assert.equal(
        exported,
        id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      )
      assert.match(
        texts.get(`processors/detectors/${id}.test.ts`) ?? '',
        new RegExp(`testDetector\\(\\s*${exported}\\b`),
      )
    })
  }
})

describe('what a detector says of itself', () => {
  for (const detector of detectors) {
    test(`${detector.id} is described in full`, () => {
      assert.deepEqual(detectorFaults(detector, { techniques, evidenceTypes }), [])
    })
  }

  test('no evidence type stands in the list twice, under one spelling or another', () => {
    const folded = evidenceTypes.map((type) => type.replaceAll('_', ''))
    assert.equal(new Set(folded).size, evidenceTypes.length)
    for (const type of evidenceTypes)
      assert.equal(evidenceTypeNamed(type.toLowerCase().replaceAll('_', '-')), type)
    assert.deepEqual(evidenceTypes, [...evidenceTypes].sort())
  })

  test('every evidence type is one that a detector can raise', () => {
    const raised = new Set<string>(detectors.flatMap(({ types }) => types))
    assert.deepEqual(
      evidenceTypes.filter((type) => !raised.has(type)),
      [],
    )
  })

  test('no two detectors make the same claim or answer to the same line of the specification', () => {
    for (const field of ['claim', 'spec', 'id'] as const) {
      const said = detectors.map((detector) => detector[field])
      assert.equal(new Set(said).size, said.length, field)
    }
  })
})

test('the tables of the READMEs are what the code says', () => {
  assert.deepEqual(
    staleReadmes(texts).map(({ readme, why }) => `${readme}: ${why}`),
    [],
  )
})
