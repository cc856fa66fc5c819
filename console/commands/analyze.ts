import { detectionDefaults } from '@weir/processors'
import type { Summary } from '@weir/schemas'
import { Command } from 'commander'
import { type Analysis, analyze } from '../analyze/analyze.ts'
import { formatDuration } from '../analyze/setting-checks.ts'
import { type AnalyzeOptions, inputKinds, readSettings } from '../analyze/settings.ts'
import { consoleError } from '../errors.ts'
import { printable } from '../report/printable.ts'
import { showProgress } from '../report/progress.ts'
import { report } from '../report/report.ts'
import { styleFor } from '../report/style.ts'
import { columnsOf, type Terminal } from '../terminal.ts'
import { collect } from './collect.ts'
import { enrich, refuseWithoutKeys } from './enrich.ts'

const examples = `
Examples:
  weir analyze /var/log/zeek/2024-03-04             a folder of Zeek logs, rotated and compressed ones too
  weir analyze conn.log dns.log --out findings      single logs
  weir analyze eve.json --json | jq .alerts         Suricata, the summary for a program
  ra -n -c , -r flows.argus | weir analyze -        standard input
  weir analyze logs --home-net 10.0.0.0/8 --home-net fd00::/8
  weir analyze logs --config weir.yaml --whitelist quiet.csv --min-level info

Writes evidence.jsonl, alerts.jsonl, suppressed.jsonl, rejects.jsonl and summary.json into the --out folder.
Exit status: 0 analysed, 1 something failed while running, 2 wrong usage or unusable input,
130 or 143 interrupted. Unless it is 0, the results of the run before are left as they were.
`

export function analyzeCommand(terminal: Terminal): Command {
  return new Command('analyze')
    .description('Read logs and write what was found: evidence, alerts, and what became of every line.')
    .argument(
      '<paths...>',
      'files and folders of Zeek, Argus, Suricata or nfdump logs or captures; - for standard input',
    )
    .option('-o, --out <folder>', 'where the results go', 'out')
    .option(
      '--window <time>',
      `width of the profile windows, such as 5m, 1h, 1d (default: ${formatDuration(detectionDefaults.windowMs)})`,
    )
    .option('--home-net <cidr>', 'a home network; may be repeated (default: the private ranges)', collect)
    .option(
      '--direction <which>',
      'out: judge home hosts only, where home networks are given; all: both ends (default: out)',
    )
    .option('--site <name>', 'name of the network, part of every record (default: default)')
    .option('--input-kind <kind>', `read every input as one of ${inputKinds.join(', ')}`)
    .option('--input-timezone <offset>', 'zone of times that carry none, such as +02:00 (default: UTC)')
    .option('--whitelist <file>', 'rules for what is not to be looked at or not to be said')
    .option('--intel <folder>', 'indicators to look for, as weir intel import keeps them')
    .option('--geo <file>', 'MMDB file with countries of addresses, such as GeoLite2-Country or DB-IP Lite')
    .option('--asn <file>', 'MMDB file with AS numbers of addresses')
    .option(
      '--enrich-online <names>',
      'then ask online services about what was found; see weir enrich --help',
    )
    .option(
      '--enrich-met',
      'have them asked, here or by weir enrich, also about domains, URLs and files from outside of which nothing was said; keeps those in met.jsonl',
    )
    .option('--enrich-cache <folder>', 'where their answers are kept (default: enrichment-cache)')
    .option('--config <file>', 'settings file, YAML or JSON; see weir config-schema')
    .option(
      '--min-level <level>',
      'lowest level of evidence in the report: info, low, medium, high, critical (default: low)',
    )
    .option('--store <kind>', 'where state lives: memory, or disk to resume after a crash (default: memory)')
    .option('--state-dir <folder>', 'where --store disk keeps it (default: beside --out)')
    .option('--partitions <n>', 'partitions of the work; the results are the same for any (default: 1)')
    .option('--json', 'print the summary as JSON instead of the report')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', examples)
    .action(async (paths: string[], options: AnalyzeOptions) => {
      const settings = readSettings(options)
      refuseWithoutKeys(settings, terminal)
      const { missing } = settings.context
      if (!settings.quiet)
        for (const sentence of missing) terminal.err.write(`weir: ${printable(sentence)}\n`)
      const progress = showProgress(terminal, settings)
      const giveBack = () => progress.done()
      terminal.interruption.addEventListener('abort', giveBack, { once: true })
      let result: Analysis
      try {
        result = await analyze(paths, settings, {
          version: terminal.version,
          stdin: terminal.stdin,
          interruption: terminal.interruption,
          progress: progress.update,
        })
      } finally {
        progress.done()
        terminal.interruption.removeEventListener('abort', giveBack)
      }
      await enrich(settings, terminal, 'analyze')
      if (!settings.quiet) print(result, settings.json, terminal)
      refuseNothing(result.report.summary)
    })
}

function print({ summaryText, report: data }: Analysis, json: boolean, { out, env }: Terminal): void {
  const options = { width: columnsOf(out), style: styleFor(out.isTTY === true, env) }
  out.write(json ? summaryText : report(data, options))
}

/** Whoever reads the exit status alone is not to take input of another kind for a network without findings. */
function refuseNothing({ records, inputs }: Summary): void {
  const reasons = new Map<string, number>()
  for (const { rejected } of inputs) {
    for (const [reason, count] of Object.entries(rejected))
      reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  }
  const rejected = [...reasons.values()].reduce((sum, count) => sum + count, 0)
  if (records > 0) return
  if (rejected === 0) {
    const lines = unknownLines(inputs)
    if (lines > 0) throw consoleError.NOTHING_KNOWN({ lines })
    return
  }
  const [[why] = ['']] = [...reasons].sort(([, a], [, b]) => b - a)
  throw consoleError.NOTHING_READ({ rejected, why })
}

/** How many lines are of no log that is known, where none is of another: a quiet hour of a sensor is told of in logs that are known and not read. */
function unknownLines(inputs: Summary['inputs']): number {
  let lines = 0
  for (const { skipped } of inputs) {
    for (const [reason, count] of Object.entries(skipped)) {
      if (reason === UNKNOWN_LOG) lines += count
      else if (!besideRecords.has(reason)) return 0
    }
  }
  return lines
}

/** Reasons of the parsers, as the ledger has them. */
const UNKNOWN_LOG = 'log-other'
const besideRecords: ReadonlySet<string> = new Set(['blank', 'comment', 'header'])
