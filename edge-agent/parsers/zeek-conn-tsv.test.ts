import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connOf } from './zeek-conn.ts'
import { ConnRows } from './zeek-conn-tsv.ts'
import { ZeekHeader } from './zeek-header.ts'
import { TsvRow } from './zeek-tsv.ts'

const names =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig history orig_pkts resp_pkts orig_l2_addr resp_l2_addr label detailedlabel'.split(
    ' ',
  )

/** For each column what it may hold, the odd and the damaged among them. */
const values: Readonly<Record<string, readonly string[]>> = {
  ts: [
    '1709510400.123456',
    '0.000000',
    '1709510400',
    '1709510400.5',
    '1709510400123.5',
    '2024-03-04T00:00:00Z',
    '4102444799.999999',
    '4102444800.000000',
    '253402300799.000000',
    '-1.5',
    '-',
    '',
    'x',
    '1.12345x',
    '.500000',
  ],
  uid: ['CaBcDeFgHiJkLmNoPq', 'C1', '-', '', '(empty)', 'C'.repeat(100), 'Cü'],
  'id.orig_h': [
    '10.0.0.5',
    '255.255.255.255',
    '2001:DB8::1',
    '::ffff:1.2.3.4',
    'fe80::1%eth0',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '1.2.3.4.5',
    '1111.2.3.4',
    '...',
    '-',
    '',
    'host',
  ],
  'id.orig_p': ['50000', '0', '65535', '65536', '00080', '000080', '-', '', '-1', '8x'],
  'id.resp_h': ['93.184.216.34', '0.0.0.0', 'ff02::1', '(empty)'],
  'id.resp_p': ['443', '3', '99999', '-'],
  proto: ['tcp', 'udp', 'icmp', 'TCP', 'icmp6', 'unknown_transport', '-', '(empty)', 'sctp'],
  service: ['-', 'ssl', 'SSL,http', '(empty)', 'gssapi,smb,krb,ntlm,dce_rpc,more', 'a\\x2cb'],
  duration: [
    '-',
    '1.500000',
    '0.000000',
    '1',
    '1.5',
    '-0.000123',
    '1.2e-05',
    '86400.000001',
    '123456789012.000000',
    'soon',
    '1.00000x',
    '.5',
  ],
  orig_bytes: [
    '-',
    '0',
    '100',
    '9007199254740991',
    '9007199254740992',
    '18446744073709551615',
    '-5',
    '1.5',
    '000000000000000001',
    '1e3',
  ],
  resp_bytes: ['-', '2000', ''],
  conn_state: ['SF', 'S0', 'OTH', '-', '(empty)', 'what', 'RSTOS0'],
  local_orig: ['T', '-'],
  history: ['ShADadFf', '-', '(empty)', 'S'.repeat(60), 'Dd'],
  orig_pkts: ['5', '-', 'x'],
  resp_pkts: ['7', '-'],
  orig_l2_addr: ['-', '00:1A:2B:3C:4D:5E', 'nonsense'],
  resp_l2_addr: ['-', 'ff:ff:ff:ff:ff:ff'],
  label: ['-', 'Malicious', '(empty)'],
  detailedlabel: ['-', 'C&C', 'From_malicious-To_benign-HTTP-with-a-long-name'],
}

/** A small generator with a seed, so that a failure can be had again. */
function randoms(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
}

test('the fast reader says of any row what the long way says, or leaves it to the long way', () => {
  const random = randoms(7)
  let fast = 0
  let records = 0
  for (let headerNumber = 0; headerNumber < 40; headerNumber++) {
    const columns = names.filter((name) => name === 'ts' || random(10) > 0)
    for (let i = columns.length - 1; i > 0; i--) {
      const j = random(i + 1)
      const column = columns[i] ?? ''
      columns[i] = columns[j] ?? ''
      columns[j] = column
    }
    const header = new ZeekHeader()
    header.take(`#fields\t${columns.join('\t')}`)
    const rows = ConnRows.of(header, 'lab', 60)
    assert.ok(rows !== null)
    const long = new TsvRow(header, 60)
    for (let n = 0; n < 500; n++) {
      const cells = columns.map((column) => {
        const choice = values[column] ?? ['-']
        // The usual value mostly, else few rows would get past their first oddity.
        return choice[random(8) > 0 ? 0 : random(choice.length)] ?? ''
      })
      if (random(20) === 0) cells.length = random(cells.length)
      if (random(20) === 0) cells.push('more')
      const line: string = cells.join('\t') + (random(20) === 0 ? '\r' : '')
      const short: ReturnType<ConnRows['read']> = rows.read(line, n)
      if (short === null) continue
      fast++
      assert.equal(long.split(line, n), 0, line)
      const whole = connOf(long, 'lab')
      if (whole.kind === 'conn') {
        records++
        assert.deepEqual(Object.keys(short), Object.keys(whole))
      }
      assert.deepEqual(short, whole, line)
    }
  }
  assert.ok(fast > 10_000 && records > 2_000, `${fast} rows fast, ${records} of them records`)
})

test('a header with other marks, twice the same field or a sensor column is left to the long way', () => {
  const of = (...lines: string[]): ConnRows | null => {
    const header = new ZeekHeader()
    for (const line of lines) header.take(line)
    return ConnRows.of(header, 'lab', 0)
  }
  assert.notEqual(of('#fields\tts\tuid'), null)
  assert.equal(of('#separator |', '#fields|ts|uid'), null)
  assert.equal(of('#unset_field\tNONE', '#fields\tts\tuid'), null)
  assert.equal(of('#empty_field\tEMPTY', '#fields\tts\tuid'), null)
  assert.equal(of('#fields\tts\tuid\tuid'), null)
  assert.equal(of('#fields\tts\tdetailedlabel\tdetailed-label'), null)
  assert.equal(of('#fields\tts\tuid\t_node_name'), null)
  assert.equal(of('#fields\tts'), null)
})
