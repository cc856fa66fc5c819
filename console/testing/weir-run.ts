/** The command as a user runs it, and a folder for it that goes away with the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const weir = join(import.meta.dirname, '../weir')

/** Node compiles the sources once for all the runs; brokers that the shell names are none of the tests'. */
const env = { ...process.env, WEIR_BROKERS: '', NODE_COMPILE_CACHE: join(tmpdir(), 'weir-compile-cache') }

export type Ran = { readonly status: number | null; readonly out: string; readonly err: string }

/** A folder with the files given, by name. */
export function folderWith(
  t: { after(work: () => void): void },
  files: Readonly<Record<string, string>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-command-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

export function run(
  folder: string,
  parameters: readonly string[],
  input = '',
  program = weir,
  more: Readonly<Record<string, string>> = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(program, parameters, {
    cwd: folder,
    env: { ...env, ...more },
    input,
    encoding: 'utf8',
  })
  return { status, out: stdout, err: stderr }
}

/** Standard input stays open. */
export function start(folder: string, parameters: readonly string[]): ChildProcess {
  return spawn(weir, parameters, { cwd: folder, env })
}

export const linesOf = (path: string): readonly string[] =>
  readFileSync(path, 'utf8').split('\n').filter(Boolean)

/** 2024-05-13 08:00 UTC. */
const startSeconds = 1_715_587_200

/** A Zeek connection log in which 10.0.0.5 tries that many ports of 10.0.0.9, one a second, none of which answers. */
export function scanLog(ports: number): string {
  const lines = Array.from({ length: ports }, (_, i) =>
    JSON.stringify({
      ts: startSeconds + i,
      uid: `C${i}`,
      'id.orig_h': '10.0.0.5',
      'id.orig_p': 40_000 + i,
      'id.resp_h': '10.0.0.9',
      'id.resp_p': 1000 + i,
      proto: 'tcp',
      duration: 0.1,
      orig_bytes: 0,
      resp_bytes: 0,
      conn_state: 'S0',
      history: 'S',
      orig_pkts: 1,
      resp_pkts: 0,
    }),
  )
  return `${lines.join('\n')}\n`
}
