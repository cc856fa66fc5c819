import { parseIndicatorValue } from '@weir/processors'
import { type Indicator, topics } from '@weir/schemas'
import { systemClock, WeirError } from '@weir/topology/kit'
import { Command } from 'commander'
import { consoleError } from '../errors.ts'
import { explain } from '../explain.ts'
import { explainValue, fingerprintOf, type Hit, type Kept } from '../intel/explain-value.ts'
import {
  checkOneServer,
  headersByFeed,
  type ImportFlags,
  optionsFor,
  readImportFlags,
  readPeriod,
  sourceNamed,
} from '../intel/import-options.ts'
import { type Imported, type ImportOptions, importSource, reasonsText } from '../intel/import-source.ts'
import { IndicatorStore, keyOf } from '../intel/indicator-store.ts'
import { type Ends, existing, folderOf, keptOf, publishFolder, subcommand } from '../intel/kept-where.ts'
import { sourcesIn } from '../intel/local-files.ts'
import { notAValue } from '../intel/not-a-value.ts'
import { isOnTopic, onTopic, type Where } from '../intel/on-topic.ts'
import { takeBack } from '../intel/publish.ts'
import { type Refresh, refreshEvery, refreshOnce } from '../intel/refresh.ts'
import { shownSource } from '../intel/shown-source.ts'
import { plural } from '../report/numbers.ts'
import { printable } from '../report/printable.ts'
import { collect } from './collect.ts'
import { jarmCommand } from './jarm.ts'

const TIMEOUT_MS = 60_000
const allowEmptySays =
  'take a source that lists nothing for what it says; without it that is an error, and what it gave before stays'

const examples = `
Examples:
  weir intel import drop.txt --feed drop --level high
  weir intel import https://example.org/ips.csv --feed example --confidence 0.7 --expires 30d
  weir intel import https://example.org/taxii2/api/collections/ID/objects/ --format taxii --feed partner
  weir intel import exits.txt --feed tor --level info --tag tor-exit
  weir intel import https://example.org/misp/manifest.json --feed osint      one event a file: those that change are asked for again
  weir intel refresh                          asks every source again, where it may have changed
  weir intel refresh --every 1h --header 'partner=Authorization: Bearer KEY'
  weir intel import known.csv --feed known --known-good
  weir intel explain 93.184.216.34
  weir intel jarm 93.184.216.34:443         connects to it: never done unless asked for
  weir intel jarm --from out --keep         the servers an analysis suspects, kept for those that follow
  weir analyze logs --intel intel

With --brokers, with WEIR_BROKERS or with brokers in the file of --config, the topic ${topics.intel.name} is made to hold what the folder
holds, and processors have it from the next record on; list and explain then tell of the topic. With --intel, and without --brokers, the folder
is meant alone.
  weir intel import drop.txt --feed drop --level high --brokers kafka-1:9092
  weir intel list --brokers kafka-1:9092
`

export function intelCommand(terminal: Ends): Command {
  return new Command('intel')
    .description(
      'Keep indicators to look for, in a folder and on the brokers of processors: import, refresh, list, explain, remove.',
    )
    .addHelpText('after', examples)
    .addCommand(importCommand(terminal))
    .addCommand(refreshCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(removeCommand(terminal))
    .addCommand(jarmCommand(terminal))
}

function importCommand(terminal: Ends): Command {
  const { out, err, env } = terminal
  return subcommand('import', terminal)
    .description('Read feeds: what they gave before is replaced, what they no longer give is gone.')
    .argument(
      '<sources...>',
      'files and http(s) addresses of lists, CSV, JSON, STIX 2.1, MISP; MISP feeds (manifest.json, or a folder with one); folders with own_malicious_iocs.csv, own_malicious_JA3.csv, own_malicious_JARM.csv, known_fp_md5_hashes.csv; TAXII 2.1 collections',
    )
    .option('--feed <name>', 'whose word it is')
    .option(
      '--level <level>',
      'info, low, medium, high or critical (default: as the feed says, or medium): what is listed weighs that much, a host of yours that calls it low, and high once it was answered again and again by what is high or critical',
    )
    .option('--confidence <share>', 'how far the feed is believed, 0 to 1 (default: as it says, or 1)')
    .option(
      '--expires <time>',
      '12h or 90d after it was last asked, or a day: until when it counts (default: for ever)',
    )
    .option('--kind <kind>', 'read every value as this kind, such as ja3 or certificate_sha1')
    .option('--format <format>', 'auto, text, json, stix, misp or taxii', 'auto')
    .option('--known-good', 'hashes of files that are never malicious, whatever other feeds say')
    .option('--tag <tag>', 'a tag for all of it; may be repeated', collect)
    .option('--header <name: value>', 'sent to the server, such as a key; never stored', collect)
    .option('--allow-empty', allowEmptySays)
    .action(async (given: string[], flags: ImportFlags & Where & { allowEmpty?: boolean }) => {
      const nowMs = systemClock.nowMs()
      const { options, headers } = readImportFlags(flags)
      const store = new IndicatorStore(folderOf(flags))
      const sources = given.flatMap(sourcesIn)
      if (Object.keys(headers).length > 0) checkOneServer(options.feed, given, 'intel import')
      const how: ImportOptions = {
        headers,
        timeoutMs: TIMEOUT_MS,
        nowMs,
        isForced: false,
        allowsEmpty: flags.allowEmpty === true,
      }
      const failures: WeirError[] = []
      for (const { named, isFound } of sources) {
        try {
          const source = sourceNamed(named)
          const own = optionsFor(source, options, isFound)
          if (own !== options)
            err.write(
              `weir: ${printable(named)} is named like a list of files that are known to be good, and is read as one${isFound ? '' : '; --level or --kind for another reading'}\n`,
            )
          out.write(told(await importSource(store, source, own, how)))
        } catch (error) {
          // One source that is wrong must not keep the others from being taken.
          if (!(error instanceof WeirError)) throw error
          failures.push(error)
        }
      }
      if (failures.length < sources.length)
        await publishFolder(flags, env, store, new Set([options.feed]), out)
      const [only] = failures
      if (sources.length === 1 && only !== undefined) throw only
      for (const failure of failures) err.write(explain(failure, false))
      if (failures.length > 0)
        throw consoleError.SOURCES_FAILED({ failed: failures.length, all: sources.length })
    })
}

type RefreshFlags = {
  readonly feed?: string
  readonly every?: string
  readonly header?: readonly string[]
  readonly allowEmpty?: boolean
}

function refreshCommand(terminal: Ends): Command {
  const { out, err, env } = terminal
  return subcommand('refresh', terminal)
    .description('Ask every source again that may have changed: once, such as from a timer, or with --every.')
    .option('--feed <name>', 'only this feed')
    .option(
      '--every <time>',
      'go on until stopped: ask all so often, such as 15m or 1h, and read local files as soon as they change',
    )
    .option(
      '--header <feed=name: value>',
      'sent to the server of this feed and no other, such as a key; never stored; may be repeated',
      collect,
    )
    .option('--allow-empty', allowEmptySays)
    .action(async (flags: RefreshFlags & Where) => {
      const wrong: string[] = []
      const headers = headersByFeed(flags.header ?? [], flags.feed, wrong)
      if (wrong.length > 0)
        throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'intel refresh' })
      const everyMs = flags.every === undefined ? null : readPeriod(flags.every, '--every', 'intel refresh')
      const store = existing(folderOf(flags))
      const failures: WeirError[] = []
      const refresh: Refresh = {
        feed: flags.feed ?? null,
        headers,
        allowsEmpty: flags.allowEmpty === true,
        tell: (imported) => {
          // What goes on for days tells of what happens.
          if (everyMs === null || imported.isChanged) out.write(told(imported))
        },
        fail: (error) => {
          if (everyMs === null) failures.push(error)
          else err.write(explain(error, false))
        },
        publish: (feeds) => publishFolder(flags, env, store, feeds, out),
      }
      if (everyMs !== null) {
        terminal.endsGently()
        await refreshEvery(everyMs, store, refresh, terminal.interruption)
        return
      }
      await refreshOnce(store, refresh)
      const last = failures.pop()
      for (const failure of failures) err.write(explain(failure, false))
      if (last !== undefined) throw last
    })
}

function listCommand(terminal: Ends): Command {
  const { out, env } = terminal
  return subcommand('list', terminal)
    .description('Show the feeds, or with --feed the indicators of one.')
    .option('--feed <name>', 'the indicators of this feed')
    .option('--json', 'one JSON object a line, for programs')
    .action(async (flags: { feed?: string; json?: boolean } & Where) => {
      const { feed } = flags
      const ofTopic = await onTopic(flags, env, 'read', keptOf)
      if (ofTopic !== null && feed === undefined) {
        for (const [name, count] of countsOf(ofTopic)) {
          const text = `${printable(name)}  ${plural(count, 'indicator')}`
          out.write(`${flags.json === true ? JSON.stringify({ feed: name, indicators: count }) : text}\n`)
        }
        return
      }
      const store = ofTopic ?? existing(folderOf(flags))
      if (feed === undefined && store instanceof IndicatorStore) {
        for (const { source: its, options, accepted, rejected, checkedMs } of store.headers()) {
          const source = shownSource(its)
          const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
          const asked = new Date(checkedMs).toISOString()
          out.write(
            flags.json === true
              ? `${JSON.stringify({ feed: options.feed, source, indicators: accepted, refused, asked })}\n`
              : `${options.feed}  ${plural(accepted, 'indicator')}, ${refused} refused, asked ${asked.slice(0, 16)}Z  ${printable(source)}\n`,
          )
        }
        const removed = store.removed().size
        if (removed > 0 && flags.json !== true) out.write(`${removed} removed by hand\n`)
        return
      }
      let found = 0
      store.each((indicator) => {
        if (indicator.feed !== feed) return
        found += 1
        const { kind, value, level, confidence, expiresMs, description, tags } = indicator
        // Of a probe, what it found is in its tag.
        const as = kind === 'tls_server' ? tags.join(' ') : description
        const until = expiresMs === null ? '' : ` until ${new Date(expiresMs).toISOString().slice(0, 16)}Z`
        out.write(
          flags.json === true
            ? `${JSON.stringify(indicator)}\n`
            : `${printable(`${kind} ${value}  ${level} ${confidence}${until}  ${as}`).trimEnd()}\n`,
        )
      })
      const where = ofTopic === null ? folderOf(flags) : topics.intel.name
      if (found === 0) throw consoleError.NO_SUCH_INDICATOR({ what: `feed '${feed}'`, folder: where })
    })
}

function explainCommand(terminal: Ends): Command {
  const { out, env } = terminal
  return subcommand('explain', terminal)
    .description('Say what the feeds have of a value, ranges around it and names above it included.')
    .argument(
      '<value>',
      'an address, name, URL, hash or AS number; of an address, kept probes are told as well',
    )
    .option('--json', 'one JSON object a line, for programs')
    .action(async (text: string, flags: { json?: boolean } & Where) => {
      const kept = (await onTopic(flags, env, 'read', keptOf)) ?? existing(folderOf(flags))
      const explained = explainValue(kept, text, systemClock.nowMs())
      if (explained === null) throw notAValue(text, 'intel explain')
      const { value, kinds, hits } = explained
      const now = hits.filter(({ past }) => past === null)
      const isListed = now.some(
        ({ indicator }) => kinds.includes(indicator.kind) || !isAboutProbes(indicator),
      )
      if (flags.json === true) {
        for (const { indicator, source, past } of hits) {
          const said = { ...indicator, source: shownSource(source), ...(past === null ? {} : { past }) }
          out.write(`${JSON.stringify(said)}\n`)
        }
        return
      }
      if (!isListed) out.write(`${printable(value)} (${kinds.join(', ')}) is not listed\n`)
      for (const hit of [...now, ...hits.filter(({ past }) => past !== null)]) {
        const jarm = fingerprintOf(hit.indicator)
        const isOfListed = now.some(({ indicator: { kind, value } }) => kind === 'jarm' && value === jarm)
        const more = jarm === null ? '' : `; its fingerprint is ${isOfListed ? '' : 'not '}listed`
        out.write(`${hitText(hit)}${more}\n`)
      }
    })
}

/** Kept probes, and what feeds list of their fingerprints: they say nothing of an address. */
const isAboutProbes = ({ kind }: Indicator): boolean => kind === 'tls_server' || kind === 'jarm'

function hitText({ indicator, source, past }: Hit): string {
  const { kind, feed, level, confidence, expiresMs, description, tags } = indicator
  const more = [
    ...(past === 'removed' ? ['removed by hand, not looked for'] : []),
    ...(expiresMs === null
      ? []
      : [`${past === 'expired' ? 'expired' : 'until'} ${new Date(expiresMs).toISOString().slice(0, 16)}Z`]),
    ...(tags.length === 0 ? [] : [tags.join(', ')]),
    ...(description === '' ? [] : [description]),
    shownSource(source),
  ]
  return printable(
    `${feed}: ${kind} ${indicator.value}, ${level}, confidence ${confidence}; ${more.join('; ')}`,
  )
}

function removeCommand(terminal: Ends): Command {
  const { out, env } = terminal
  return subcommand('remove', terminal)
    .description('Take values out, also when a feed brings them again; or take a whole feed out.')
    .argument(
      '[values...]',
      'addresses, ranges, names, URLs, hashes; an address with a port is the address, and what a probe found there',
    )
    .option('--feed <name>', 'the whole feed')
    .option('--undo', 'let the values be listed again')
    .action(async (values: string[], flags: { feed?: string; undo?: boolean } & Where) => {
      if (values.length === 0 && flags.feed === undefined)
        throw consoleError.BAD_OPTION({
          wrong: 'neither a value nor --feed is given',
          command: 'intel remove',
        })
      const named = values.flatMap(keysOf)
      const store = new IndicatorStore(folderOf(flags))
      if (!store.exists() && (!isOnTopic(flags, env) || flags.undo === true))
        throw consoleError.NO_INDICATORS({ folder: folderOf(flags) })
      if (store.exists()) removeFrom(store, named, flags, isOnTopic(flags, env), out)
      const gone = { feed: flags.feed ?? null, values: new Set(flags.undo === true ? [] : named) }
      const taken = await onTopic(flags, env, 'write', (topic) => takeBack(topic, gone))
      if (taken !== null) out.write(`${topics.intel.name}: ${plural(taken, 'indicator')} taken back\n`)
      if (flags.undo === true)
        await publishFolder(
          flags,
          env,
          store,
          new Set(store.headers().map(({ options }) => options.feed)),
          out,
        )
    })
}

function removeFrom(
  store: IndicatorStore,
  named: readonly string[],
  flags: { feed?: string; undo?: boolean } & Where,
  isAlsoOnTopic: boolean,
  out: Ends['out'],
): void {
  const { feed } = flags
  if (feed !== undefined && !store.removeFeed(feed) && !isAlsoOnTopic)
    throw consoleError.NO_SUCH_INDICATOR({ what: `feed '${feed}'`, folder: folderOf(flags) })
  if (named.length === 0) return
  const removed = new Set(store.removed())
  for (const key of named) {
    if (flags.undo === true) removed.delete(key)
    else removed.add(key)
  }
  store.setRemoved(removed)
  out.write(`${plural(removed.size, 'value')} removed by hand\n`)
}

/** A value as it is removed; a hash may be of several kinds. */
function keysOf(text: string): readonly string[] {
  const parsed = parseIndicatorValue(text)
  if ('reject' in parsed) throw notAValue(text, 'intel remove')
  const explained = explainValue({ each: () => {} }, text, 0)
  const server = parseIndicatorValue(text, 'tls_server')
  return [
    ...(explained?.kinds ?? [parsed.kind]).map((kind) => keyOf(kind, parsed.value)),
    ...('value' in server ? [keyOf(server.kind, server.value)] : []),
  ]
}

function countsOf(kept: Kept): readonly (readonly [feed: string, count: number])[] {
  const counts = new Map<string, number>()
  kept.each(({ feed }) => counts.set(feed, (counts.get(feed) ?? 0) + 1))
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}

function told({ header, isChanged, added, vanished }: Imported): string {
  const { options, accepted, rejected, source } = header
  const where = printable(shownSource(source))
  if (!isChanged) return `${options.feed}: ${plural(accepted, 'indicator')}, unchanged  ${where}\n`
  const refused = reasonsText(rejected)
  return (
    `${options.feed}: ${plural(accepted, 'indicator')}, ${added} new, ${vanished} gone  ${where}\n` +
    (refused === '' ? '' : `  refused: ${refused}\n`)
  )
}
