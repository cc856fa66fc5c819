import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connOf } from './zeek-conn.ts'
import { ordinaryConn } from './zeek-conn-json.ts'
import { JsonRow } from './zeek-json.ts'

/** For each field what it may hold, the usual first. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  ts: [
    1709510400.123456,
    '2024-03-04T00:00:00.5Z',
    '1709510400.5',
    1709510400123,
    -1,
    null,
    'x',
    true,
    1e300,
  ],
  uid: ['CaBcDeFgHiJkLmNoPq', '', '-', 17, null],
  'id.orig_h': ['10.0.0.5', '2001:DB8::1', '::ffff:1.2.3.4', 'host', '-', 7, null],
  'id.orig_p': [50000, 0, 65536, -0, -1, 1.5, '80', '-', null],
  'id.resp_h': ['93.184.216.34', 'ff02::1', '1.2.3.4.5'],
  'id.resp_p': [443, '8x', null],
  proto: ['tcp', 'udp', 'icmp', 'UDP', 'icmp6', 'unknown_transport', '-', 6],
  service: ['ssl', null, 'SSL,http', ['ssl', 'HTTP'], '(empty)', '-'],
  duration: [0.012166976928710938, null, 0, -0.5, 1e300, '1.5', 'x'],
  orig_bytes: [100, 0, -0, -5, 1.5, 9007199254740992, '10', '-', null],
  resp_bytes: [2000, null],
  conn_state: ['SF', 'S0', 'OTH', '-', null, 5],
  history: ['ShADadFf', null, '-', '(empty)'],
  orig_pkts: [5, null, {}],
  resp_pkts: [7],
  orig_l2_addr: [undefined, '00:1A:2B:3C:4D:5E', '-', 'nonsense', 5],
  label: [undefined, 'Malicious', '(empty)'],
  detailedlabel: [undefined, 'C&C', '-'],
  'detailed-label': [undefined, 'Other'],
  _node_name: [undefined, 'worker-1', '-'],
  _system_name: [undefined, 'box', null],
}

test('the fast reader says of any object what the long way says, or leaves it to the long way', () => {
  let state = 7
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
  const row = new JsonRow(60)
  let fast = 0
  let records = 0
  for (let n = 0; n < 20_000; n++) {
    const object: Record<string, unknown> = {}
    for (const [name, choice] of Object.entries(values)) {
      if (random(30) > 0) object[name] = choice[random(12) > 0 ? 0 : random(choice.length)]
    }
    const line = JSON.stringify(object)
    assert.ok(row.parse(line, n))
    const short = ordinaryConn(row.object, 'lab', 60)
    if (short === null) continue
    fast++
    const whole = connOf(row, 'lab')
    if (whole.kind === 'conn') {
      records++
      assert.deepEqual(Object.keys(short), Object.keys(whole))
    }
    assert.deepEqual(short, whole, line)
  }
  assert.ok(fast > 2_000 && records > 2_000, `${fast} objects fast, ${records} of them records`)
})
