import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Detector } from '@weir/processors'
import { defineDetector } from '../../processors/detectors/detector.ts'
import { bySource } from '../../processors/keys.ts'
import { detectorFaults, detectorFiles, ids } from './detector-list.ts'
import { sourceFile } from './source-file.ts'

const known = { techniques: new Map([['T1046', {}]]), evidenceTypes: ['PORT_0_CONNECTION'] }

const good: Detector = defineDetector({
  id: 'a-scan',
  version: 1,
  claim: 'A host scans.',
  spec: 'SCAN-01',
  types: ['PORT_0_CONNECTION'],
  level: 'low',
  techniques: ['T1046'],
  misfires: 'Scanners of the house.',
  key: bySource,
  settings: {
    hosts: {
      kind: 'count',
      default: 5,
      says: 'Hosts at which it is said.',
      most: null,
      parse: (value) => ({ value }),
    },
  },
  on: { conn: () => undefined },
})

describe('what a detector says of itself', () => {
  test('a full description has no faults', () => assert.deepEqual(detectorFaults(good, known), []))

  const bad: readonly (readonly [change: Partial<Detector>, fault: RegExp])[] = [
    [{ id: 'aScan' }, /kebab/],
    [{ claim: 'scan' }, /claim/],
    [{ misfires: '' }, /misfires/],
    [{ spec: 'scan' }, /spec/],
    [{ version: 0 }, /version/],
    [{ techniques: ['T9999'] }, /T9999/],
    [{ types: ['ARP_SCAN'] }, /ARP_SCAN/],
    [
      {
        settings: {
          hosts: { kind: 'count', default: 5, says: '', most: null, parse: (value) => ({ value }) },
        },
      },
      /no sentence/,
    ],
    [
      {
        settings: {
          hosts: { kind: 'count', default: 5, says: 'A b.', most: null, parse: () => ({ wrong: 'is bad' }) },
        },
      },
      /is bad/,
    ],
    [{ onTimer: () => undefined }, /onTimer/],
    [{ onWindowClose: () => undefined }, /onWindowClose/],
    [
      { state: { scope: 'host', version: 1, maxBytes: Number.POSITIVE_INFINITY, empty: () => ({}) } },
      /maxBytes/,
    ],
  ]
  for (const [change, fault] of bad) {
    test(`a fault is found in ${Object.keys(change).join()}: ${fault.source}`, () => {
      assert.match(detectorFaults({ ...good, ...change }, known).join('\n'), fault)
    })
  }
})

test('a detector file is known by what it defines, whatever its name', () => {
  const text = "export const aScan = defineDetector({\n  id: 'a-scan',\n})"
  assert.deepEqual(detectorFiles([sourceFile('processors/detectors/other.ts', text)]), [
    { id: 'a-scan', path: 'processors/detectors/other.ts', exported: 'aScan' },
  ])
  assert.deepEqual(detectorFiles([sourceFile('processors/detectors/other.test.ts', text)]), [])
  assert.deepEqual(detectorFiles([sourceFile('processors/stats/other.ts', text)]), [])
})

test('the order of a registry is that of its list', () => {
  const text =
    "import { a } from './a.ts'\nexport const detectors: readonly Detector[] = [\n  portZero,\n  nonTlsPort443,\n]\n"
  assert.deepEqual(ids(text), ['port-zero', 'non-tls-port-443'])
})
