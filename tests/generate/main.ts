import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { labels } from './labels.ts'
import { writeLogs } from './logs.ts'
import { play } from './play.ts'
import { type Scenario, type Sensor, sensors } from './scenario.ts'
import { loadStories } from './stories.ts'

const usage = `Writes the logs of a scenario: DIR/zeek/*.log, DIR/argus/argus.binetflow, DIR/suricata/eve.json, DIR/labels.jsonl.

  node tests/generate/main.ts --scenario NAME --out DIR
    [--sensor zeek|argus|suricata|all] [--seed N] [--format tsv|json] [--rotate] [--labelled]
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      out: { type: 'string' },
      sensor: { type: 'string', default: 'all' },
      seed: { type: 'string' },
      format: { type: 'string', default: 'tsv' },
      rotate: { type: 'boolean', default: false },
      labelled: { type: 'boolean', default: false },
    },
  })
  if (values.scenario === undefined || values.out === undefined) throw new Error(usage)
  const format = formatOf(values.format)
  const seed = values.seed === undefined ? undefined : Number(values.seed)
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw new Error('--seed is a whole number')

  const scenario = await load(values.scenario)
  const wire = play(scenario, seed ?? scenario.seed)
  for (const sensor of chosen(values.sensor)) {
    const options = { sensor, format, rotate: values.rotate, labelled: values.labelled }
    for (const path of writeLogs(wire, join(values.out, sensor), options)) console.log(path)
  }
  const truth = labels(wire).map((row) => JSON.stringify(row))
  writeFileSync(join(values.out, 'labels.jsonl'), `${truth.join('\n')}\n`)
  console.log(`${scenario.story} ${wire.connections.length} connections.`)
}

async function load(name: string): Promise<Scenario> {
  const stories = await loadStories()
  const story = stories.get(name)
  if (story === undefined)
    throw new Error(`no scenario ${name}; there are: ${[...stories.keys()].join(', ')}`)
  return story
}

function formatOf(name: string): 'tsv' | 'json' {
  if (name !== 'tsv' && name !== 'json') throw new Error(`--format is tsv or json, not ${name}`)
  return name
}

function chosen(name: string): readonly Sensor[] {
  if (name === 'all') return sensors
  const found = sensors.filter((sensor) => sensor === name)
  if (found.length === 0) throw new Error(`--sensor is one of ${sensors.join(', ')}, all; not ${name}`)
  return found
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
