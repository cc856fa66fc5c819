import { type Detector, detectors, kindsOf } from '@weir/processors'
import { techniques } from '@weir/schemas'
import { Command } from 'commander'
import { consoleError } from '../errors.ts'
import { didYouMean } from '../nearest-name.ts'
import { printable } from '../report/printable.ts'
import { type Style, styleFor } from '../report/style.ts'
import { wrap } from '../report/text-width.ts'
import { columnsOf, type Terminal } from '../terminal.ts'

export function detectorsCommand(terminal: Pick<Terminal, 'out' | 'env'>): Command {
  return new Command('detectors')
    .description('List the detectors with what they claim, read, and can be set to.')
    .argument('[ids...]', 'only these')
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      `
Examples:
  weir detectors
  weir detectors horizontal-port-scan
  weir detectors --json | jq -r .[].id

A setting is changed in the settings file of weir analyze --config, here in YAML:
  detectors:
    horizontal-port-scan: {minFailedShare: 0.5}
    unknown-port: false
`,
    )
    .action((ids: string[], options: { json?: boolean }) => {
      const known = detectors.map(({ id }) => id)
      const wrong = ids
        .filter((id) => !known.includes(id))
        .map((id) => `there is no detector '${printable(id)}'${didYouMean(id, known)}`)
      if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'detectors' })
      const chosen = ids.length === 0 ? detectors : detectors.filter((detector) => ids.includes(detector.id))
      if (options.json === true) {
        terminal.out.write(`${JSON.stringify(chosen.map(describe), null, 2)}\n`)
        return
      }
      const width = columnsOf(terminal.out)
      const style = styleFor(terminal.out.isTTY === true, terminal.env)
      terminal.out.write(chosen.map((detector) => `${page(detector, width, style)}\n`).join('\n'))
    })
}

function describe(detector: Detector): object {
  const { id, version, claim, spec, types, level, misfires, key } = detector
  return {
    id,
    version,
    claim,
    spec,
    types,
    level,
    techniques: detector.techniques,
    misfires,
    key: key.name,
    inputs: kindsOf(detector),
    settings: Object.entries(detector.settings).map(([name, setting]) => ({
      name,
      kind: setting.kind,
      default: setting.default,
      says: setting.says,
    })),
  }
}

/** A long list of names is no help on a screen; `--json` has it whole. */
const MOST_DEFAULT = 60

function page(detector: Detector, width: number, style: Style): string {
  const { id, spec, level, claim, key, types, misfires, settings } = detector
  const named = detector.techniques.map((technique) =>
    `${technique} ${techniques.get(technique)?.name ?? ''}`.trimEnd(),
  )
  const under = (text: string) => hanging(text, width)
  const lines = [
    ...heading(id, `${spec}, ${level}`, width, style),
    ...under(claim),
    ...under(`reads ${kindsOf(detector).join(', ')} by ${key.name}; evidence ${types.join(', ')}`),
    ...under(`techniques: ${named.join(', ') || 'none'}`),
    ...under(`misfires: ${misfires}`),
  ]
  for (const [name, setting] of Object.entries(settings)) {
    lines.push(...under(`${name} = ${shortly(setting.default)}   ${setting.says}`))
  }
  return lines.join('\n')
}

/** On one line where there is room for it. */
function heading(id: string, rest: string, width: number, style: Style): string[] {
  const fits = id.length + 2 + rest.length <= width
  return fits ? [`${style.bold(id)}  ${style.dim(rest)}`] : [style.bold(id), `  ${style.dim(rest)}`]
}

function shortly(value: unknown): string {
  const text = JSON.stringify(value)
  return Array.isArray(value) && text.length > MOST_DEFAULT ? `(${value.length} of them)` : text
}

function hanging(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, i) => (i === 0 ? `  ${line}` : `    ${line}`))
}
