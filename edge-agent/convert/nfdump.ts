import { resolve } from 'node:path'
import type { Converted, Environment } from './converted.ts'
import { convertErrors } from './errors.ts'
import { failureOf, programOnPath, run } from './program.ts'

/**
 * Columns of the listing, by the tags that nfdump's own `-o csv` heads its columns with. Not that format itself: in 1.7.1 it
 * cuts times to whole seconds, and what `-o csv` prints changed in 1.7.2. The end is left to the duration, since 1.7.1 prints
 * `%ter` with the start's fraction.
 */
const columns = [
  ['ts', '%tsr'],
  ['td', '%td'],
  ['pr', '%pr'],
  ['sa', '%sa'],
  ['sp', '%sp'],
  ['da', '%da'],
  ['dp', '%dp'],
  ['flg', '%flg'],
  ['ipkt', '%ipkt'],
  ['ibyt', '%ibyt'],
  ['opkt', '%opkt'],
  ['obyt', '%obyt'],
  ['ismc', '%ismc'],
  ['odmc', '%odmc'],
] as const

const header = `${columns.map(([tag]) => tag).join(',')}\n`

const parameters = [
  '-q',
  // Whole IPv6 addresses, plain numbers, both directions in one flow with the server's port as the destination, oldest first.
  '-6',
  '-N',
  '-B',
  '-O',
  'tstart',
  '-o',
  `fmt:${columns.map(([, token]) => token).join(',')}`,
]

/** nfdump ends with status 0 even when it could not read the file. */
const complaint = /error|bad magic|corrupt|short read|fail|not a .*file/i

/** An nfcapd file as nfdump CSV, through `nfdump`. */
export async function convertNfcapd(path: string, environment: Environment): Promise<Converted> {
  const file = await programOnPath('nfdump', environment)
  if (file === null) throw convertErrors.NO_NFDUMP({ path })
  // Absolute, so that no name of a file is taken for an option.
  const running = run(file, ['-r', resolve(path), ...parameters], { environment })
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(header)
    for await (const chunk of running.stdout) yield chunk
    const reason = failureOf(await running.ended, complaint)
    if (reason !== null) throw convertErrors.CONVERTER_FAILED({ program: 'nfdump', path, reason })
  }
  return {
    kind: 'nfdump-csv',
    streams: [{ name: 'nfdump.csv', chunks: chunks() }],
    close: () => running.stop(),
  }
}
