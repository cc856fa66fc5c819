import { isIPv6 } from 'node:net'
import { Command } from 'commander'
import { noJarm } from '../enrichment/jarm/jarm-hash.ts'
import { probeServer } from '../enrichment/jarm/probe-server.ts'
import { consoleError } from '../errors.ts'
import { IndicatorStore } from '../intel/indicator-store.ts'
import { printable } from '../report/printable.ts'
import type { Terminal } from '../terminal.ts'

const TIMEOUT_MS = 20_000
const HTTPS = 443

/** Active: the only thing in Weir that ever connects to what it watches, and never by itself. */
export function jarmCommand(terminal: Pick<Terminal, 'out' | 'interruption'>): Command {
  return new Command('jarm')
    .description(
      'Connect to TLS servers, ten times each, and print their JARM fingerprints: they will see where from.',
    )
    .argument('<servers...>', 'HOST, HOST:PORT or [IPV6]:PORT; port 443 without one')
    .option('--intel <folder>', 'say as well what feeds say of the fingerprints')
    .action(async (servers: string[], { intel }: { intel?: string }) => {
      const table = intel === undefined ? null : indicatorsIn(intel)
      const parsed = servers.map((text) => ({ text, server: serverOf(text) }))
      const wrong = parsed.filter(({ server }) => server === null)
      if (wrong.length > 0) {
        const said = wrong.map(({ text }) => `'${printable(text)}' is not HOST, HOST:PORT or [IPV6]:PORT`)
        throw consoleError.BAD_OPTION({ wrong: said.join('; '), command: 'intel jarm' })
      }
      for (const { text, server } of parsed) {
        if (server === null) continue
        const jarm = await probeServer(server.host, server.port, {
          timeoutMs: TIMEOUT_MS,
          interruption: terminal.interruption,
        })
        if (terminal.interruption.aborted) throw consoleError.INTERRUPTED()
        terminal.out.write(
          `${printable(text)}  ${jarm ?? 'cannot be connected to'}${listedAs(jarm, table)}\n`,
        )
      }
    })
}

type Table = ReadonlyMap<string, string>

function indicatorsIn(folder: string): Table {
  const store = new IndicatorStore(folder)
  if (!store.exists()) throw consoleError.NO_INDICATORS({ folder })
  const table = new Map<string, string>()
  store.each(({ kind, value, feed, level, description }) => {
    if (kind === 'jarm') table.set(value, `${feed}, ${level}${description === '' ? '' : `: ${description}`}`)
  })
  return table
}

/** A fingerprint of no answers says nothing, whoever lists it. */
function listedAs(jarm: string | null, table: Table | null): string {
  if (jarm === null || table === null) return ''
  const listed = jarm === noJarm ? undefined : table.get(jarm)
  return listed === undefined ? '  not listed' : `  listed by ${printable(listed)}`
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
