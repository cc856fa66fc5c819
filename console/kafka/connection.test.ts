import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { Command } from 'commander'
import { folderWith } from '../testing/weir-run.ts'
import { type Env, readConnection } from './connection.ts'
import { connectionRows, withConnectionOptions } from './connection-settings.ts'

function connection(typed: readonly string[], env: Env = {}) {
  const command = withConnectionOptions(new Command('x')).exitOverride()
  command.parse(typed, { from: 'user' })
  return readConnection(command.opts(), env, 'x')
}

function complaint(typed: readonly string[], env: Env = {}): string {
  try {
    connection(typed, env)
  } catch (error) {
    assert.ok(error instanceof WeirError, String(error))
    return error.message
  }
  throw new assert.AssertionError({ message: `${typed.join(' ')} is not refused` })
}

describe('where things are', () => {
  test('is typed, or else in the environment, or else in the settings file', (t) => {
    const folder = folderWith(t, { 'weir.yaml': 'kafka: {brokers: ["c:3", "d:4"], registry: "http://c"}\n' })
    const config = ['--config', join(folder, 'weir.yaml')]
    const env = { WEIR_BROKERS: 'b:2', WEIR_REGISTRY: '' }
    assert.deepEqual(connection([...config, '--brokers', 'a:1'], env).brokers, ['a:1'])
    assert.deepEqual(connection(config, env).brokers, ['b:2'])
    assert.deepEqual(connection(config).brokers, ['c:3', 'd:4'])
    assert.equal(connection(config, env).registry?.url, 'http://c')
    assert.equal(connection(config).application, 'weir')
    assert.equal(connection(config, { WEIR_APPLICATION_ID: 'two' }).application, 'two')
  })

  test('is plain unless something speaks for TLS', (t) => {
    const folder = folderWith(t, { 'ca.pem': 'CA', 'weir.yaml': 'kafka: {brokers: ["c:3"], ca: ca.pem}\n' })
    assert.equal(connection(['--brokers', 'a:1']).tls, null)
    assert.deepEqual(connection(['--brokers', 'a:1', '--tls']).tls, {})
    assert.deepEqual(connection(['--brokers', 'a:1'], { WEIR_TLS: 'true' }).tls, {})
    assert.deepEqual(connection(['--config', join(folder, 'weir.yaml')]).tls, { ca: 'CA' }, 'beside the file')
    const off = connection(['--config', join(folder, 'weir.yaml')], { WEIR_TLS: 'false' })
    assert.equal(off.tls, null)
  })

  test('passwords come from files and the environment', (t) => {
    const folder = folderWith(t, { password: 'of file\n' })
    const path = join(folder, 'password')
    const typed = ['--brokers', 'a:1', '--sasl', 'scram-sha-512', '--sasl-user', 'me']
    const { sasl } = connection([...typed, '--sasl-password-file', path], { WEIR_SASL_PASSWORD: 'of env' })
    assert.deepEqual(sasl, { mechanism: 'SCRAM-SHA-512', username: 'me', password: 'of file' })
    assert.equal(connection(typed, { WEIR_SASL_PASSWORD: 'of env' }).sasl?.password, 'of env')
    const both = { WEIR_SASL_PASSWORD: 'of env', WEIR_SASL_PASSWORD_FILE: path }
    assert.equal(connection(typed, both).sasl?.password, 'of env')
  })

  test('no option takes a password', () => {
    for (const { option } of Object.values(connectionRows)) {
      assert.ok(!/password|token/.test(option) || option.endsWith('-file <file>'), option)
    }
  })

  test('a token file is read for every connection', (t) => {
    const folder = folderWith(t, { token: 'abc\n' })
    const typed = ['--brokers', 'a:1', '--sasl', 'OAUTHBEARER', '--sasl-token-file', join(folder, 'token')]
    assert.equal(connection(typed).sasl?.token?.(), 'abc')
  })

  for (const [typed, said] of [
    [[], /^--brokers, WEIR_BROKERS or kafka\.brokers of the settings file must name a broker/],
    [['--brokers', 'kafka'], /^broker 'kafka' is not of the form host:port$/],
    [['--brokers', 'a:1', '--tls-cert', 'x'], /a certificate and its key .* go together/],
    [['--brokers', 'a:1', '--tls-ca', '/no/such/file'], /^\/no\/such\/file cannot be read/],
    [['--brokers', 'a:1', '--sasl', 'kerberos'], /--sasl 'KERBEROS' must be one of PLAIN, SCRAM-SHA-256/],
    [['--brokers', 'a:1', '--sasl', 'plain'], /PLAIN needs --sasl-user; PLAIN needs --sasl-password-file or/],
    [['--brokers', 'a:1', '--sasl', 'oauthbearer'], /needs --sasl-token-file or WEIR_SASL_TOKEN/],
    [['--brokers', 'a:1', '--sasl-user', 'me'], /--sasl-user needs --sasl/],
    [['--brokers', 'a:1', '--registry', 'registry'], /registry 'registry' must be an address/],
    [['--brokers', 'a:1', '--registry', 'http://r', '--registry-user', 'me'], /go together/],
  ] as const) {
    test(`'${typed.join(' ')}' is refused with what is wrong`, () => {
      assert.match(complaint(typed), said)
    })
  }
})
