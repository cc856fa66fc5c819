import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { detectors } from '@weir/processors'
import { WeirError } from '@weir/topology/kit'
import { parseSettings } from './settings-file.ts'

function complaint(text: string): string {
  try {
    parseSettings('weir.yaml', text)
  } catch (error) {
    assert.ok(error instanceof WeirError && error.code === 'CONSOLE_BAD_CONFIG')
    assert.ok(error.message.startsWith('the settings file weir.yaml is wrong: '))
    assert.ok(!error.message.includes('\n'))
    return error.message.slice('the settings file weir.yaml is wrong: '.length)
  }
  throw new assert.AssertionError({ message: `${text} is not refused` })
}

describe('a settings file', () => {
  test('is YAML or JSON, and may be empty', () => {
    const expected = { site: 'a', window: 300_000 }
    assert.deepEqual(parseSettings('x', 'site: a\nwindow: 5m\n'), expected)
    assert.deepEqual(parseSettings('x', '{"$schema": "./s.json", "site": "a", "window": "5m"}'), expected)
    assert.deepEqual(parseSettings('x', '\ufeffsite: a\r\nwindow: 5m\r\n'), expected)
    for (const text of ['', '# nothing yet\n', '{}', '---\n']) assert.deepEqual(parseSettings('x', text), {})
  })

  test('sets detectors and switches them off', () => {
    const { detectors: chosen = [] } = parseSettings(
      'x',
      'detectors:\n  port-zero: false\n  data-upload: {minMegabytes: 7}\n',
    )
    assert.equal(chosen.length, detectors.length - 1)
    assert.ok(!chosen.some(({ detector }) => detector.id === 'port-zero'))
    const upload = chosen.find(({ detector }) => detector.id === 'data-upload')
    assert.equal(upload?.config.minMegabytes, 7)
  })

  test('names evidence types by any spelling that is understood', () => {
    const { disabled } = parseSettings('x', 'disabled: [arp-scan, "Vertical Port Scan", DGA]')
    assert.deepEqual([...(disabled ?? [])], ['ARP_SCAN', 'VERTICAL_PORT_SCAN', 'DGA_NXDOMAINS'])
  })

  test('says whether popular sites weigh less, and which these are', () => {
    assert.deepEqual(parseSettings('x', 'popularSites: off'), { popularSites: 'off' })
    assert.deepEqual(parseSettings('x', 'popularSites: lower\npopularDomains: [B.example.com, a.example]'), {
      popularSites: 'lower',
      popularDomains: ['a.example', 'b.example.com'],
    })
  })

  for (const [text, said] of [
    ['windo: 5m', /^it has no setting 'windo' \(did you mean window\?\)$/],
    ['colour: red', /^it has no setting 'colour' \(it has: site, window, .*kafka\)$/],
    ['__proto__: 1', /^it has no setting '__proto__'/],
    ['window: 5', /^window '5' must be a time such as/],
    ['window:', /^window 'null' must be a time/],
    ['site: [a]', /^site '\["a"\]' must be at most 64/],
    ['homeNetworks: 10.0.0.0/8', /^homeNetworks '10\.0\.0\.0\/8' must be a list of address ranges/],
    ['homeNetworks: [1]', /^homeNetworks '\[1\]' must be a list/],
    ['direction: both', /^direction 'both' must be one of out, all/],
    ['popularSites: never', /^popularSites 'never' must be one of off, lower/],
    ['popularDomains: ["*.example.com"]', /^popularDomains '\*\.example\.com' must be a domain/],
    ['popularDomains: example.com', /^popularDomains 'example\.com' must be a list of domains/],
    ['alertWeight: 0', /^alertWeight '0' must be a number above 0/],
    ['alertWeight: .inf', /^alertWeight/],
    ['alertWeight: "2"', /^alertWeight/],
    ['disabled: [ARP_SCN]', /^disabled 'ARP_SCN' is not an evidence type \(did you mean ARP_SCAN\?\)/],
    ['kafka: {brokers: a}', /^kafka\.brokers must be a list of texts$/],
    ['kafka: {broker: [a]}', /^kafka has no setting 'broker' \(did you mean brokers\?\)$/],
    ['kafka: {tls: 1}', /^kafka\.tls must be true or false$/],
    ['detectors: [port-zero]', /^detectors '\["port-zero"\]' must map detectors to their settings/],
    ['detectors: {port-zeo: {}}', /^detectors 'port-zeo' is not a detector \(did you mean port-zero\?\)/],
    ['detectors: {port-zero: true}', /^detectors\.port-zero 'true' must map settings to values, or be false/],
    ['detectors: {data-upload: {minMegabytes: -1}}', /^data-upload\.minMegabytes must be/],
    ['detectors: {data-upload: {frob: 1}}', /^data-upload has no setting 'frob' \(it has: minMegabytes/],
    ['[1]', /^it must map settings to values/],
    ['just text', /^it must map settings to values/],
    ['window: [', / at line \d+, column \d+$/],
    ['window: 5m\nwindow: 6m', /unique at line 2/],
    ['window: !frob 5m', /^Unresolved tag: !frob at line 1/],
    ['a: 1\n---\nb: 1', /^it holds more than one document$/],
    [`a: &a [x, x, x]\nb: &b [${'*a, '.repeat(60)}]\nc: &c [${'*b, '.repeat(60)}]`, /alias/i],
    ['"\\e[31m": 1', /^it has no setting '\\x1b\[31m'/],
  ] as const) {
    test(`with ${JSON.stringify(text.slice(0, 50))} is refused in a sentence`, () => {
      assert.match(complaint(text), said)
    })
  }

  test('has all its problems named at once', () => {
    const message = complaint(
      'windo: 1\nsite: [a]\nhomeNetworks: [x, y]\ndetectors:\n  data-upload: {minMegabytes: -1, frob: 1}\n  frob: {}\n',
    )
    for (const part of [
      "'windo'",
      "site '[",
      "homeNetworks 'x'",
      "homeNetworks 'y'",
      'data-upload.minMegabytes',
      "data-upload has no setting 'frob'",
      "'frob' is not a detector",
    ])
      assert.ok(message.includes(part), part)
  })

  test('with very many problems names some and counts the rest', () => {
    const text = Array.from({ length: 1000 }, (_, i) => `x${i}: 1\n`).join('')
    assert.match(complaint(text), /; and 980 more$/)
  })
})
