import { convertWithArgus } from './argus.ts'
import type { Container, Converted, Environment } from './converted.ts'
import { convertErrors } from './errors.ts'
import { convertNfcapd } from './nfdump.ts'
import { programOnPath } from './program.ts'
import { convertWithZeek } from './zeek.ts'

/**
 * Turns a binary capture into the text of a format that has a parser, by a program that the machine has: nfcapd through
 * nfdump, packets through Zeek, else through Argus. Rejects with a `WeirError` that says what to install when there is none,
 * or what the program said when it failed; a failure half-way rejects the stream that was being read.
 */
export async function convert(
  path: string,
  container: Container,
  environment: Environment = process.env,
): Promise<Converted> {
  if (container === 'nfcapd') return convertNfcapd(path, environment)
  const zeek = await programOnPath('zeek', environment)
  if (zeek !== null) return convertWithZeek(path, zeek, environment)
  const argus = await programOnPath('argus', environment)
  const ra = await programOnPath('ra', environment)
  if (argus !== null && ra !== null) return convertWithArgus(path, argus, ra, environment)
  throw convertErrors.NO_PCAP_READER({ path })
}
