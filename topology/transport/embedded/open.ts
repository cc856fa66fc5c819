import { type EmbeddedOptions, EmbeddedTransport } from './embedded-transport.ts'
import { LevelJournal } from './level-journal.ts'

/** Log and groups in this process, by reference; nothing outlives it. */
export function memoryTransport(options: EmbeddedOptions = {}): EmbeddedTransport {
  return EmbeddedTransport.inMemory(options)
}

export type DiskOptions = EmbeddedOptions & {
  /**
   * Topics whose records are not stored. At each start their producer sends the very same records in the same order from
   * the first on; what was committed in an earlier run is dropped before anyone sees it.
   */
  readonly replayed?: readonly string[]
}

/** The same with everything committed kept in `directory`, which belongs to one process at a time. */
export async function diskTransport(
  directory: string,
  options: DiskOptions = {},
): Promise<EmbeddedTransport> {
  const journal = await LevelJournal.open(directory, options.replayed ?? [])
  return EmbeddedTransport.onJournal(journal, options)
}
