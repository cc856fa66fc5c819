/** How a command reaches the brokers and the registry: its options over the environment over the settings file. */
import { dirname, resolve } from 'node:path'
import { type Checked, oneOf } from '../analyze/setting-checks.ts'
import { readSettingsFile, readText } from '../analyze/settings-file.ts'
import { consoleError } from '../errors.ts'
import { applicationName, defaultApplication } from './application.ts'
import {
  type ConnectionName,
  type ConnectionTexts,
  connectionNames,
  connectionOptionOf,
  connectionRows,
} from './connection-settings.ts'

export type Env = Readonly<Record<string, string | undefined>>

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const

export type Sasl = {
  readonly mechanism: (typeof mechanisms)[number]
  readonly username?: string
  readonly password?: string
  readonly token?: () => string
}

export type Connection = {
  readonly brokers: readonly string[]
  /** PEM texts; `null`: no TLS. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | null
  readonly sasl: Sasl | null
  readonly registry: {
    readonly url: string
    readonly ca: string | null
    readonly login: { readonly username: string; readonly password: string } | null
  } | null
  /** Whose group and topics. */
  readonly application: string
}

/** Throws a `WeirError` that names everything that is wrong or missing. */
export function readConnection(
  options: Readonly<Record<string, unknown>>,
  env: Env,
  command: string,
): Connection {
  const checked = checkConnection(options, env)
  if ('wrong' in checked) throw consoleError.BAD_OPTION({ wrong: checked.wrong.join('; '), command })
  return checked.value
}

/** The same for who has other options to complain of beside it. Throws when a file cannot be read. */
export function checkConnection(options: Readonly<Record<string, unknown>>, env: Env): Checked<Connection> {
  const config = typeof options.config === 'string' ? options.config : null
  const texts = gather(options, env, config)
  const wrong: string[] = []
  const brokers = (texts.brokers ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  if (brokers.length === 0) {
    wrong.push(
      '--brokers, WEIR_BROKERS or kafka.brokers of the settings file must name a broker, as host:port',
    )
  }
  for (const each of brokers) {
    if (!/^(?:\[[^\]]+\]|[^:\s]+):\d{1,5}$/.test(each))
      wrong.push(`broker '${each}' is not of the form host:port`)
  }
  if ((texts.cert === undefined) !== (texts.key === undefined)) {
    wrong.push('a certificate and its key (--tls-cert, --tls-key) go together')
  }
  const sasl = saslOf(texts, options, env, wrong)
  const registry = registryOf(texts, options, env, wrong)
  const application = applicationName(texts.applicationId ?? defaultApplication, '--application-id')
  if ('wrong' in application) wrong.push(...application.wrong)
  if (wrong.length > 0 || 'wrong' in application) return { wrong }
  return { value: { brokers, tls: tlsOf(texts), sasl, registry, application: application.value } }
}

/** Whether brokers are named anywhere: by an option, in the environment or in the settings file. */
export function namesBrokers(options: Readonly<Record<string, unknown>>, env: Env): boolean {
  const config = typeof options.config === 'string' ? options.config : null
  return gather(options, env, config).brokers !== undefined
}

function gather(
  options: Readonly<Record<string, unknown>>,
  env: Env,
  config: string | null,
): ConnectionTexts {
  const file = config === null ? {} : (readSettingsFile(config).kafka ?? {})
  const texts: { [K in ConnectionName]?: string } = {}
  for (const name of connectionNames()) {
    const { env: variable, kind } = connectionRows[name]
    const ofFile = file[name]
    const found =
      connectionOptionOf(options, name) ??
      nonEmpty(env[variable]) ??
      (ofFile !== undefined && kind === 'file' && config !== null ? resolve(dirname(config), ofFile) : ofFile)
    if (found !== undefined) texts[name] = found
  }
  return texts
}

function tlsOf({ tls, ca, cert, key }: ConnectionTexts): Connection['tls'] {
  const isOn = tls === undefined ? ca !== undefined || cert !== undefined : !/^(?:false|0|no|off)$/i.test(tls)
  if (!isOn) return null
  return {
    ...(ca === undefined ? {} : { ca: readText(ca) }),
    ...(cert === undefined ? {} : { cert: readText(cert) }),
    ...(key === undefined ? {} : { key: readText(key) }),
  }
}

function saslOf(
  texts: ConnectionTexts,
  options: Readonly<Record<string, unknown>>,
  env: Env,
  wrong: string[],
): Sasl | null {
  if (texts.sasl === undefined) {
    if (texts.user !== undefined) wrong.push('--sasl-user needs --sasl, which says how the user is let in')
    return null
  }
  const checked = oneOf(mechanisms)(texts.sasl.toUpperCase(), '--sasl')
  if ('wrong' in checked) {
    wrong.push(...checked.wrong)
    return null
  }
  const mechanism = checked.value
  if (mechanism === 'OAUTHBEARER') {
    const { tokenFile } = texts
    const ofEnv = nonEmpty(env.WEIR_SASL_TOKEN)
    const isTyped = connectionOptionOf(options, 'tokenFile') !== undefined
    if (ofEnv !== undefined && !isTyped) return { mechanism, token: () => ofEnv }
    if (tokenFile !== undefined) return { mechanism, token: () => readText(tokenFile).trim() }
    wrong.push('OAUTHBEARER needs --sasl-token-file or WEIR_SASL_TOKEN')
    return null
  }
  const password = secret(texts, options, env, 'passwordFile', 'WEIR_SASL_PASSWORD')
  if (texts.user === undefined) wrong.push(`${mechanism} needs --sasl-user`)
  if (password === null) wrong.push(`${mechanism} needs --sasl-password-file or WEIR_SASL_PASSWORD`)
  return texts.user === undefined || password === null ? null : { mechanism, username: texts.user, password }
}

function registryOf(
  texts: ConnectionTexts,
  options: Readonly<Record<string, unknown>>,
  env: Env,
  wrong: string[],
): Connection['registry'] {
  const { registry: url, registryUser: username, ca } = texts
  if (url === undefined) return null
  if (!/^https?:\/\/[^\s/]+/.test(url))
    wrong.push(`registry '${url}' must be an address such as http://registry:8081`)
  const password = secret(texts, options, env, 'registryPasswordFile', 'WEIR_REGISTRY_PASSWORD')
  if ((username === undefined) !== (password === null)) {
    wrong.push(
      'the user of the registry and its password (--registry-user, --registry-password-file) go together',
    )
  }
  const login = username === undefined || password === null ? null : { username, password }
  return { url: url.replace(/\/+$/, ''), ca: ca === undefined ? null : readText(ca), login }
}

/** A secret is never typed: its file may be, and goes first; then the environment; then the file of the settings. */
function secret(
  texts: ConnectionTexts,
  options: Readonly<Record<string, unknown>>,
  env: Env,
  name: 'passwordFile' | 'registryPasswordFile',
  variable: string,
): string | null {
  const path = texts[name]
  const isTyped = connectionOptionOf(options, name) !== undefined
  const ofEnv = nonEmpty(env[variable])
  if (ofEnv !== undefined && !isTyped) return ofEnv
  return path === undefined ? null : readText(path).replace(/\r?\n$/, '')
}

const nonEmpty = (given: string | undefined): string | undefined => (given === '' ? undefined : given)
