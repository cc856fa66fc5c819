/** The tables of the READMEs that are made from the code. Tables in schemas/README.md are made by schemas/generate.ts. */
import { type DataList, type Detector, dataListNames, dataLists, detectors, kindsOf } from '@weir/processors'
import { consoleError } from '../../console/errors.ts'
import { connectionRows } from '../../console/kafka/connection-settings.ts'
import { detectionMetrics } from '../../console/kafka/detection-metrics.ts'
import { rights } from '../../console/kafka/rights.ts'
import { edgeError } from '../../edge-agent/errors.ts'
import { parsers } from '../../edge-agent/parsers/registry.ts'
import { processorsError } from '../../processors/errors.ts'
import { topologyError } from '../../topology/errors.ts'
import type { WeirError } from '../../topology/kit/errors.ts'
import { topologyMetrics } from '../../topology/metrics.ts'
import { coverageTable } from './coverage.ts'
import { markdownTable, sectionsOf, withSection } from './generated-section.ts'

export type ReadmeTable = {
  readonly readme: string
  readonly section: string
  /** Whether the README must have it. The others are written where a README has a place for them. */
  readonly isRequired: boolean
  make(): string
}

export const readmeTables: readonly ReadmeTable[] = [
  {
    readme: 'processors/README.md',
    section: 'detectors',
    isRequired: true,
    make: () => detectorTable(detectors),
  },
  {
    readme: 'processors/README.md',
    section: 'coverage',
    isRequired: true,
    make: () => coverageTable(detectors),
  },
  { readme: 'processors/README.md', section: 'data', isRequired: true, make: dataTable },
  { readme: 'edge-agent/README.md', section: 'input-formats', isRequired: false, make: formatTable },
  { readme: 'console/README.md', section: 'connection', isRequired: false, make: connectionTable },
  { readme: 'console/README.md', section: 'rights', isRequired: false, make: rightsTable },
  { readme: 'console/README.md', section: 'metrics', isRequired: false, make: metricsTable },
  errorsOf('topology', topologyError),
  errorsOf('processors', processorsError),
  errorsOf('edge-agent', edgeError),
  errorsOf('console', consoleError),
]

/** The README with its tables made anew. Throws where a required table has no place, or a place no table. */
export function withTables(
  readme: string,
  text: string,
  tables: readonly ReadmeTable[] = readmeTables,
): string {
  const own = tables.filter((table) => table.readme === readme)
  const places = sectionsOf(text)
  for (const place of places) {
    if (!own.some(({ section }) => section === place)) throw new Error(`nothing makes the table '${place}'`)
  }
  return own
    .filter(({ section, isRequired }) => isRequired || places.includes(section))
    .reduce((made, { section, make }) => withSection(made, section, make()), text)
}

function dataTable(): string {
  const rows = dataListNames.map((name) => {
    const { says, form, file, settings }: DataList = dataLists[name]
    const files = file.split(', ').map((one) => `[${one}](data/${one})`)
    return [
      `\`${name}\``,
      says,
      form,
      files.join(', '),
      settings.map(([id, own]) => `\`${id}.${own}\``).join(', ') || '–',
    ]
  })
  return markdownTable(['List', 'Holds', 'A line', 'Comes from', 'Default of'], rows)
}

export function detectorTable(list: readonly Detector[]): string {
  const rows = list.map((detector) => [
    `\`${detector.id}\``,
    detector.claim,
    `${kindsOf(detector).join(', ')} · ${detector.key.name}`,
    detector.level,
    detector.techniques.join(', '),
    detector.misfires,
    Object.entries(detector.settings)
      .map(([name, setting]) => `\`${name}\` ${settingText(setting.default)}`)
      .join(', '),
  ])
  return markdownTable(
    ['Detector', 'Claim', 'Reads · key', 'Level', 'Technique', 'Misfires', 'Settings'],
    rows,
  )
}

/** Long lists would drown the row: `weir detectors` prints them. */
function settingText(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  const text = value.join(' ')
  return text.length <= 30 ? text : `(${value.length} of them)`
}

function formatTable(): string {
  return markdownTable(
    ['`--input-kind`', 'Reads'],
    parsers.map(({ id, reads }) => [`\`${id}\``, reads]),
  )
}

function metricsTable(): string {
  const rows = [detectionMetrics, topologyMetrics].flatMap(({ prefix, rows: own }) =>
    Object.entries(own).map(([name, row]) => {
      const labels = 'labels' in row ? row.labels.join(', ') : ''
      return [`\`${prefix}_${name}\``, row.kind, labels, row.help]
    }),
  )
  return markdownTable(['Metric', 'Kind', 'Labels', 'Says'], rows)
}

function connectionTable(): string {
  const rows = Object.entries(connectionRows).map(([name, { option, env, says }]) => [
    `\`${option}\``,
    `\`${env}\``,
    `\`kafka.${name}\``,
    says,
  ])
  return markdownTable(['Option', 'Environment', 'Settings file', 'Says'], rows)
}

function rightsTable(): string {
  const rows = Object.entries(rights).flatMap(([deployable, list]) =>
    list.map(({ over, name, isPrefix, may }, at) => [
      at === 0 ? `\`weir ${deployable}\`` : '',
      `${over} \`${name}${isPrefix ? '*' : ''}\``,
      may.join(', '),
    ]),
  )
  return markdownTable(['Program', 'Over', 'Rights'], rows)
}

type ErrorTable = Readonly<Record<string, () => WeirError>>

function errorsOf(folder: string, table: ErrorTable): ReadmeTable {
  return {
    readme: `${folder}/README.md`,
    section: 'errors',
    isRequired: false,
    make: () => errorTable(table),
  }
}

/** Placeholders stand in braces, as nothing fills them here. */
function errorTable(table: ErrorTable): string {
  const rows = Object.values(table).map((make) => {
    const { code, message, fix } = make()
    return [`\`${code}\``, message, fix]
  })
  return markdownTable(['Code', 'Says', 'What to do'], rows)
}
