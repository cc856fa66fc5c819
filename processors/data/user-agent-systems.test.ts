import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SystemFamily, systemOf } from './user-agent-systems.ts'

test('a client runs on what it says, whatever else it names', () => {
  const rows: readonly (readonly [string, SystemFamily | null])[] = [
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36',
      'windows',
    ],
    ['Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) like iPhone', 'windows'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) Edge/44.18363', 'console'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15',
      'apple',
    ],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15', 'apple'],
    ['server-bag [iPhone OS,12.4,16G77,iPhone7,2]', 'apple'],
    ['trustd (unknown version) CFNetwork/1408.0.4 Darwin/22.5.0', 'apple'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36', 'android'],
    ['Dalvik/2.1.0 (Linux; U; Android 9)', 'android'],
    ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36', 'chromeos'],
    ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/110.0', 'linux'],
    ['Debian APT-HTTP/1.3 (2.4.6)', 'linux'],
    ['Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/538.1', 'television'],
    ['Microsoft-CryptoAPI/10.0', 'windows'],
    ['curl/8.5.0', null],
    ['Microsoft Office/16.0', null],
    ['', null],
    [`${'x'.repeat(600)}Windows`, null],
  ]
  for (const [agent, family] of rows) assert.equal(systemOf(agent), family, agent)
})
