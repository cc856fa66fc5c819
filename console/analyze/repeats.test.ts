import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openInputs } from '@weir/edge-agent'
import { Repeats } from './repeats.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-repeats-'))
after(() => rmSync(folder, { recursive: true }))

type Row = { readonly ts: number; readonly uid: string; readonly duration?: number }

async function repeatsIn(logs: Readonly<Record<string, readonly Row[]>>): Promise<number> {
  const paths = Object.entries(logs).map(([name, rows]) => {
    const path = join(folder, `${name}.log`)
    const lines = rows.map(({ ts, uid, duration = 0.1 }) =>
      JSON.stringify({
        ts,
        uid,
        'id.orig_h': '10.0.0.5',
        'id.orig_p': 40_000,
        'id.resp_h': '10.0.0.9',
        'id.resp_p': 22,
        proto: 'tcp',
        duration,
        orig_bytes: 0,
        resp_bytes: 0,
        conn_state: 'REJ',
        history: 'Sr',
        orig_pkts: 1,
        orig_ip_bytes: 40,
        resp_pkts: 1,
        resp_ip_bytes: 40,
      }),
    )
    writeFileSync(path, `${lines.join('\n')}\n`)
    return path
  })
  const inputs = await openInputs(paths, {
    site: 'default',
    timezoneMinutes: 0,
    stdin: (async function* () {})(),
    leaveOut: [],
    onReject: () => assert.fail('a line was rejected'),
  })
  const repeats = new Repeats()
  for await (const batch of inputs.batches()) for (const record of batch) repeats.add(record)
  await inputs.close()
  return repeats.count
}

const rows = Array.from({ length: 50 }, (_, i) => ({ ts: 1_676_887_200 + i, uid: `C${i}` }))

test('two logs of different connections at the same moments repeat nothing', async () => {
  assert.equal(await repeatsIn({ a: rows, b: rows.map(({ ts, uid }) => ({ ts, uid: `D${uid}` })) }), 0)
})

test('a connection told of again as it lasts is no repetition', async () => {
  assert.equal(await repeatsIn({ a: [1, 2, 3].map((duration) => ({ ts: 1, uid: 'C1', duration })) }), 0)
})

test('a log beside its own copy repeats every connection', async () => {
  assert.equal(await repeatsIn({ a: rows, b: rows }), 50)
})

test('of logs that overlap, what both tell of is repeated', async () => {
  assert.equal(await repeatsIn({ a: rows.slice(0, 30), b: rows.slice(20) }), 10)
})
