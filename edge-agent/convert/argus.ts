import { resolve } from 'node:path'
import type { Converted, Environment } from './converted.ts'
import { convertErrors } from './errors.ts'
import { failureOf, run } from './program.ts'

const argusParameters = [
  // Without the settings of this machine's own Argus.
  '-X',
  '-m',
  // Argus cuts longer flows; an hour is what published captures have, and the default of five seconds makes many of one.
  '-S',
  '3600',
]

const raParameters = [
  '-X',
  '-n',
  '-u',
  '-c',
  ',',
  '-r',
  '-',
  '-s',
  'stime',
  'dur',
  'proto',
  'saddr',
  'sport',
  'dir',
  'daddr',
  'dport',
  'state',
  'spkts',
  'dpkts',
  'sbytes',
  'dbytes',
  'smac',
  'dmac',
]

/** Argus ends with status 0 even when it could not read the file. */
const complaint = /ArgusError|ArgusOpenInputPacketFile|ArgusReadPacket/

/** A packet capture as Argus text, through `argus` and `ra`, whose files are given. */
export function convertWithArgus(
  path: string,
  argusFile: string,
  raFile: string,
  environment: Environment,
): Converted {
  const argus = run(argusFile, [...argusParameters, '-r', resolve(path), '-w', '-'], { environment })
  const ra = run(raFile, raParameters, { environment, input: argus.stdout })
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of ra.stdout) yield chunk
    // Argus first: when it fails, `ra` complains about what it was given.
    const argusReason = failureOf(await argus.ended, complaint)
    if (argusReason !== null) {
      throw convertErrors.CONVERTER_FAILED({ program: 'argus', path, reason: argusReason })
    }
    const raReason = failureOf(await ra.ended, null)
    if (raReason !== null) throw convertErrors.CONVERTER_FAILED({ program: 'ra', path, reason: raReason })
  }
  return {
    kind: 'argus',
    streams: [{ name: 'argus.binetflow', chunks: chunks() }],
    async close() {
      await Promise.all([argus.stop(), ra.stop()])
    },
  }
}
