import { type Topic, topics } from '../topics.ts'
import { isHead } from './record-types.ts'
import type { SchemaFolder } from './schema-folder.ts'

/** The text of `README.md` with its tables made anew; all outside their marks is kept. */
export function withTables(readme: string, folder: SchemaFolder): string {
  return replaced(replaced(readme, 'topics', topicTable()), 'record kinds', kindTable(folder))
}

function topicTable(): string {
  const row = <T>(topic: Topic<T>) => [
    `\`${topic.name}\``,
    topic.holds,
    topic.key,
    `\`${topic.valueName}\``,
    String(topic.partitions),
    Number.isFinite(topic.retentionMs) ? days(topic.retentionMs) : 'for ever',
    cleanup(topic),
  ]
  return table([
    ['Topic', 'Holds', 'Key', 'Value', 'Partitions', 'Kept', 'Cleanup'],
    row(topics.flows),
    row(topics.evidence),
    row(topics.alerts),
    row(topics.alertsJson),
    row(topics.suppressed),
    row(topics.intel),
    row(topics.allowlist),
    row(topics.deadLetters),
  ])
}

function cleanup<T>(topic: Topic<T>): string {
  return topic.minCompactionLagMs === 0
    ? topic.cleanupPolicy
    : `${topic.cleanupPolicy}, compacted after ${days(topic.minCompactionLagMs)}`
}

function days(ms: number): string {
  return `${ms / (24 * 60 * 60 * 1000)} d`
}

function kindTable({ kinds }: SchemaFolder): string {
  const rows = kinds.map(({ kind, doc, fields }) => {
    const own = fields.filter((field) => !isHead(field)).map((field) => `\`${field.name}\``)
    return [`\`${kind}\``, own.join(', '), doc]
  })
  return table([['Kind', 'Fields after the head', 'Note'], ...rows])
}

/** Padded to the width of each column, which is how the formatter wants Markdown; the first row is the heading. */
function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  const lines = cells.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  return lines.join('\n')
}

function replaced(text: string, table: string, content: string): string {
  const [start, end] = [`<!-- ${table}: generated -->\n`, `\n<!-- ${table}: end -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) return text
  return text.slice(0, from + start.length) + content + text.slice(to)
}
