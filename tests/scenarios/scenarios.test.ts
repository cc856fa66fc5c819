import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type CanonicalEvidence, parseAlertLine, parseEvidenceLine } from '@weir/schemas'
import { host } from '../generate/network.ts'
import { play } from '../generate/play.ts'
import { type Scenario, type Sensor, sensors, withoutAttack } from '../generate/scenario.ts'
import { loadStories, storiesFolder } from '../generate/stories.ts'
import type { Wire } from '../generate/wire.ts'
import { analyzeWire } from './analysis.ts'
import { compareWithExpectations, gistOf, isUnseen } from './expectations.ts'

type Read = {
  /** As written. */
  readonly lines: string
  readonly evidence: readonly CanonicalEvidence[]
  readonly alerted: readonly string[]
}

async function analyzed(wire: Wire, sensor: Sensor, scenario: Scenario): Promise<Read> {
  const { indicators, listedLater, asNumbers } = scenario
  const written = await analyzeWire(wire, sensor, { indicators, listedLater, asNumbers })
  const summary: { detectorErrors: unknown; inputs: { path: string; rejected: Record<string, number> }[] } =
    JSON.parse(written.summary)
  assert.deepEqual(summary.detectorErrors, {})
  assert.deepEqual(
    summary.inputs.filter(({ rejected }) => Object.keys(rejected).length > 0),
    [],
  )
  return {
    lines: written.evidence,
    evidence: linesOf(written.evidence).map(parseEvidenceLine),
    alerted: [...new Set(linesOf(written.alerts).map((line) => parseAlertLine(line).profile))].sort(),
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

function gists(scenario: Scenario, sensor: Sensor, evidence: readonly CanonicalEvidence[]): string[] {
  const seen = evidence.filter(({ detector }) => !isUnseen(scenario, sensor, detector))
  return [...new Set(seen.map(gistOf))].sort()
}

for (const [name, scenario] of await loadStories()) {
  test(name, async (t) => {
    const wire = play(scenario)
    const alerts = scenario.alerts.map((who) => host(who).ip).sort()
    const zeek = await analyzed(wire, 'zeek', scenario)

    await t.test('Zeek shows everything that is expected and nothing else of weight', () => {
      assert.deepEqual(compareWithExpectations(scenario, zeek.evidence, 'zeek'), [])
      assert.deepEqual(zeek.alerted, alerts)
    })

    await t.test('the evidence from Zeek is the golden evidence', (golden) => {
      const file = join(storiesFolder, name, 'evidence.golden.jsonl')
      golden.assert.fileSnapshot(zeek.lines, file, { serializers: [(lines: string) => lines] })
    })

    for (const sensor of sensors) {
      if (sensor === 'zeek') continue
      await t.test(`${sensor} shows the same, but for what it cannot see`, async () => {
        const other = await analyzed(wire, sensor, scenario)
        assert.deepEqual(compareWithExpectations(scenario, other.evidence, sensor), [])
        assert.deepEqual(gists(scenario, 'zeek', other.evidence), gists(scenario, sensor, zeek.evidence))
        assert.deepEqual(
          other.alerted.filter((ip) => !alerts.includes(ip)),
          [],
        )
      })
    }

    // A story without an attack is the same without it.
    if (scenario.play.every((actor) => actor.benign)) return
    const calm = withoutAttack(scenario)
    for (const sensor of sensors) {
      await t.test(`without its attack, ${sensor} shows nothing of weight`, async () => {
        const { evidence, alerted } = await analyzed(play(calm), sensor, calm)
        assert.deepEqual(compareWithExpectations(calm, evidence, sensor), [])
        assert.deepEqual(alerted, [])
      })
    }
  })
}
