import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { scenario as greTunnel } from '../scenarios/gre-tunnel-to-the-outside/scenario.ts'
import { labels } from './labels.ts'
import { logLines, writeLogs } from './logs.ts'
import { play } from './play.ts'
import { sensors, withoutAttack } from './scenario.ts'
import type { Wire } from './wire.ts'

const wire = play(attackHour)

function all(of: Wire): string {
  return sensors
    .map((sensor) => [...logLines(of, sensor)].map(([name, lines]) => `${name}\n${lines.join('\n')}`))
    .join('\n')
}

function rows(lines: readonly string[] | undefined): string[][] {
  return (lines ?? []).filter((line) => !line.startsWith('#')).map((line) => line.split('\t'))
}

test('one seed gives the same bytes twice, another seed other bytes', () => {
  assert.equal(all(play(attackHour)), all(wire))
  assert.notEqual(all(play(attackHour, attackHour.seed + 1)), all(wire))
})

test('the four sensors tell of the same connections', () => {
  const zeek = rows(logLines(wire, 'zeek').get('conn.log')).length
  const binetflow = logLines(wire, 'argus').get('argus.binetflow') ?? []
  const argus = binetflow.filter((line) => !line.includes(',arp,')).length - 1
  const flows = (logLines(wire, 'suricata').get('eve.json') ?? []).filter((line) =>
    line.includes('"event_type":"flow"'),
  )
  // A header before, and three lines of sums behind.
  const nfdump = (logLines(wire, 'nfdump').get('nfdump.csv') ?? []).length - 4
  assert.ok(zeek > 5000)
  assert.deepEqual([argus, flows.length, nfdump], [zeek, zeek, zeek])
})

test('every Zeek line has the columns its header names, and values of their types', () => {
  const shapes: Record<string, RegExp> = {
    time: /^\d{10}\.\d{6}$/,
    interval: /^\d+\.\d{6}$/,
    count: /^\d+$/,
    port: /^\d+$/,
    bool: /^[TF]$/,
    addr: /^\d+\.\d+\.\d+\.\d+$/,
    string: /^[^\t]+$/,
    enum: /^[A-Za-z_:]+$/,
  }
  for (const story of [wire, play(greTunnel)]) {
    for (const [name, lines] of logLines(story, 'zeek')) {
      const header = (key: string) =>
        lines
          .find((line) => line.startsWith(key))
          ?.split('\t')
          .slice(1) ?? []
      const fields = header('#fields')
      const types = header('#types')
      assert.equal(header('#path')[0], name.replace('.log', ''))
      assert.equal(types.length, fields.length)
      for (const row of rows(lines)) {
        assert.equal(row.length, fields.length, `${name}: ${row.join(' ')}`)
        for (const [index, value] of row.entries()) {
          const type = types[index] ?? ''
          const shape = shapes[type]
          if (shape === undefined) assert.match(type, /^(set|vector)\[/)
          else if (value !== '-') assert.match(value, shape, `${name} ${fields[index]}`)
        }
      }
    }
  }
})

test('Zeek JSON holds what Zeek TSV holds', () => {
  const tsv = logLines(wire, 'zeek')
  const json = logLines(wire, 'zeek', { format: 'json' })
  assert.deepEqual([...json.keys()], [...tsv.keys()])
  for (const [name, lines] of json) {
    const fields =
      tsv
        .get(name)
        ?.find((line) => line.startsWith('#fields'))
        ?.split('\t')
        .slice(1) ?? []
    const same = rows(tsv.get(name))
    assert.equal(lines.length, same.length)
    for (const [index, line] of lines.entries()) {
      const record: Record<string, unknown> = JSON.parse(line)
      const set = fields.filter((_, column) => same[index]?.[column] !== '-')
      assert.deepEqual(Object.keys(record), set)
      assert.equal(Number(record.ts).toFixed(6), same[index]?.[0])
    }
  }
})

test('every Argus row has the sixteen columns and totals that hold its sides', () => {
  const [header, ...lines] = logLines(wire, 'argus').get('argus.binetflow') ?? []
  assert.equal(header?.split(',').length, 16)
  for (const line of lines) {
    const row = line.split(',')
    assert.equal(row.length, 16, line)
    assert.match(row[0] ?? '', /^2024\/05\/13 \d\d:\d\d:\d\d\.\d{6}$/)
    assert.match(row[8] ?? '', /^(CON|INT|ECO|S_|S_RA|F?SR?P?A_F?SR?P?A)$/)
    assert.ok(Number(row[11]) >= Number(row[14]))
    assert.ok(Number(row[12]) >= Number(row[13]))
  }
})

test('every EVE line is an event with a time, and every flow has a number of its own', () => {
  const flows = new Set<number>()
  for (const line of logLines(wire, 'suricata').get('eve.json') ?? []) {
    const event: { timestamp: string; event_type: string; flow_id: number; src_ip: string } = JSON.parse(line)
    assert.match(event.timestamp, /^2024-05-13T\d\d:\d\d:\d\d\.\d{6}\+0000$/)
    if (event.event_type !== 'flow') continue
    assert.ok(Number.isSafeInteger(event.flow_id) && !flows.has(event.flow_id))
    flows.add(event.flow_id)
    assert.notEqual(event.src_ip, '')
  }
})

test('all times stay within the story, and connections are logged in order of their end', () => {
  for (const conn of wire.connections) {
    assert.ok(conn.startUs >= wire.startUs && conn.startUs <= conn.endUs && conn.endUs <= wire.endUs)
  }
  for (const message of wire.messages) {
    assert.ok(
      message.atUs >= wire.startUs && message.atUs <= message.writtenUs && message.writtenUs <= wire.endUs,
    )
  }
  const ends = rows(logLines(wire, 'zeek').get('conn.log')).map(
    (row) => Math.round(Number(row[0]) * 1e6) + (row[8] === '-' ? 0 : Math.round(Number(row[8]) * 1e6)),
  )
  for (let i = 1; i < ends.length; i++) assert.ok((ends[i] ?? 0) >= (ends[i - 1] ?? 0))
})

test('taking the attack away leaves the ordinary traffic as it was', () => {
  const quiet = play(withoutAttack(attackHour))
  const benign = wire.connections.filter((conn) => conn.truth.label === 'Benign')
  assert.ok(benign.length < wire.connections.length)
  assert.deepEqual(quiet.connections, benign)
})

test('labels and the labelled logs agree on every connection', () => {
  const truth = new Map(labels(wire).map((row) => [row.uid, row]))
  const lines = logLines(wire, 'zeek', { labelled: true }).get('conn.log.labeled')
  assert.ok(lines?.find((line) => line.startsWith('#fields'))?.endsWith('label\tdetailedlabel'))
  for (const row of rows(lines)) {
    const { label, detail } = truth.get(row[1] ?? '') ?? {}
    assert.deepEqual(row.slice(-2), [label, detail])
  }
  assert.equal(truth.size, wire.connections.length)
})

test('rotated archives are hourly, compressed, and lose no line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-generate-'))
  try {
    const office = play({ ...attackHour, lastsMs: 2 * attackHour.lastsMs })
    const paths = writeLogs(office, folder, { sensor: 'zeek', rotate: true }).filter((path) =>
      basename(path).startsWith('conn.'),
    )
    assert.deepEqual(
      paths.map((path) => basename(path)),
      ['conn.08:00:00-09:00:00.log.gz', 'conn.09:00:00-10:00:00.log.gz'],
    )
    const archived = paths.flatMap((path) =>
      rows(gunzipSync(readFileSync(path)).toString().trimEnd().split('\n')),
    )
    assert.deepEqual(archived, rows(logLines(office, 'zeek').get('conn.log')))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
