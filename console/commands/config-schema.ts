import { Command } from 'commander'
import { configSchemaText } from '../analyze/config-schema.ts'
import { readText } from '../analyze/settings-file.ts'
import { consoleError } from '../errors.ts'
import type { Terminal } from '../terminal.ts'

export function configSchemaCommand(terminal: Pick<Terminal, 'out'>): Command {
  return new Command('config-schema')
    .description('Print the JSON Schema of the settings file, for editors and checks.')
    .option('--check <file>', 'print nothing; fail when the file is not what would be printed')
    .addHelpText(
      'after',
      `
Examples:
  weir config-schema > weir.schema.json
  A settings file begins with "$schema": "./weir.schema.json" in JSON,
  or with  # yaml-language-server: $schema=./weir.schema.json  in YAML.
`,
    )
    .action(({ check }: { check?: string }) => {
      if (check === undefined) terminal.out.write(configSchemaText())
      else if (readText(check) !== configSchemaText()) throw consoleError.STALE_SCHEMA({ path: check })
    })
}
