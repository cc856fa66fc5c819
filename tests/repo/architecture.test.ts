import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportsOf, readManifests, readTexts, sourcesOf } from './checkout.ts'
import { dependencyFaults } from './dependencies.ts'
import { codeFaults, machinePathFaults, nameFaults, testFaults, untestedFaults } from './habits.ts'
import { circles, importFaults } from './import-rules.ts'
import { onlyInFaults } from './only-in.ts'
import type { Fault } from './source-file.ts'

const texts = readTexts()
const files = sourcesOf(texts)
const manifests = readManifests(texts)
const exports = exportsOf(manifests)

function none(faults: readonly Fault[]): void {
  assert.equal(faults.length, 0, `\n${faults.join('\n')}\n`)
}

test('the checkout is read', () => {
  assert.ok(files.length > 100)
  assert.equal(exports.get('@weir/topology/kit'), 'topology/kit/index.ts')
})

test('every import is one that the tables of who may import whom allow', () =>
  none(importFaults(files, exports)))

test('no imports run in a circle between the folders of the table', () => none(circles(files, exports)))

test('every package.json names what its folder needs and no more', () =>
  none(dependencyFaults(files, manifests, exports)))

test('clocks, chance, the environment and the terminal are used where the table says', () =>
  none(onlyInFaults(files)))

test('no file name is empty of meaning or in another case than kebab', () => none(nameFaults(texts.keys())))

test('no code silences the type checker, exports a default or leaves work for later', () =>
  none(codeFaults(files)))

test('no file names a folder of one machine', () => none(machinePathFaults(texts)))

test('every test asserts something and says what', () => none(testFaults(files)))

test('every detector file beyond a handful of lines has its own test', () =>
  none(
    untestedFaults(files, 'processors/detectors/', 30, {
      'processors/detectors/detector.ts': 'types; the harness of every detector test uses all of it',
      'processors/detectors/registry.ts': 'tests/repo/detectors.test.ts',
      'processors/detectors/unrecognised-service.ts': 'the tests of its two detectors',
    }),
  ))
