import type { Member, Transport } from '@weir/topology/transport'
import { systemClock } from '../../topology/kit/clock.ts'
import { leaveGroupV5 } from '../../topology/transport/kafka/client.ts'
import { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { type KafkaOptions, KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { KafkaMember } from '../../topology/transport/kafka/member.ts'
import type { OpenTransport } from '../../topology/transport/transport.contract.ts'
import { prefixed } from './prefixed-transport.ts'

export const brokers = (process.env.WEIR_BROKERS ?? '127.0.0.1:19092').split(',')

/** Quick to notice what a real application may take its time over. */
export const hasty = { brokers, sessionMs: 1_500, heartbeatMs: 50, rebalanceMs: 10_000, giveUpMs: 30_000 }

let count = 0
/** No two tests, and no two runs on the same broker, share a name. */
export function freshPrefix(): string {
  count += 1
  return `test-${process.pid}-${Math.round(performance.timeOrigin % 1e9)}-${count}-`
}

/** A client of the brokers for what a transport does not do. */
export async function openCluster(): Promise<Cluster> {
  const options = { brokers, clientId: 'test', requestTimeoutMs: 10_000, giveUpMs: 10_000 }
  const cluster = new Cluster(options, systemClock)
  await cluster.refresh([])
  return cluster
}

export async function openKafka(
  options: Partial<KafkaOptions> = {},
  prefix = freshPrefix(),
): Promise<OpenTransport> {
  const inner = new KafkaTransport({ ...hasty, ...options })
  const transport = prefixed(inner, prefix)
  const members: Member[] = []
  const remembering: Transport = {
    ...transport,
    join: async (...of) => {
      const member = await transport.join(...of)
      members.push(member)
      return member
    },
  }
  const memberIdOf = (member: Member): string => {
    const own = transport.innerOf(member)
    return own instanceof KafkaMember ? own.membership.memberId : ''
  }
  return {
    transport: remembering,
    isAtomic: options.guarantee !== 'at-least-once',
    sharesMemory: false,
    expelOthers: async (group, keep) => {
      const cluster = await openCluster()
      const others = members.filter((each) => each !== keep).map(memberIdOf)
      const broker = await cluster.coordinator('group', prefix + group)
      for (const memberId of others) {
        const leaving = [{ memberId, groupInstanceId: null, reason: 'expelled' }]
        await cluster
          .call('test', broker, 'expel', leaveGroupV5.api, prefix + group, leaving)
          // Members of the test's other groups are unknown to this one.
          .catch(() => {})
      }
      await cluster.close()
    },
    restart: async () => {
      await transport.close()
      return openKafka(options, prefix)
    },
    close: () => transport.close(),
  }
}
