/**
 * Where the brokers and the registry are and how they let us in: one table for the command line, the environment and the
 * `kafka` section of the settings file. Everything is text until `connection.ts` puts it together.
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Check, isObject } from '../analyze/setting-checks.ts'
import { didYouMean } from '../nearest-name.ts'

type Row = {
  /** On the command line, with its parameter; the name of the parsed option is its camel case. */
  readonly option: string
  readonly env: string
  readonly says: string
  /** `list` is a list in the file and separated by commas elsewhere; a `file` of the settings file lies beside it. */
  readonly kind: 'text' | 'list' | 'file' | 'flag'
  /** Of the programs that know the application: not of those whose topics are everybody's. */
  readonly ofApplication?: boolean
}

export const connectionRows = {
  brokers: row('--brokers <list>', 'WEIR_BROKERS', 'list', 'Some of the brokers, as host:port.'),
  registry: row(
    '--registry <url>',
    'WEIR_REGISTRY',
    'text',
    'Schema registry that speaks as Confluent does; without one, values carry no schema id.',
  ),
  registryUser: row('--registry-user <name>', 'WEIR_REGISTRY_USER', 'text', 'User of the registry.'),
  registryPasswordFile: row(
    '--registry-password-file <file>',
    'WEIR_REGISTRY_PASSWORD_FILE',
    'file',
    "File with the registry user's password; or the password in WEIR_REGISTRY_PASSWORD.",
  ),
  tls: row('--tls', 'WEIR_TLS', 'flag', 'Talk TLS to the brokers; implied by the certificates below.'),
  ca: row(
    '--tls-ca <file>',
    'WEIR_TLS_CA',
    'file',
    "Certificates, PEM, that vouch for brokers and registry; else the system's.",
  ),
  cert: row('--tls-cert <file>', 'WEIR_TLS_CERT', 'file', 'Our own certificate, PEM, for mutual TLS.'),
  key: row('--tls-key <file>', 'WEIR_TLS_KEY', 'file', 'Its private key, PEM.'),
  sasl: row(
    '--sasl <mechanism>',
    'WEIR_SASL',
    'text',
    'How we log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER; PLAIN only makes sense over TLS.',
  ),
  user: row('--sasl-user <name>', 'WEIR_SASL_USER', 'text', 'User of PLAIN and SCRAM.'),
  passwordFile: row(
    '--sasl-password-file <file>',
    'WEIR_SASL_PASSWORD_FILE',
    'file',
    "File with the user's password; or the password in WEIR_SASL_PASSWORD.",
  ),
  tokenFile: row(
    '--sasl-token-file <file>',
    'WEIR_SASL_TOKEN_FILE',
    'file',
    'File with the token of OAUTHBEARER, read anew for every connection; or the token in WEIR_SASL_TOKEN.',
  ),
  applicationId: {
    ...row(
      '--application-id <id>',
      'WEIR_APPLICATION_ID',
      'text',
      'First word of the names of group, state, evidence, alerts, dead letters and transactional ids; weir.',
    ),
    ofApplication: true,
  },
} as const satisfies Readonly<Record<string, Row>>

export type ConnectionName = keyof typeof connectionRows

/** Each setting as text, of whatever was given. */
export type ConnectionTexts = { readonly [K in ConnectionName]?: string }

function row(option: string, env: string, kind: Row['kind'], says: string): Row {
  return { option, env, says, kind }
}

/** The rows by name; the names are known to be all of them. */
export function connectionNames(): readonly ConnectionName[] {
  return Object.keys(connectionRows).filter((name): name is ConnectionName => name in connectionRows)
}

/**
 * Adds an option for each row, and `--config`. What was parsed is read by `connectionOptionOf`. `knowsApplication`: whether it
 * has to do with the processors and what they write; what is for all applications refuses to be told of one.
 */
export function withConnectionOptions(command: Command, { knowsApplication = true } = {}): Command {
  const rows: readonly Row[] = Object.values(connectionRows)
  for (const { option, env, says, ofApplication } of rows) {
    if (ofApplication === true && !knowsApplication) {
      command.addOption(new Option(option).argParser(refuseApplication).hideHelp())
      continue
    }
    const sentence = says.replace(/\.$/, '')
    command.option(option, `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)} (or ${env})`)
  }
  const known = command.options.some(({ long }) => long === '--config')
  return known ? command : command.option('--config <file>', 'settings file with a kafka section')
}

/** Taken without a word, it would look as if what is done were for one application alone. */
function refuseApplication(): never {
  throw new InvalidArgumentError(
    'Flows, indicators and the allowlist are of all applications on these brokers: leave it out.',
  )
}

/** What was given for a setting on the command line. */
export function connectionOptionOf(
  options: Readonly<Record<string, unknown>>,
  name: ConnectionName,
): string | undefined {
  const given = options[parsedName(connectionRows[name].option)]
  if (given === true) return 'true'
  return typeof given === 'string' ? given : undefined
}

/** `--tls-ca <file>` is parsed as `tlsCa`. */
function parsedName(option: string): string {
  const [long = ''] = option.slice(2).split(' ')
  return long.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The `kafka` section of the settings file. */
export const kafkaSection: Check<ConnectionTexts> = (given, name) => {
  if (!isObject(given))
    return { wrong: [`${name} must map settings to values, such as brokers: [kafka-1:9092]`] }
  const names = connectionNames()
  const problems = Object.keys(given)
    .filter((key) => !names.some((known) => known === key))
    .map(
      (key) => `${name} has no setting '${key}'${didYouMean(key, names) || ` (it has: ${names.join(', ')})`}`,
    )
  const texts: { [K in ConnectionName]?: string } = {}
  for (const key of names) {
    if (!Object.hasOwn(given, key)) continue
    const { kind } = connectionRows[key]
    const text = textOf(kind, given[key])
    if (text === null) problems.push(`${name}.${key} must be ${forms[kind].says}`)
    else texts[key] = text
  }
  return problems.length > 0 ? { wrong: problems } : { value: texts }
}

function textOf(kind: Row['kind'], value: unknown): string | null {
  if (kind === 'flag') return typeof value === 'boolean' ? String(value) : null
  if (kind !== 'list') return typeof value === 'string' && value !== '' ? value : null
  const isList = Array.isArray(value) && value.length > 0
  return isList && value.every((each) => typeof each === 'string' && each !== '') ? value.join(',') : null
}

const text = { type: 'string', minLength: 1 }
const forms = {
  text: { says: 'text', schema: text },
  file: { says: 'the path of a file', schema: text },
  flag: { says: 'true or false', schema: { type: 'boolean' } },
  list: { says: 'a list of texts', schema: { type: 'array', items: text, minItems: 1 } },
} as const

/** JSON Schema of the section. */
export function kafkaSectionSchema(): Readonly<Record<string, unknown>> {
  const properties = Object.entries(connectionRows).map(([name, { says, kind }]) => [
    name,
    { description: says, ...forms[kind].schema },
  ])
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) }
}
