import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Member, SettingsMark, SettingsNews } from '@weir/topology/transport'
import { freshPrefix, openKafka } from './broker-under-test.ts'

const before = { detectors: 'before', window: '1h' }
const after = { detectors: 'after', window: '1h' }
const alike = (members: number): SettingsNews => ({ members, others: 0, differing: [] })

type Process = { readonly member: Member; readonly last: () => SettingsNews | null; leave(): Promise<void> }

async function start(prefix: string, settings: SettingsMark, instanceId?: string): Promise<Process> {
  let last: SettingsNews | null = null
  const { transport, close } = await openKafka(
    {
      settings,
      sessionMs: 6_000,
      onSettings: (news) => {
        last = news
      },
      ...(instanceId === undefined ? {} : { instanceId }),
    },
    prefix,
  )
  await transport.ensureTopics([{ name: 'in', partitions: 3, encode: null, keep: 'all' }])
  const member = await transport.join('g', [{ topics: ['in'], partitions: 3 }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  const leave = async () => {
    await member.leave()
    await close()
  }
  return { member, last: () => last, leave }
}

/** Until each has heard this. */
async function heard(processes: readonly Process[], news: readonly SettingsNews[]): Promise<void> {
  const said = () => JSON.stringify(processes.map(({ last }) => last()))
  for (let tries = 0; said() !== JSON.stringify(news); tries += 1) {
    assert.ok(tries < 1_500, `${said()} and not ${JSON.stringify(news)}`)
    await sleep(20)
  }
}

for (const named of [false, true]) {
  const how = named ? 'under their names' : 'one after another'
  test(`processes that are restarted with another setting, ${how}, all go on and hear of it while they differ`, async () => {
    const prefix = freshPrefix()
    const open = (settings: SettingsMark, at: number) =>
      named ? start(prefix, settings, `p${at}`) : start(prefix, settings)
    const running: Process[] = []
    try {
      for (const at of [0, 1, 2]) running[at] = await open(before, at)
      await heard(running, [alike(3), alike(3), alike(3)])
      const differing = ['detectors']
      for (const at of [0, 1]) {
        await running[at]?.leave()
        running[at] = await open(after, at)
        const others = running.map((_, n) => (n <= at ? 2 - at : at + 1))
        await heard(
          running,
          others.map((each) => ({ members: 3, others: each, differing })),
        )
      }
      await running[2]?.leave()
      running[2] = await open(after, 2)
      await heard(running, [alike(3), alike(3), alike(3)])
    } finally {
      for (const each of running) await each.leave()
    }
  })
}
