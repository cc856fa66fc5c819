import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Converted, Environment } from './converted.ts'
import { convertErrors } from './errors.ts'
import { failureOf, run } from './program.ts'

/**
 * A packet capture as Zeek's JSON logs, through `zeek`, whose file is given. Resolves when Zeek has read the whole capture:
 * a log is in order and complete only then. The logs take a folder of the system's own for temporary files.
 */
export async function convertWithZeek(
  path: string,
  zeekFile: string,
  environment: Environment,
): Promise<Converted> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-zeek-'))
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    // Captures taken on a sending host have checksums that its network card would have filled in (`-C`).
    const running = run(zeekFile, ['-C', '-r', resolve(path), 'LogAscii::use_json=T'], {
      environment,
      folder,
    })
    running.stdout.resume()
    const reason = failureOf(await running.ended, null)
    if (reason !== null) throw convertErrors.CONVERTER_FAILED({ program: 'zeek', path, reason })
    const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort()
    return {
      kind: 'zeek',
      streams: names.map((name) => ({ name, chunks: readOnDemand(join(folder, name)) })),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Opened when first read, so that a folder of many logs does not hold as many files open. */
async function* readOnDemand(file: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(file)) yield chunk
}
