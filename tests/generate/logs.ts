import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Sensor } from './scenario.ts'
import type { Wire } from './wire.ts'
import { writeArgus } from './write-argus.ts'
import { writeNfdump } from './write-nfdump.ts'
import { writeSuricata } from './write-suricata.ts'
import { writeZeek } from './write-zeek.ts'

export type LogOptions = {
  /** Zeek only; TSV unless asked otherwise. */
  readonly format?: 'tsv' | 'json'
  /** Zeek only: hourly files; compressed when they are written to a folder, as zeekctl archives them. */
  readonly rotate?: boolean
  readonly labelled?: boolean
  /** nfdump only: each way of a connection in a row of its own, as it is listed without `-b`. */
  readonly oneWay?: boolean
}

/** What a sensor logs of the wire: file name to lines, without line ends. */
export function logLines(wire: Wire, sensor: Sensor, options: LogOptions = {}): Map<string, string[]> {
  switch (sensor) {
    case 'zeek':
      return writeZeek(wire, options)
    case 'argus':
      return writeArgus(wire, options)
    case 'suricata':
      return writeSuricata(wire, options)
    case 'nfdump':
      return writeNfdump(wire, options.oneWay)
  }
}

/** Writes those logs into a folder, which it makes; same-named files are replaced. Gives the paths written. */
export function writeLogs(
  wire: Wire,
  folder: string,
  options: LogOptions & { readonly sensor: Sensor },
): string[] {
  const written: string[] = []
  for (const [name, lines] of logLines(wire, options.sensor, options)) {
    const compressed = options.sensor === 'zeek' && options.rotate === true
    const path = join(folder, compressed ? `${name}.gz` : name)
    mkdirSync(dirname(path), { recursive: true })
    const text = `${lines.join('\n')}\n`
    writeFileSync(path, compressed ? gzipSync(text) : text)
    written.push(path)
  }
  return written
}
