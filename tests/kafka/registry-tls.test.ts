import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { alertCodec } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { readConnection } from '../../console/kafka/connection.ts'
import { openCodecs } from '../../console/kafka/record-codecs.ts'
import { SchemaRegistry } from '../../console/kafka/schema-registry.ts'
import { sampleAlert } from '../../schemas/sample-records.ts'
import { Workspace } from '../scenarios/analysis.ts'
import { brokerCertificates, strangeAuthority } from './broker/certificates.ts'
import { registryUrl } from './broker/registry.ts'
import { readSettings } from './broker/settings.ts'
import { freshPrefix } from './broker-under-test.ts'
import { registryBehindTls } from './registry-proxy.ts'

const settings = readSettings(process.env, join(import.meta.dirname, '..', '..'))
const { ca, broker } = brokerCertificates(settings)
const password = 'pa:ss wörd'
const proxy = await registryBehindTls(process.env.WEIR_REGISTRY ?? registryUrl(settings), broker, {
  username: 'weir',
  password,
})
const workspace = new Workspace()
after(() => {
  workspace[Symbol.dispose]()
  return proxy.close()
})

/** As the command line, the environment and the settings file say it. */
function connection(changed: Readonly<Record<string, string>> = {}) {
  const options = { brokers: '127.0.0.1:1', registry: proxy.url, registryUser: 'weir', tlsCa: ca, ...changed }
  return readConnection(options, { WEIR_REGISTRY_PASSWORD: password, WEIR_TLS: 'false' }, 'test')
}

function refused(says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof WeirError, String(error))
    assert.equal(error.code, 'CONSOLE_REGISTRY_FAILED')
    assert.match(error.message, says)
    return true
  }
}

describe('a registry behind TLS and a log-in', () => {
  test('gives ids to who writes, and schemas to who reads', async () => {
    const settled = connection()
    assert.equal(settled.tls, null, 'the brokers may be plain')
    const writing = await openCodecs(settled, 'write')
    const value = writing.alerts.encode(sampleAlert)
    assert.equal(value[0], 0)
    const reading = await openCodecs(settled, 'read')
    const before = proxy.passed()
    const record = { key: '', value, timestampMs: 0, streamTimeMs: 0 }
    const place = { topic: 'weir.alerts.v1', partition: 0, firstOffset: 0, nextOffset: 1, offsets: null }
    await reading.prepare([{ ...place, more: false, encoded: true, records: [record] }])
    assert.ok(proxy.passed() > before)
    assert.deepEqual(reading.alerts.decode(value), sampleAlert)
  })

  test('takes the password from a file', async () => {
    const file = join(workspace.path, 'password')
    writeFileSync(file, `${password}\n`)
    const { registry } = connection({ registryPasswordFile: file })
    assert.ok(registry !== null)
    const id = await new SchemaRegistry(registry, 0).register(`${freshPrefix()}x-value`, alertCodec.schema)
    assert.ok(id > 0)
  })

  test('is refused by name under a certificate of an authority that is not ours, without asking again', async () => {
    const before = proxy.passed()
    for (const other of [strangeAuthority(settings), broker]) {
      const { registry } = connection({ tlsCa: other })
      assert.ok(registry !== null)
      // A minute, if it were asked again.
      const asking = new SchemaRegistry(registry, 60_000).schemaOf(1)
      await assert.rejects(asking, refused(/https:\/\/localhost:.*(certificate|CERT)/i))
    }
    assert.equal(proxy.passed(), before)
  })

  test('says so when it does not let us in', async () => {
    const file = join(workspace.path, 'wrong')
    writeFileSync(file, 'wrong')
    await assert.rejects(
      openCodecs(connection({ registryPasswordFile: file }), 'write'),
      refused(/does not let us in \(401\)/),
    )
  })
})
