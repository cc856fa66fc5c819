import { isIPv6 } from 'node:net'
import { IndicatorTable, keptProbe, Network, noJarm, serverText } from '@weir/processors'
import { systemClock } from '@weir/topology/kit'
import type { Command } from 'commander'
import { readSettings } from '../analyze/settings.ts'
import { probeInTurn, probePauseMs } from '../enrichment/jarm/probe-in-turn.ts'
import { homeNetworksOf, suspectedServers } from '../enrichment/jarm/suspected-servers.ts'
import { consoleError } from '../errors.ts'
import { probeFeed } from '../intel/answer-feeds.ts'
import { readPeriod } from '../intel/import-options.ts'
import { IndicatorStore, keyOf } from '../intel/indicator-store.ts'
import { keepProbes, probeIndicator } from '../intel/keep-probes.ts'
import { type Ends, existing, folderOf, keptOf, publishFolder, subcommand } from '../intel/kept-where.ts'
import { onTopic, type Where } from '../intel/on-topic.ts'
import { plural } from '../report/numbers.ts'
import { printable } from '../report/printable.ts'
import { collect } from './collect.ts'

const TIMEOUT_MS = 20_000
const HTTPS = 443
const MOST = 50
const KEPT_FOR = '30d'

type Flags = Where & {
  readonly from?: string
  readonly most: string
  readonly homeNet?: readonly string[]
  readonly keep?: boolean
  readonly expires: string
  readonly dryRun?: boolean
}

type Server = {
  readonly text: string
  readonly host: string
  readonly port: number
  /** Of one that evidence names: which. */
  readonly why?: string
}

const REMOVED_SAYS = ', but removed by hand: looked for again after weir intel remove --undo'
const nothing: ReadonlySet<string> = new Set()
const nobody = { servers: [], calledByOthers: 0 }

const examples = `
A probe tells its server that somebody looks, and from where: run it on a machine of the cloud that has nothing to do with the network that is
watched, and never on a sensor. Nothing in Weir probes by itself. Servers are probed one after another, with ten connections each and
${probePauseMs / 1000} seconds between two.

What is kept (--keep) is a fact and no accusation. A record of a connection to such a server becomes evidence (MALICIOUS_JARM) once a feed lists its
fingerprint, whichever of the two came first.

Examples:
  weir intel jarm 93.184.216.34:443
  weir intel jarm --from out --dry-run                       which servers the evidence of an analysis suspects
  weir intel jarm --from out --most 20 --keep --intel intel
  weir intel import own_malicious_JARM.csv --feed own && weir analyze logs --intel intel
  weir intel jarm --from out --keep --brokers kafka-1:9092    processors have it from the next record on
`

/** Active: the only thing in Weir that ever connects to what it watches, and never by itself. */
export function jarmCommand(terminal: Ends): Command {
  const { out, err, env, interruption } = terminal
  return subcommand('jarm', terminal)
    .description(
      'Connect to TLS servers, ten times each, and print or keep their JARM fingerprints: they will see where from.',
    )
    .argument('[servers...]', 'HOST, HOST:PORT or [IPV6]:PORT; port 443 without one')
    .option(
      '--from <folder>',
      'besides, the TCP servers of the internet that evidence of level low or above of this --out folder suspects, the gravest first: none that hosts of yours attacked, none that is kept already',
    )
    .option('--most <number>', 'so many of those at most', String(MOST))
    .option(
      '--home-net <cidr>',
      'a home network, besides those of the analysis: never probed by --from, which takes what its hosts called; may be repeated',
      collect,
    )
    .option('--keep', 'keep what is found, for detection, in the place of what was found before')
    .option('--expires <time>', 'how long it is kept, such as 12h or 90d', KEPT_FOR)
    .option('--dry-run', 'say what would be probed and which evidence names it, and connect to nothing')
    .addHelpText('after', examples)
    .action(async (typed: string[], flags: Flags) => {
      const lifetimeMs = readPeriod(flags.expires, '--expires', 'intel jarm')
      const named = serversNamed(typed)
      if (typed.length === 0 && flags.from === undefined)
        throw consoleError.BAD_OPTION({
          wrong: 'neither a server nor --from is given',
          command: 'intel jarm',
        })
      const most = mostOf(flags)
      const known = await knownOf(flags, env)
      const { servers: suspected, calledByOthers } =
        flags.from === undefined ? nobody : await suspectedOf(flags.from, flags)
      const fresh = suspected.filter(({ text }) => !known.isKept(text))
      const servers = [...named, ...fresh.slice(0, most)]
      if (flags.from !== undefined)
        err.write(
          `weir: ${plural(suspected.length, 'server')} in ${printable(flags.from)}: ${Math.min(most, fresh.length)} to be probed, ${suspected.length - fresh.length} kept already or removed by hand, ${Math.max(0, fresh.length - most)} left out beyond --most ${most}\n`,
        )
      if (calledByOthers > 0)
        err.write(
          `weir: ${plural(calledByOthers, 'server')} besides, that hosts of no home network called, ${calledByOthers === 1 ? 'is' : 'are'} left out; if those are yours, say so with --home-net\n`,
        )
      if (flags.dryRun === true) {
        for (const { text, why } of servers) out.write(`${printable(`${text}${why ?? ''}`)}\n`)
        return
      }
      const store = new IndicatorStore(folderOf(flags))
      let kept = 0
      let probed = 0
      const options = { timeoutMs: TIMEOUT_MS, interruption, pauseMs: probePauseMs, clock: systemClock }
      for await (const { server, probed: found, atMs } of probeInTurn(servers, options)) {
        probed += 1
        const said = [found?.jarm ?? 'cannot be connected to', ...known.listedAs(found?.jarm ?? null)]
        if (flags.keep === true && found !== null) {
          const indicator = probeIndicator({ ...found, port: server.port }, { atMs, lifetimeMs })
          if (typeof indicator === 'string') said.push(`not kept: ${indicator}`)
          else {
            // Each at once: a run may take hours, and what is said to be kept is.
            keepProbes(store, [indicator], systemClock.nowMs())
            kept += 1
            const isRemoved = known.removed.has(keyOf(indicator.kind, indicator.value))
            said.push(`kept as ${indicator.value}${isRemoved ? REMOVED_SAYS : ''}`)
          }
        }
        out.write(`${printable(server.text)}  ${said.join('  ')}\n`)
      }
      if (kept > 0) await publishFolder(flags, env, store, new Set([probeFeed]), out)
      if (!interruption.aborted) return
      // Of an interruption nothing is said but this.
      err.write(
        `weir: interrupted: ${probed} of ${plural(servers.length, 'server')} probed${flags.keep === true ? `, ${kept} kept` : ''}\n`,
      )
      throw consoleError.INTERRUPTED()
    })
}

function mostOf({ most }: Flags): number {
  const number = /^\d{1,5}$/.test(most) ? Number(most) : 0
  if (number > 0) return number
  const wrong = `--most '${printable(most)}' must be a whole number from 1 to 99999`
  throw consoleError.BAD_OPTION({ wrong, command: 'intel jarm' })
}

/** As they were typed. Throws `CONSOLE_BAD_OPTION` naming all that are none. */
function serversNamed(typed: readonly string[]): readonly Server[] {
  const parsed = typed.map((text) => ({ text, server: serverOf(text) }))
  const wrong = parsed.flatMap(({ text, server }) =>
    server === null ? [`'${printable(text)}' is not HOST, HOST:PORT or [IPV6]:PORT`] : [],
  )
  if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'intel jarm' })
  return parsed.flatMap(({ text, server }) => (server === null ? [] : [{ text, ...server }]))
}

async function suspectedOf(
  from: string,
  { config, homeNet }: Flags,
): Promise<{ readonly servers: readonly Server[]; readonly calledByOthers: number }> {
  const given = {
    out: from,
    ...(config === undefined ? {} : { config }),
    ...(homeNet === undefined ? {} : { homeNet }),
  }
  const { homeNetworks } = readSettings(given, { command: 'intel jarm', enrichOnline: '' })
  const network = new Network([...homeNetworks, ...homeNetworksOf(from)])
  const { servers, calledByOthers } = await suspectedServers(from, network)
  return {
    servers: servers.map(({ ip, port, level, type, profile }) => {
      return { text: serverText(ip, port), host: ip, port, why: `  ${level}  ${type} of ${profile}` }
    }),
    calledByOthers,
  }
}

type Known = {
  /** What feeds say of a fingerprint; nothing where there are no indicators, and of no answer, whoever lists that. */
  listedAs(jarm: string | null): readonly string[]
  /** Whether a probe of the server is kept and still counts, or was removed by hand. */
  isKept(server: string): boolean
  /** Keys of what was removed by hand. */
  readonly removed: ReadonlySet<string>
}

/** Fingerprints that feeds list and probes that are kept, where indicators are kept. Throws `CONSOLE_NO_INDICATORS` for a folder that was named. */
async function knownOf(flags: Flags, env: Ends['env']): Promise<Known> {
  const nowMs = systemClock.nowMs()
  const table = new IndicatorTable()
  const folder = new IndicatorStore(folderOf(flags))
  const removed = folder.exists() ? folder.removed() : nothing
  const isFolderWanted = folder.exists() || (flags.intel !== undefined && flags.keep !== true)
  const kept =
    (await onTopic(flags, env, 'read', keptOf)) ?? (isFolderWanted ? existing(folder.folder) : null)
  kept?.each((indicator) => {
    if (indicator.kind === 'jarm' || indicator.kind === 'tls_server') table.put(indicator)
  })
  return {
    listedAs: (jarm) => {
      if (jarm === null || kept === null) return []
      const verdict = jarm === noJarm ? null : table.exact('jarm', jarm, nowMs)
      if (verdict === null) return ['not listed']
      const { feeds, level, description } = verdict
      const as = description === '' ? '' : `: ${description}`
      return [printable(`listed by ${feeds.join(' and ')}, ${level}${as}`)]
    },
    removed,
    isKept: (server) => {
      // What was removed by hand is not asked again either.
      if (removed.has(keyOf('tls_server', server))) return true
      const verdict = table.exact('tls_server', server, nowMs)
      return verdict !== null && keptProbe(verdict.tags) !== null
    },
  }
}

function serverOf(text: string): { readonly host: string; readonly port: number } | null {
  if (isIPv6(text)) return { host: text, port: HTTPS }
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]{1,253}))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain ?? ''
  const port = digits === undefined ? HTTPS : Number(digits)
  if (host === '' || port < 1 || port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return null
  return { host, port }
}
