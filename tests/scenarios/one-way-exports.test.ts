import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareLevels } from '@weir/processors'
import { parseAlertLine, parseEvidenceLine } from '@weir/schemas'
import { host } from '../generate/network.ts'
import { play } from '../generate/play.ts'
import { withoutAttack } from '../generate/scenario.ts'
import { scenario as administrators } from './administrators-log-in/scenario.ts'
import { analyzeWire } from './analysis.ts'
import { scenario as attackHour } from './attack-hour/scenario.ts'
import { scenario as calledEachMinute } from './backdoor-that-calls-each-minute/scenario.ts'
import { compareWithExpectations } from './expectations.ts'
import { scenario as sweep } from './horizontal-scan-of-port-445/scenario.ts'
import { scenario as officeDay } from './office-day/scenario.ts'
import { scenario as portScan } from './vertical-scan-of-a-file-server/scenario.ts'

/** As exporters send flows, each way in a row of its own: nothing came back in any row, and nothing is to be made of that. */
const oneWay = { oneWay: true }

for (const [name, scenario] of Object.entries({ officeDay, administrators, attackHour })) {
  test(`flows of one way each show nothing of weight in the ordinary traffic of ${name}`, async () => {
    const { evidence, alerts } = await analyzeWire(play(withoutAttack(scenario)), 'nfdump', oneWay)
    const weighty = linesOf(evidence)
      .map(parseEvidenceLine)
      .filter(({ level }) => compareLevels(level, 'medium') >= 0)
    assert.deepEqual(
      weighty.map(({ description }) => description),
      [],
    )
    assert.equal(alerts, '')
  })
}

for (const [name, scenario] of Object.entries({ sweep, portScan, calledEachMinute })) {
  test(`flows of one way each show ${name}, and alert on nobody else`, async () => {
    const { evidence, alerts } = await analyzeWire(play(scenario), 'nfdump', oneWay)
    const found = linesOf(evidence).map(parseEvidenceLine)
    assert.deepEqual(compareWithExpectations(scenario, found, 'nfdump'), [])
    const alerted = new Set(linesOf(alerts).map((line) => parseAlertLine(line).profile))
    assert.deepEqual([...alerted].sort(), scenario.alerts.map((who) => host(who).ip).sort())
  })
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
