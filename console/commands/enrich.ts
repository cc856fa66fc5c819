import { Network } from '@weir/processors'
import { type Clock, systemClock } from '@weir/topology/kit'
import { Command } from 'commander'
import { type AnalyzeOptions, type AnalyzeSettings, readSettings } from '../analyze/settings.ts'
import { type Enriched, type EnrichRun, enrichResults } from '../enrichment/online/enrich-results.ts'
import { servicesOf } from '../enrichment/online/services.ts'
import { type OnlineId, onlineIds, onlineRows } from '../enrichment/online-ids.ts'
import { IndicatorStore } from '../intel/indicator-store.ts'
import { plural } from '../report/numbers.ts'
import { printable } from '../report/printable.ts'
import type { Terminal } from '../terminal.ts'
import { collect } from './collect.ts'

type Options = Pick<AnalyzeOptions, 'config' | 'homeNet' | 'minLevel' | 'enrichCache' | 'intel'> & {
  readonly online?: string
  readonly listIn?: string
}

/** So much is asked about of one analysis, the gravest first: keys of small accounts are good for five hundred questions a day. */
export const mostSubjects = 500

function help(): string {
  const width = Math.max(...onlineIds().map((id) => id.length)) + 2
  const rows = onlineIds().map(
    (id) => `  ${id.padEnd(width)}${onlineRows[id].says}${onlineRows[id].needsKey ? ' Wants a key.' : ''}`,
  )
  return `
Look-ups:
${rows.join('\n')}

Each tells its service which public addresses, names, URLs (without their query) and files evidence names; after an
analysis with --enrich-met also which registered domains were asked for, which URLs gave something and which files came
from outside. Nothing of the home networks is ever sent. Keys: WEIR_VIRUSTOTAL_KEY and so on, or
enrichment.online.NAME.keyFile of the settings file.

Examples:
  weir enrich out --online reverse-dns,domain-age
  WEIR_VIRUSTOTAL_KEY=... weir enrich out --online virustotal --min-level medium
  weir enrich out --online urlhaus,domain-age --list-in intel && weir analyze logs --intel intel
  weir analyze logs --enrich-online reverse-dns      the same, right after an analysis
  weir analyze logs --enrich-met --enrich-online domain-age,hashlookup
                                                     also about what nothing was said of
`
}

export function enrichCommand(terminal: Terminal): Command {
  return new Command('enrich')
    .description('Ask online services about what an analysis found; writes enrichment.jsonl beside it.')
    .argument('[folder]', 'the --out folder of the analysis', 'out')
    .requiredOption('--online <names>', 'look-ups to do, with commas between them')
    .option('--enrich-cache <folder>', 'where answers are kept until they expire (default: enrichment-cache)')
    .option('--home-net <cidr>', 'a home network: never asked about; may be repeated', collect)
    .option('--intel <folder>', 'indicators: files that are known to be good there are not asked about')
    .option(
      '--list-in <folder>',
      'put what services call malicious, and when domains were registered, into this folder of indicators',
    )
    .option('--min-level <level>', 'lowest level of evidence that is asked about (default: low)')
    .option('--config <file>', 'settings file; see weir config-schema')
    .addHelpText('after', help())
    .action(async (folder: string, { online, listIn, ...options }: Options) => {
      const settings = readSettings(
        { ...options, out: folder, ...(online === undefined ? {} : { enrichOnline: online }) },
        { command: 'enrich', enrichOnline: '--online' },
      )
      await enrich(settings, terminal, 'enrich', listIn === undefined ? null : new IndicatorStore(listIn))
    })
}

/** Asks what `settings.online` names about the results in `settings.out`, and says on standard error what came of it. */
export async function enrich(
  settings: AnalyzeSettings,
  terminal: Terminal,
  command: string,
  listIn: IndicatorStore | null = null,
): Promise<void> {
  const { ids, cache, section } = settings.online
  if (ids.length === 0) return
  const services = servicesOf(ids, section, terminal.env, command)
  const enriched = await enrichResults(settings.out, {
    services,
    cache,
    network: new Network(settings.homeNetworks),
    intel: settings.intel,
    listIn,
    minLevel: settings.minLevel,
    mostSubjects,
    clock: systemClock,
    interruption: terminal.interruption,
    ...(settings.quiet ? {} : { tell: progressOf(terminal, systemClock) }),
  })
  if (!settings.quiet) terminal.err.write(told(enriched))
}

const TELL_MS = 30_000

/** A line now and then of what is asked slowly, for terminals and logs alike; nothing of what is done at once. */
export function progressOf({ err }: Pick<Terminal, 'err'>, clock: Clock): NonNullable<EnrichRun['tell']> {
  const toldMs = new Map<OnlineId, number>()
  return (id, done, all, perMinute) => {
    const nowMs = clock.monotonicMs()
    const before = toldMs.get(id)
    if (before !== undefined && nowMs - before < TELL_MS) return
    toldMs.set(id, nowMs)
    if (before === undefined && all <= perMinute / 2) return
    const left = Math.max(1, Math.round((all - done) / perMinute))
    err.write(
      `weir: ${id}: ${done} of ${all} done, ${perMinute} a minute at most, ${plural(left, 'minute')} to go at that\n`,
    )
  }
}

function told({ subjects, byService, listed }: Enriched): string {
  const lines = Object.entries(byService).map(([id, { asked, fromCache, known, failed, gaveUp }]) => {
    const what = `${asked} asked, ${fromCache} from the cache, ${known} known, ${failed} failed`
    return `  ${id}: ${what}${gaveUp === '' ? '' : `; given up: ${printable(gaveUp)}`}\n`
  })
  return `enrichment of ${subjects} addresses, names, URLs and files:\n${lines.join('')}${listed === null ? '' : `  ${listed} indicators listed\n`}`
}

/** Before an analysis that may take hours: what would keep its look-ups from being done. */
export function refuseWithoutKeys(settings: AnalyzeSettings, terminal: Terminal): void {
  servicesOf(settings.online.ids, settings.online.section, terminal.env, 'analyze')
}
