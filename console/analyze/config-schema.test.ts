import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { detectors } from '@weir/processors'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { configSchema, configSchemaText } from './config-schema.ts'
import { fileSettings, parseSettings } from './settings-file.ts'

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(configSchema())

function isRead(text: string): boolean {
  try {
    parseSettings('x', text)
    return true
  } catch {
    return false
  }
}

describe('the schema of the settings file', () => {
  test('is published as it is made', () => {
    const published = join(import.meta.dirname, '../../schemas/json/config.schema.json')
    assert.equal(readFileSync(published, 'utf8'), configSchemaText(), "run './console/weir config-schema'")
    assert.deepEqual(JSON.parse(configSchemaText()), JSON.parse(JSON.stringify(configSchema())))
  })

  test('accepts every default, and so does the reader', () => {
    const file: Record<string, unknown> = { $schema: 'x' }
    for (const [name, setting] of Object.entries(fileSettings)) file[name] = setting.default
    file.detectors = Object.fromEntries(
      detectors.map(({ id, settings }) => [
        id,
        Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default])),
      ]),
    )
    assert.ok(validate(file), JSON.stringify(validate.errors))
    assert.ok(isRead(JSON.stringify(file)))
  })

  test('describes every setting of every detector', () => {
    const text = configSchemaText()
    for (const { id, settings } of detectors) {
      assert.ok(text.includes(`"${id}"`), id)
      for (const [name, { says }] of Object.entries(settings))
        assert.ok(text.includes(JSON.stringify(says)), `${id}.${name}`)
    }
  })

  for (const text of [
    'windo: 5m',
    'window: 5',
    'window: 5 m',
    'window: 0s',
    'window: 000m',
    'window: 2678401s',
    'window: 44641m',
    'window: 745h',
    'window: 32d',
    'window: 00000031d',
    'grace: 0s',
    'grace: 9999999d',
    'popularDomains: ["a b"]',
    'popularDomains: [com]',
    'disabled: [long-conection]',
    'enrichment: {online: {virustotal: {keepFor: 0s}}}',
    'site: [a]',
    'site: a b',
    'homeNetworks: 10.0.0.0/8',
    'direction: both',
    'alertWeight: 0',
    'disabled: [ARP_SCN]',
    'detectors: {port-zeo: {}}',
    'detectors: {port-zero: true}',
    'detectors: {data-upload: {minMegabytes: -1}}',
    'detectors: {data-upload: {minMegabytes: 1, frob: 1}}',
    '[1]',
  ]) {
    test(`refuses ${text}, as the reader does`, () => {
      assert.equal(validate(parse(text)), false)
      assert.equal(isRead(text), false)
    })
  }

  for (const text of [
    '{}',
    'window: 90s',
    'window: 2678400s',
    'window: 44640m',
    'window: 744h',
    'window: 31d',
    'grace: 0000001s',
    'popularDomains: [Example.com, a.b-c.example]',
    'disabled: [long-connection, LONG_CONNECTION]',
    'detectors: {port-zero: false, data-upload: {minMegabytes: 7}}',
    'disabled: [ARP_SCAN]',
  ]) {
    test(`accepts ${text}, as the reader does`, () => {
      assert.ok(validate(parse(text)), JSON.stringify(validate.errors))
      assert.ok(isRead(text))
    })
  }
})
