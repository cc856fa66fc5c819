import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { detectors } from './registry.ts'
import { count, flag, number, ratio, type Setting, steps, texts } from './settings.ts'

function accepts<T>(setting: Setting<T>, values: readonly unknown[]): void {
  for (const value of values) assert.deepEqual(setting.parse(value), { value })
}

function refuses<T>(setting: Setting<T>, values: readonly unknown[], wrong: RegExp): void {
  for (const value of values) {
    const parsed = setting.parse(value)
    assert.ok('wrong' in parsed, `${JSON.stringify(value)} was accepted`)
    assert.match(parsed.wrong, wrong)
  }
}

describe('a setting', () => {
  test('count takes whole numbers from 0 alone', () => {
    accepts(count(3, ''), [0, 3, 1_000_000])
    refuses(count(3, ''), [-1, 1.5, '3', Number.NaN, 2 ** 53, null], /whole number/)
  })

  test('count and steps take nothing above what there is room for', () => {
    accepts(count(3, '', 64), [0, 64])
    refuses(count(3, '', 64), [65], /^must be a whole number from 0 to 64$/)
    accepts(steps([1], '', 64), [[1, 64]])
    refuses(steps([1], '', 64), [[1, 65]], /^must be an ascending list of whole numbers to 64$/)
  })

  test('says what there is room for, where there is a limit', () => {
    assert.equal(count(3, 'Hosts.', 10_000).says, 'Hosts. At most 10,000.')
    assert.equal(steps([1], 'Hosts.').says, 'Hosts.')
  })

  test('that counts what a detector holds is refused above what it has room for', () => {
    const most = new Map<string, number | null>(
      detectors.flatMap(({ id, settings }) =>
        Object.entries(settings).map(([name, setting]) => [`${id}.${name}`, setting.most] as const),
      ),
    )
    const rows: readonly (readonly [string, number])[] = [
      ['arp-outside-network.steps', 256],
      ['dns-reverse-scan.names', 1_024],
      ['gre-scan.steps', 2_000],
      ['icmp-sweep.hosts', 1_024],
      ['plain-http.perWindow', 1_000],
      ['private-connection.perWindow', 200],
      ['ssh-version-change.perWindow', 32],
      ['unknown-ports-of-a-host.ports', 64],
    ]
    for (const [name, limit] of rows) assert.equal(most.get(name), limit, name)
  })

  test('ratio takes shares from 0 to 1 alone', () => {
    accepts(ratio(0.5, ''), [0, 0.5, 1])
    refuses(ratio(0.5, ''), [-0.1, 1.1, '0.5', Number.POSITIVE_INFINITY], /from 0 to 1/)
  })

  test('number takes any finite number from 0', () => {
    accepts(number(1, ''), [0, 0.25, 1e9])
    refuses(number(1, ''), [-1, Number.POSITIVE_INFINITY, '1', []], /from 0/)
  })

  test('flag takes true and false, not what merely looks so', () => {
    accepts(flag(true, ''), [true, false])
    refuses(flag(true, ''), ['true', 1, null], /true or false/)
  })

  test('texts takes lists of texts that say something', () => {
    accepts(texts([], ''), [[], ['a', 'b']])
    refuses(texts([], ''), ['a', [''], [1], { 0: 'a' }], /list of texts/)
  })

  test('steps takes ascending counts, at least one', () => {
    accepts(steps([6], ''), [[1], [6, 10, 100]])
    refuses(steps([6], ''), [[], [10, 6], [6, 6], [1.5], ['6'], 6], /ascending/)
  })

  test('its default passes its own check', () => {
    for (const setting of [
      count(3, ''),
      ratio(0.5, ''),
      number(2, ''),
      flag(true, ''),
      texts(['a'], ''),
      steps([1, 2], ''),
    ]) {
      assert.deepEqual(setting.parse(setting.default), { value: setting.default })
    }
  })
})
