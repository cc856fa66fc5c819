import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type OpenTransport, transportContract } from '../transport.contract.ts'
import type { Member, Transport } from '../transport.ts'
import type { EmbeddedTransport } from './embedded-transport.ts'
import { diskTransport, memoryTransport } from './open.ts'

const backlog = 1_000

function underTest(
  transport: EmbeddedTransport,
  restart: OpenTransport['restart'],
  close: () => Promise<void>,
): OpenTransport {
  return {
    transport,
    isAtomic: true,
    sharesMemory: true,
    expelOthers: (group, keep) => transport.expel(group, keep),
    restart,
    close,
  }
}

async function onDisk(directory: string, root: string): Promise<OpenTransport> {
  const transport = await diskTransport(directory, { backlog })
  const restart = async () => {
    // What a killed process leaves behind is what lies on disk at that moment; its lock dies with it.
    const copy = await mkdtemp(join(root, 'copy-'))
    await cp(directory, copy, { recursive: true, filter: (path) => !path.endsWith('LOCK') })
    return onDisk(copy, root)
  }
  return underTest(transport, restart, () => transport.close())
}

transportContract('memory', async () => {
  const transport = memoryTransport({ backlog })
  return underTest(transport, null, () => transport.close())
})

transportContract('disk', async () => {
  const root = await mkdtemp(join(tmpdir(), 'weir-transport-'))
  const opened = await onDisk(join(root, 'state'), root)
  const close = async () => {
    await opened.close()
    await rm(root, { recursive: true })
  }
  return { ...opened, close }
})

async function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-transport-'))
  try {
    await body(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

const record = (key: string) => ({ key, value: { of: key }, timestampMs: 0, streamTimeMs: 0 })
const topic = {
  name: 'in',
  partitions: 2,
  encode: (value: unknown) => new TextEncoder().encode(JSON.stringify(value)),
  keep: 'all',
} as const

async function joinAs(transport: Transport, group: string): Promise<{ member: Member; generation: number }> {
  let generation = -1
  const member = await transport.join(group, [{ topics: ['in'], partitions: 2 }], {
    revoking: async () => {},
    assigned: async (_, given) => {
      generation = given
    },
  })
  return { member, generation }
}

test('in memory values pass as the objects they are and are let go once committed', async () => {
  const transport = memoryTransport()
  await transport.ensureTopics([{ ...topic, partitions: 1 }])
  let generation = 0
  const member = await transport.join('g', [{ topics: ['in'], partitions: 1 }], {
    revoking: async () => {},
    assigned: async (_, given) => {
      generation = given
    },
  })
  const sent = record('a')
  await transport.producer().send('in', [sent])
  const { batches } = await member.fetch(() => 10)
  assert.equal(batches[0]?.records.at(0), sent)
  assert.equal(batches[0]?.encoded, false)
  assert.equal(transport.held('in'), 1)
  const inputs = [{ topic: 'in', partition: 0, offset: 1 }]
  await member.commit({ generation, inputs, outputs: [], changes: [] })
  assert.equal(transport.held('in'), 0)
})

test('a replayed topic gives the records after the committed ones and stores none', () =>
  inDirectory(async (directory) => {
    const sequence = Array.from({ length: 100 }, (_, at) => record(`k${at}`))
    const seen: string[] = []
    for (const run of [0, 1]) {
      const transport = await diskTransport(directory, { replayed: ['in'] })
      await transport.ensureTopics([topic])
      const { member, generation } = await joinAs(transport, 'g')
      for (let at = 0; at < 100; at += 7) await transport.producer().send('in', sequence.slice(at, at + 7))
      const inputs: { topic: string; partition: number; offset: number }[] = []
      for (const batch of (await member.fetch(() => (run === 0 ? 20 : 1_000))).batches) {
        seen.push(...Array.from(batch.records, (each) => each.key))
        inputs.push({ topic: 'in', partition: batch.partition, offset: batch.nextOffset })
      }
      await member.commit({ generation, inputs, outputs: [], changes: [] })
      assert.ok(run === 1 || seen.length < 100)
      await transport.close()
    }
    assert.deepEqual(seen.toSorted(), sequence.map((each) => each.key).toSorted())
  }))

test('a directory in use is refused in words', () =>
  inDirectory(async (directory) => {
    const transport = await diskTransport(directory)
    await assert.rejects(diskTransport(directory), { code: 'TOPO_STATE_LOCKED' })
    await transport.close()
  }))

test('a directory that is damaged, and one that cannot be written, are not taken for one in use', () =>
  inDirectory(async (directory) => {
    const state = join(directory, 'state')
    await (await diskTransport(state)).close()
    for (const name of await readdir(state)) {
      if (name.startsWith('MANIFEST')) await writeFile(join(state, name), 'not of a store\n')
    }
    await assert.rejects(diskTransport(state), {
      code: 'TOPO_STATE_DAMAGED',
      message: /state' is damaged: .+/,
    })
    await writeFile(join(directory, 'file'), '')
    await assert.rejects(diskTransport(join(directory, 'file')), {
      code: 'TOPO_STATE_UNUSABLE',
      message: /file' cannot be used: .+/,
    })
  }))

test('a group that stays away reads from disk when it comes back', () =>
  inDirectory(async (directory) => {
    const transport = await diskTransport(directory)
    await transport.ensureTopics([topic])
    const sequence = Array.from({ length: 2_500 }, (_, at) => record(`k${at}`))
    await transport.producer().send('in', sequence)
    assert.equal(transport.held('in'), 0)
    const { member } = await joinAs(transport, 'late')
    await transport.producer().send('in', [record('fresh')])
    let count = 0
    for (;;) {
      const { batches } = await member.fetch(() => 10_000)
      if (batches.length === 0) break
      for (const batch of batches) count += batch.records.length
    }
    assert.equal(count, 2_501)
    await transport.close()
  }))

test('what every group has consumed of an internal topic is purged, and its offsets go on', () =>
  inDirectory(async (directory) => {
    for (const run of [0, 1, 2]) {
      const transport = await diskTransport(directory)
      await transport.ensureTopics([{ ...topic, keep: 'consumed' }])
      const { member, generation } = await joinAs(transport, 'g')
      await transport.producer().send('in', [record('a'), record('b'), record('c')])
      const { batches } = await member.fetch(() => 10)
      assert.equal(
        batches.reduce((sum, batch) => sum + batch.records.length, 0),
        3,
        `run ${run}`,
      )
      const inputs = batches.map((batch) => ({
        topic: 'in',
        partition: batch.partition,
        offset: batch.nextOffset,
      }))
      await member.commit({ generation, inputs, outputs: [], changes: [] })
      await transport.close()
    }
  }))
