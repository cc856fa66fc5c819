import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { type AllowRule, allowRuleCodec, topics } from '@weir/schemas'
import { ManualClock } from '@weir/topology/kit'
import type { Batch } from '@weir/topology/transport'
import { openCodecs } from './record-codecs.ts'
import { SchemaLessons } from './schema-lessons.ts'

/** A registry that has one more schema, number 77, and says how it was asked. */
async function registry() {
  const asked: number[] = []
  let connections = 0
  let underWay = 0
  let mostUnderWay = 0
  const server = createServer((request, response) => {
    request.resume()
    if (request.method === 'POST') return void response.end('{"id":1}')
    const id = Number(request.url?.split('/').at(-1))
    asked.push(id)
    underWay += 1
    mostUnderWay = Math.max(mostUnderWay, underWay)
    setTimeout(() => {
      underWay -= 1
      response.statusCode = id === 77 ? 200 : 404
      response.end(JSON.stringify(id === 77 ? { schema: allowRuleCodec.schema } : { error_code: 40_403 }))
    }, 5)
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    counts: () => ({ connections, mostUnderWay }),
    close: () => server.closeAllConnections() ?? server.close(),
  }
}

const rule: AllowRule = {
  type: 'ip',
  value: '10.0.0.5',
  direction: 'both',
  ignore: 'both',
  expiresMs: null,
  comment: '',
}
const bare = allowRuleCodec.encode(rule)

function framed(id: number): Uint8Array {
  const value = Buffer.concat([Buffer.alloc(5), bare])
  value.writeUInt32BE(id, 1)
  return value
}

function batchOf(ids: readonly number[]): Batch {
  const records = ids.map((id) => ({ key: 'k', value: framed(id), timestampMs: 0, streamTimeMs: 0 }))
  const place = { topic: topics.allowlist.name, partition: 0, firstOffset: 0, offsets: null, more: false }
  return { ...place, records, encoded: true, nextOffset: records.length }
}

test('a flood of ids that the registry has not costs it a few questions, and a schema of many values is learnt all the same', async (t) => {
  const { asked, url, counts, close } = await registry()
  t.after(close)
  const codecs = await openCodecs({ registry: { url, ca: null, login: null } }, 'write')
  const before = counts().connections
  const flood = Array.from({ length: 500 }, (_, at) => 1_000_000 + at)
  await codecs.prepare([batchOf([...flood, 77, 77])])
  assert.deepEqual(codecs.allowlist.decode(framed(77)), rule)
  assert.equal(asked.length, 65)
  assert.throws(() => codecs.allowlist.decode(framed(1_000_000)), /is not in the registry/)
  assert.throws(() => codecs.allowlist.decode(framed(1_000_499)), /was not asked for/)
  assert.equal(codecs.prepare([batchOf(flood)]), null)
  const { connections, mostUnderWay } = counts()
  assert.ok(mostUnderWay > 1 && mostUnderWay <= 8, `${mostUnderWay} at a time`)
  assert.ok(connections - before <= 8, `${connections - before} connections`)
})

test('ids that nobody knows are asked for again as time goes on', async () => {
  const clock = new ManualClock()
  let asked = 0
  const schemaOf = async () => {
    asked += 1
    return null
  }
  const lessons = new SchemaLessons({ schemaOf }, clock)
  const codec = { learn: async () => {}, knows: () => false }
  const flood = Array.from({ length: 100 }, (_, id) => ({ id, codec, records: 1 }))
  await lessons.learn(flood)
  assert.equal(asked, 64)
  assert.equal(lessons.learn(flood), null)
  clock.moveBy(3_000)
  await lessons.learn(flood)
  assert.equal(asked, 67)
})

test('what is asked for again while the question goes on is not asked twice, and hears that it failed', async () => {
  const answer = Promise.withResolvers<string | null>()
  let asked = 0
  const schemaOf = () => {
    asked += 1
    return answer.promise
  }
  const lessons = new SchemaLessons({ schemaOf })
  const lesson = { id: 7, codec: { learn: async () => {}, knows: () => false }, records: 1 }
  const first = assert.rejects(async () => lessons.learn([lesson]), /away/)
  const second = assert.rejects(async () => lessons.learn([lesson]), /away/)
  answer.reject(new Error('it is away'))
  await first
  await second
  await assert.rejects(async () => lessons.learn([lesson]), /away/)
  assert.equal(asked, 1)
})
