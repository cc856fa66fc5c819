import { defineErrors } from './kit/errors.ts'

/** Every error the runtime raises itself. */
export const topologyError = defineErrors('TOPO', {
  BAD_NAME: {
    says: "{what} '{name}' is not a usable name",
    fix: 'Use letters, digits, dot, underscore and hyphen, at most 200 of them.',
  },
  UNNAMED_STEP: {
    says: "a stateful step of kind '{kind}' has no name",
    fix: 'Name it: its store would otherwise change name with the next edit of the topology.',
  },
  NAME_TAKEN: {
    says: "the name '{name}' is used by more than one {what}",
    fix: 'Give each its own name.',
  },
  NO_CODEC: {
    says: "step '{step}' sends values over an internal topic but nothing says how to encode them",
    fix: 'Pass `codec` to groupBy: values changed by a step no longer have the codec of their source topic.',
  },
  KEY_CHANGED: {
    says: "stateful step '{step}' follows a step that changed the key",
    fix: 'Put groupBy in between, so that records meet the state of their new key.',
  },
  NOT_CO_PARTITIONED: {
    says: "step '{step}' brings together topics of different partition counts: {topics}",
    fix: 'Give the topics the same number of partitions, or groupBy one side first.',
  },
  TOPIC_TWICE: {
    says: "topic '{topic}' is declared twice in ways that do not agree: {difference}",
    fix: 'Declare it once, and share the stream or table that stream() and table() return.',
  },
  CYCLE: {
    says: 'the topology feeds itself through topics: {topics}',
    fix: 'Break the circle; a loop would never end and its input never be finished.',
  },
  NO_SOURCES: {
    says: "step '{step}' is fed by no topic",
    fix: 'Begin with stream() or table() of the same builder.',
  },
  ORPHANED_STATE: {
    says: 'the stored state belongs to another topology: {problems}',
    fix: 'Start with the windows, partitions and names that it had, or under another application name (--application-id), which begins without state; in one process alone, an empty state directory does as well.',
  },
  UNKNOWN_STORE: {
    says: "step '{step}' asks for store '{store}', which it did not declare",
    fix: 'Name the store in the operator spec, or correct the name.',
  },
  STORE_FAILED: {
    says: "store '{store}' of partition {partition} failed",
    fix: 'Look at the cause; nothing since the last commit is lost: it will be read again at the next start.',
  },
  TASK_FAILED: {
    says: 'task {task} failed at {topic} partition {partition} offset {offset}',
    fix: 'Look at the cause; nothing since the last commit is lost: it will be read again at the next start.',
  },
  UNKNOWN_TOPIC: {
    says: "topic '{topic}' does not exist",
    fix: 'Create it with ensureTopics first, or correct the name.',
  },
  PARTITIONS_DIFFER: {
    says: "topic '{topic}' has {actual} partitions and not {wanted}",
    fix: 'Ask for the number it has (--partitions {actual}): keys would otherwise move away from their state.',
  },
  STALE_MEMBER: {
    says: "a member of group '{group}' belongs to generation {generation}; the group is at {current}",
    fix: 'Nothing: its work is thrown away and the new owner of its partitions reads it again.',
  },
  INSTANCE_TAKEN: {
    says: "another process has joined group '{group}' as instance '{instance}'",
    fix: 'Give each process an instance id of its own.',
  },
  NOT_OWNED: {
    says: "a member of group '{group}' wanted to commit {topic} partition {partition}, which it does not own",
    fix: 'Commit only what was fetched since the partition was assigned.',
  },
  GROUP_DIFFERS: {
    says: "group '{group}' has members with another topology, or with other windows",
    fix: 'Run the same topology with the same windows in every process of an application, stopping all before a change, or give it another application name (--application-id).',
  },
  BROKERS_AWAY: {
    says: 'none of the brokers {brokers} answered as needed for {seconds} s',
    fix: 'Look whether they run and can be reached from here; everything committed is safe, and a new start goes on from there.',
  },
  BAD_BROKER: {
    says: "'{broker}' is no broker address",
    fix: 'Write host:port, several of them separated by commas.',
  },
  NOT_ALLOWED: {
    says: "the brokers refuse '{what}': this user has not the right to it over the {over}",
    fix: 'Grant the right, or log in as a user who has it; the README lists what each program needs.',
  },
  LOGIN_REFUSED: {
    says: 'the brokers refuse the log-in ({what})',
    fix: 'Correct the user name, the password or token and the SASL mechanism.',
  },
  BROKER_UNTRUSTED: {
    says: 'the certificate of the broker is not trusted ({what}): {why}',
    fix: 'Name the certificate of the authority that vouches for it, and reach it by a name that it is made out to.',
  },
  CERTIFICATE_REFUSED: {
    says: 'the broker does not accept our certificate, or asks for one ({what})',
    fix: 'Give a certificate and key that an authority of the brokers has signed and that have not expired.',
  },
  TLS_DIFFERS: {
    says: 'the broker {how} ({what})',
    fix: 'Switch TLS on or off, or name the port of the other listener.',
  },
  TOPIC_ABSENT: {
    says: "topic '{topic}' does not exist on the brokers",
    fix: 'Create it first, or correct the name.',
  },
  TOPIC_REPLACED: {
    says: "topic '{topic}' was deleted and made anew while it was being read",
    fix: 'Start again: the new one is read from its beginning, with a new ledger. What the former one still held is gone, and state that came of it stays.',
  },
  TOPIC_GONE: {
    says: "topic '{topic}' does not exist on the brokers any more; it was waited for {seconds} s",
    fix: 'Create it again with the partitions it had, and start again. What it held is gone; everything else that was committed is safe.',
  },
  TOPIC_REFUSED: {
    says: "the brokers refuse to create topic '{topic}': {why}",
    fix: 'Ask for what the cluster has and allows, or let who looks after it create the topics.',
  },
  RECORD_TOO_LARGE: {
    says: 'a record is too large: {detail}',
    fix: "Raise the topic's max.message.bytes, or send less in one record.",
  },
  OUTPUT_NOT_ENCODABLE: {
    says: "a record for '{topic}' could not be made into bytes",
    fix: 'Look at the cause; nothing since the last commit is lost: it will be read again at the next start.',
  },
  STATE_TOO_LARGE: {
    says: "an entry of '{store}' partition {partition} has {bytes} bytes, and its topic takes {limit}",
    fix: 'Raise max.message.bytes of that topic and start again: nothing is lost, it is read again from the last commit.',
  },
  SEND_FAILED: {
    says: 'the broker refused records',
    fix: 'Look at the cause; what was sent together with them may have been taken.',
  },
  FETCH_FAILED: {
    says: "reading for group '{group}' failed",
    fix: 'Look at the cause; nothing since the last commit is lost: it will be read again at the next start.',
  },
  RECORDS_UNREADABLE: {
    says: 'what the brokers hold of {topic} partition {partition} from offset {offset} on cannot be read: {why}',
    fix: 'Look whether the disks of the brokers are sound; what is behind that place is reached once it is mended or deleted.',
  },
  COMMIT_FAILED: {
    says: "the commit of group '{group}' failed, nothing of it having happened",
    fix: 'Look at the cause; what it covered will be read again at the next start.',
  },
  TRANSPORT_CLOSED: {
    says: 'the transport is closed',
    fix: 'Stop whatever uses it before closing it.',
  },
  STATE_LOCKED: {
    says: "the state directory '{directory}' is in use by another process",
    fix: 'Wait until that one has ended, or use another directory: each process needs its own.',
  },
  STATE_DAMAGED: {
    says: "the state directory '{directory}' is damaged: {why}",
    fix: 'Remove it to start over (processors read what it held again from the brokers), or restore it from a copy.',
  },
  STATE_UNUSABLE: {
    says: "the state directory '{directory}' cannot be used: {why}",
    fix: 'Make room and check its permissions, or use another directory.',
  },
  STATE_FOREIGN: {
    says: "the state directory '{directory}' holds {found}, which {wanted} does not have",
    fix: 'Name the directory of this application and topology, or an empty one: what belongs there is rebuilt.',
  },
  STATE_NOT_WRITTEN: {
    says: "the state directory '{directory}' could not be written: {reason}",
    fix: 'Make room on its disk, or mend it, and start again: nothing that was committed is lost.',
  },
  WRONG_STATE: {
    says: 'the runner cannot {verb} while it is {state}',
    fix: 'Start it once, and not after it stopped or failed.',
  },
})
