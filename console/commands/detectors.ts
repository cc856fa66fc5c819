import { type Detector, detectors, kindsOf } from '@weir/processors'
import { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function detectorsCommand(terminal: Terminal): Command {
  return new Command('detectors')
    .description('List the detectors with what they claim, read, and can be set to.')
    .argument('[ids...]', 'only these')
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      '\nExamples:\n  weir detectors\n  weir detectors horizontal-port-scan\n  weir detectors --json | jq -r .[].id\n',
    )
    .action((ids: string[], options: { json?: boolean }, command: Command) => {
      const unknown = ids.filter((id) => !detectors.some((detector) => detector.id === id))
      if (unknown.length > 0)
        command.error(`weir: there is no detector ${unknown.join(', ')}`, { exitCode: 2 })
      const chosen = ids.length === 0 ? detectors : detectors.filter((detector) => ids.includes(detector.id))
      if (options.json === true) terminal.out.write(`${JSON.stringify(chosen.map(describe), null, 2)}\n`)
      else terminal.out.write(chosen.map((detector) => `${page(detector)}\n`).join('\n'))
    })
}

function describe(detector: Detector): object {
  const { id, version, claim, spec, types, level, techniques, misfires, key } = detector
  const settings = Object.entries(detector.settings).map(([name, setting]) => ({
    name,
    kind: setting.kind,
    default: setting.default,
    says: setting.says,
  }))
  return {
    id,
    version,
    claim,
    spec,
    types,
    level,
    techniques,
    misfires,
    key: key.name,
    inputs: kindsOf(detector),
    settings,
  }
}

function page(detector: Detector): string {
  const lines = [
    `${detector.id}  (${detector.spec}, ${detector.level}, ${detector.techniques.join(' ') || 'no technique'})`,
    `  ${detector.claim}`,
    `  reads ${kindsOf(detector).join(', ')} by ${detector.key.name}; evidence ${detector.types.join(', ')}`,
    `  misfires: ${detector.misfires}`,
  ]
  for (const [name, setting] of Object.entries(detector.settings)) {
    lines.push(`  ${name} = ${JSON.stringify(setting.default)}   ${setting.says}`)
  }
  return lines.join('\n')
}
