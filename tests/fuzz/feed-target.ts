import assert from 'node:assert/strict'
import { feedFormats, feedKinds, IndicatorTable, readFeed } from '@weir/processors'
import { indicatorCodec } from '@weir/schemas'
import { choice, type Target } from './target.ts'

const lines = (...text: readonly string[]) => Buffer.from(`${text.join('\n')}\n`)

/** Feeds of every format: what comes of them can be listed, asked for, and sent, whatever they hold. */
export const feedTarget: Target = {
  name: 'feed',
  seeds: [
    lines('# a list', '93.184.216.34', '203.0.114.0/24', 'hxxp://evil.example[.]net/a?b=1', '2606:4700::/32'),
    lines(
      '"first_seen","ioc","threat"',
      '"2024-05-13","evil.example.net","botnet"',
      '"2024-05-14","1.2.3.4:443","c2"',
    ),
    lines(
      'ja3_md5,Firstseen,Lastseen,Listingreason',
      'b386946a5a44d1ddcc843bc75336dfce,2017-07-14,2019-07-27,Dridex',
    ),
    lines('[{"ip":"93.184.216.34","score":90,"tags":["a"]},{"domain":"evil.example.net"}]'),
    lines(
      '{"type":"bundle","objects":[{"type":"indicator","pattern_type":"stix","pattern":"[ipv4-addr:value = \'93.184.216.34\' OR domain-name:value = \'evil.example.net\']","valid_until":"2030-01-01T00:00:00Z","labels":["c2"]}]}',
    ),
    lines(
      '{"Event":{"info":"x","Tag":[{"name":"tlp:white"}],"Attribute":[{"type":"ip-dst|port","value":"93.184.216.34|443","to_ids":true},{"type":"sha256","value":"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03","to_ids":true}]}}',
    ),
  ],
  check(input) {
    const table = new IndicatorTable()
    const kind = choice(input, 4) === 0 ? (feedKinds[choice(input, feedKinds.length)] ?? null) : null
    const { indicators, rejected } = readFeed(input.toString('utf8'), {
      feed: 'fuzz',
      format: feedFormats[choice(input, feedFormats.length)] ?? 'auto',
      level: null,
      confidence: null,
      expiresMs: null,
      kind,
      tags: [],
    })
    for (const indicator of indicators) {
      assert.ok(indicator.confidence >= 0 && indicator.confidence <= 1, 'a confidence outside its bounds')
      assert.deepEqual(indicatorCodec.decode(indicatorCodec.encode(indicator)), indicator)
      table.put(indicator)
      const { value } = indicator
      if (indicator.kind === 'ip') assert.ok(table.address(value, 0) !== null || indicator.expiresMs !== null)
      if (indicator.kind === 'domain')
        assert.ok(table.domain(`a.${value}`, 0) !== null || indicator.expiresMs !== null)
    }
    for (const { kind: its, value } of indicators) table.remove(its, value, 'fuzz')
    assert.ok(table.isEmpty, 'something is listed after all was taken back')
    for (const count of rejected.values()) assert.ok(count > 0)
  },
}
