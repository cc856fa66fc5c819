import type { LogRecord, Member, Transport } from '@weir/topology/transport'

/** A transport with topics, groups and applications of its own on brokers that it shares with other tests. */
export function prefixed(inner: Transport, prefix: string): Transport & { innerOf(member: Member): Member } {
  const members = new WeakMap<Member, Member>()
  const strip = (name: string) => name.slice(prefix.length)
  const prefixedMember = (member: Member): Member => {
    const outer: Member = {
      fetch: async (room) => {
        const fetched = await member.fetch((topic, partition) => room(strip(topic), partition))
        return {
          ...fetched,
          batches: fetched.batches.map((batch) => ({ ...batch, topic: strip(batch.topic) })),
        }
      },
      progressOf: (topic, partition) => member.progressOf(prefix + topic, partition),
      get silentMs() {
        return member.silentMs
      },
      get gone() {
        return member.gone
      },
      committedOf: (topic, partition) => member.committedOf(prefix + topic, partition),
      noteOf: (topic, partition) => member.noteOf(prefix + topic, partition),
      waitForRecords: (signal) => member.waitForRecords(signal),
      commit: ({ generation, inputs, outputs, changes, oversized }) =>
        member.commit({
          generation,
          ...(oversized === undefined
            ? {}
            : {
                oversized: (of) => {
                  const { topic, record } = oversized({ ...of, topic: strip(of.topic) })
                  return { topic: prefix + topic, record }
                },
              }),
          inputs: inputs.map((each) => ({ ...each, topic: prefix + each.topic })),
          outputs: outputs.map((each) => ({ ...each, topic: prefix + each.topic })),
          changes: changes.map((each) => ({ ...each, store: prefix + each.store })),
        }),
      leave: () => member.leave(),
    }
    members.set(outer, member)
    return outer
  }
  return {
    durable: inner.durable,
    encoded: inner.encoded,
    innerOf: (member) => members.get(member) ?? member,
    ensureTopics: (topics) =>
      inner.ensureTopics(topics.map((each) => ({ ...each, name: prefix + each.name }))),
    partitionsOf: (topic) => inner.partitionsOf(prefix + topic),
    producer: () => {
      const producer = inner.producer()
      return {
        send: (topic: string, records: readonly LogRecord[]) => producer.send(prefix + topic, records),
        sendToAll: (topic: string, record: LogRecord) => producer.sendToAll(prefix + topic, record),
      }
    },
    join: async (group, subscriptions, listener, signal) =>
      prefixedMember(
        await inner.join(
          prefix + group,
          subscriptions.map((each) => ({
            ...each,
            topics: each.topics.map((topic) => prefix + topic),
            ...(each.stores === undefined ? {} : { stores: each.stores.map((store) => prefix + store) }),
          })),
          listener,
          signal,
        ),
      ),
    committed: (group, topic, partition) => inner.committed(prefix + group, prefix + topic, partition),
    changelog: (store, ...of) => inner.changelog(prefix + store, ...of),
    committedValues: (store, ...of) => inner.committedValues(prefix + store, ...of),
    follow: (store, partition) => inner.follow(prefix + store, partition),
    readPlan: (application) => inner.readPlan(prefix + application),
    writePlan: (application, text) => inner.writePlan(prefix + application, text),
    close: () => inner.close(),
  }
}
