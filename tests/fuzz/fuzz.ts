/**
 * Throws damaged input at everything that reads bytes from outside, and stops at the first promise that is broken:
 *
 *     node tests/fuzz/fuzz.ts --seconds 60 [--seed N] [--target name]
 *     node tests/fuzz/fuzz.ts --replay file --target name
 *
 * The seed is printed first. A failure writes its input to a file, says how to replay it, and ends with status 1.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { codecTarget } from './codec-target.ts'
import { feedTarget } from './feed-target.ts'
import { mutate } from './mutate.ts'
import { parserTarget } from './parser-target.ts'
import { Random } from './random.ts'
import { readingTarget } from './reading-target.ts'
import {
  argusSeeds,
  nfdumpCsvSeeds,
  nfdumpTextSeeds,
  suricataSeeds,
  testdataOf,
  zeekJsonSeeds,
  zeekTsvSeeds,
} from './seeds.ts'
import type { Target } from './target.ts'
import { whitelistTarget } from './whitelist-target.ts'

/** A judgement: inputs are at most 512 KiB, and nothing of one may stay when the next one comes. */
const mostMemoryBytes = 1024 ** 3

const of = (kind: string) => testdataOf((path) => path.includes(`/${kind}/`))
const isJson = (path: string) => path.includes('/zeek/') && path.includes('json')

const targets: readonly Target[] = [
  parserTarget('zeek-tsv', 'zeek', [
    ...zeekTsvSeeds,
    ...testdataOf((path) => path.includes('/zeek/') && !isJson(path)),
  ]),
  parserTarget('zeek-json', 'zeek', [...zeekJsonSeeds, ...testdataOf(isJson)]),
  parserTarget('argus', 'argus', [...argusSeeds, ...of('argus')]),
  parserTarget('suricata', 'suricata', [...suricataSeeds, ...of('suricata')]),
  parserTarget('nfdump-csv', 'nfdump-csv', [...nfdumpCsvSeeds, ...of('nfdump-csv')]),
  parserTarget('nfdump-text', 'nfdump-text', [...nfdumpTextSeeds, ...of('nfdump-text')]),
  readingTarget,
  codecTarget,
  feedTarget,
  whitelistTarget,
]

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    target: { type: 'string' },
    replay: { type: 'string' },
  },
})

const chosen = targets.filter((target) => values.target === undefined || target.name === values.target)
const seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed)
const seconds = Number(values.seconds)

if (chosen.length === 0 || !Number.isSafeInteger(seed) || !(seconds > 0)) {
  console.error(
    `--target is one of ${targets.map((target) => target.name).join(', ')}; --seed and --seconds are numbers`,
  )
  process.exitCode = 2
} else if (values.replay === undefined) await fuzz()
else for (const target of chosen) await target.check(readFileSync(values.replay))

async function fuzz(): Promise<void> {
  console.log(`seed ${seed}`)
  const random = new Random(seed)
  const counts = new Map(chosen.map((target) => [target, 0]))
  // The seeds themselves must pass, else nothing that is found means anything.
  for (const target of chosen) for (const input of target.seeds) if (!(await passes(target, input))) return
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    for (const target of chosen) {
      if (!(await passes(target, mutate(target.seeds, random)))) return
      counts.set(target, (counts.get(target) ?? 0) + 1)
    }
  }
  for (const [target, count] of counts) console.log(`${target.name}: ${count} inputs`)
}

async function passes(target: Target, input: Buffer): Promise<boolean> {
  try {
    await target.check(input)
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    const used = heapUsed + arrayBuffers
    if (used > mostMemoryBytes) throw new Error(`${Math.round(used / 1e6)} MB of memory are in use`)
    return true
  } catch (error) {
    const file = join(tmpdir(), `weir-fuzz-${target.name}-${seed}.input`)
    writeFileSync(file, input)
    console.error(error)
    console.error(
      `${target.name} fails; replay: node tests/fuzz/fuzz.ts --target ${target.name} --replay ${file}`,
    )
    process.exitCode = 1
    return false
  }
}
