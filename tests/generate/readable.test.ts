import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parserOf } from '../../edge-agent/parsers/registry.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { scenario as tunnel } from '../scenarios/gre-tunnel-to-the-outside/scenario.ts'
import { scenario as ownProtocol } from '../scenarios/own-protocol-on-port-443/scenario.ts'
import { greFlows } from './gre-flows.ts'
import { type LogOptions, logLines } from './logs.ts'
import { play } from './play.ts'
import { type Sensor, sensors } from './scenario.ts'
import type { Wire } from './wire.ts'

type Read = {
  readonly kinds: Map<string, number>
  readonly established: number
  readonly rejected: Map<string, number>
}

function read(wire: Wire, sensor: Sensor, options: LogOptions = {}): Read {
  const kinds = new Map<string, number>()
  const rejected = new Map<string, number>()
  let established = 0
  const count = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
  for (const [fileName, lines] of logLines(wire, sensor, options)) {
    const parser = parserOf(sensor === 'nfdump' ? 'nfdump-csv' : sensor).open({
      site: 'office',
      timezoneMinutes: 0,
      fileName,
    })
    for (const [index, line] of lines.entries()) {
      const parsed = parser.line(line, index + 1)
      if (parsed.kind === 'skip') continue
      if (parsed.kind === 'reject') {
        count(rejected, `${fileName}: ${parsed.reason}`)
        continue
      }
      for (const record of parsed.kind === 'several' ? parsed.records : [parsed]) {
        count(kinds, record.kind)
        if (record.kind === 'conn' && record.established === true) established++
      }
    }
  }
  return { kinds, established, rejected }
}

for (const [name, scenario] of Object.entries({ attackHour, tunnel, ownProtocol })) {
  const wire = play(scenario)
  // ICMP is left out: what established means for it, sensors and parsers say differently.
  const reached = wire.connections.filter(
    (conn) => conn.proto !== 'icmp' && !['unanswered', 'rejected'].includes(conn.outcome),
  ).length
  const icmp = wire.connections.filter((conn) => conn.proto === 'icmp').length

  for (const sensor of sensors) {
    test(`the parsers read every line of ${sensor} of ${name}, and what was established`, () => {
      const { kinds, established, rejected } = read(wire, sensor)
      assert.deepEqual([...rejected], [])
      // Zeek tells of a tunnel by its opening.
      const tunnels = sensor === 'zeek' ? 0 : greFlows(wire).length
      assert.equal(kinds.get('conn'), wire.connections.length + tunnels)
      const unsure = icmp + tunnels
      assert.ok(established >= reached && established <= reached + unsure, `${established} of ${reached}`)
    })
  }

  test(`the parsers read the same records from Zeek JSON and Zeek TSV of ${name}`, () => {
    const json = read(wire, 'zeek', { format: 'json' })
    assert.deepEqual([...json.rejected], [])
    assert.deepEqual(json, read(wire, 'zeek'))
  })
}
