import { defineErrors } from '@weir/topology/kit'

/** What can be wrong with how Weir was called. Exit status 2, unless exit-status.ts says otherwise. */
export const consoleError = defineErrors('CONSOLE', {
  BAD_OPTION: {
    says: '{wrong}',
    fix: "See 'weir {command} --help'.",
  },
  BAD_CONFIG: {
    says: 'the settings file {path} is wrong: {wrong}',
    fix: "Correct it; 'weir config-schema' says what it may hold, 'weir detectors' what each setting of a detector does.",
  },
  UNREADABLE: {
    says: '{path} cannot be read: {why}',
    fix: 'Check the path and its permissions.',
  },
  INDICATORS_DAMAGED: {
    says: 'the file of indicators {path} is damaged: {why}',
    fix: 'Import its source again, under the same --feed, which makes the file anew{of}; or remove the file, which takes what it listed with it.',
  },
  UNWRITABLE: {
    says: '{path} cannot be written: {why}',
    fix: 'Make room and check its permissions, or name another folder.',
  },
  NOT_A_FOLDER: {
    says: '{option} wants a folder, and {path} is something else',
    fix: 'Name another folder: one that is not there yet is made.',
  },
  OUTPUT_LOST: {
    says: 'what was to be printed cannot be written: {why}',
    fix: "Make room where it goes, or send it elsewhere; the result files of 'weir analyze' are in place before it prints.",
  },
  NO_HTTP: {
    says: '{address} cannot be listened on',
    fix: 'Choose another --http address: another process may have this one, or it is not of this machine.',
  },
  STATE_UNUSABLE: {
    says: 'the state directory {directory} cannot be used: {why}',
    fix: 'Choose another --state-dir, or make room and check its permissions.',
  },
  STATE_DAMAGED: {
    says: 'the state directory {directory} is damaged: {why}',
    fix: 'Remove it to start over, or restore it from a copy.',
  },
  OTHER_STATE: {
    says: 'the state directory {directory} holds an analysis of other input or with other settings',
    fix: 'Give this analysis a --state-dir of its own, or remove that directory to start over.',
  },
  STREAM_ON_DISK: {
    says: '{path} cannot be read twice, so an analysis of it cannot go on after a crash',
    fix: 'Save it to a file first, or leave --store disk out.',
  },
  STATE_WITHOUT_DISK: {
    says: '--state-dir is only used with --store disk',
    fix: 'Add --store disk, or leave --state-dir out.',
  },
  NOTHING_READ: {
    says: 'not one line of the inputs was read as a record: {rejected} were rejected, most of them for {why}',
    fix: 'Look at rejects.jsonl, and whether --input-kind is what the inputs are.',
  },
  NOTHING_KNOWN: {
    says: 'not one line of the inputs was read as a record: {lines} are of no log that is known',
    fix: 'Give the log as a file with the name its sensor gave it, such as conn.log, or with all its fields: lines that do not name their log are known by these alone.',
  },
  ALL_SET_ASIDE: {
    says: 'not one of the {records} flows that were read could be decoded: {because}',
    fix: "Start who sends and who reads alike. What was set aside ('weir tail dead-letters --from-beginning') is not read again, except by a new --application-id, which begins at the beginning.",
  },
  NO_SUCH_RULE: {
    says: 'there is no rule of {what}',
    fix: "'weir allowlist list' shows the rules there are.",
  },
  STALE_SCHEMA: {
    says: '{path} is not the schema of the settings file as it is now',
    fix: "Write it anew: 'weir config-schema > {path}'.",
  },
  REGISTRY_FAILED: {
    says: 'the schema registry {url} cannot be used: {why}',
    fix: 'Check its address, who may use it and whether it runs, or leave --registry out everywhere.',
  },
  SCHEMA_REFUSED: {
    says: 'the schema registry refuses the schema of {subject}: {why}',
    fix: 'Look which versions it has and which compatibility it asks for; Weir keeps new schemas BACKWARD compatible.',
  },
  TOPICS_DIFFER: {
    says: 'the topics differ in {count} ways from what Weir needs or recommends',
    fix: 'Run the commands above, or those of them you agree with{create}.',
  },
  PARTITIONS_DIFFER: {
    says: "topic '{topic}' is there with {actual} partitions, not {wanted}: nothing was created",
    fix: "Run '{command}', and give processors and ship the same --partitions.",
  },
  FEED_UNREACHABLE: {
    says: 'the feed {source} could not be fetched: {why}',
    fix: 'Check the address and the network; what was known of the feed is as it was.',
  },
  FEED_EMPTY: {
    says: 'no indicator was found in {source}: {why}',
    fix: 'Name its --format or --kind, or look at what the source gives; what was known of the feed is as it was. Where it does list nothing any more, --allow-empty takes that.',
  },
  SOURCES_FAILED: {
    says: '{failed} of {all} sources could not be taken',
    fix: 'What is wrong with each stands above; the others were taken.',
  },
  NO_SUCH_INDICATOR: {
    says: '{what} is not in the folder of indicators {folder}',
    fix: "'weir intel list' shows what is there.",
  },
  NO_INDICATORS: {
    says: 'there is no folder of indicators {folder}',
    fix: "Fill it first: 'weir intel import FILE --feed NAME'.",
  },
  INTERRUPTED: {
    says: 'interrupted',
    fix: 'The results of the previous run are as they were.',
  },
  STOPPED_AWAY: {
    says: 'stopped without a last commit, as the brokers {brokers} do not answer',
    fix: 'Nothing is lost: what is not committed will be read again at the next start, here or in another process.',
  },
  STOPPED_WITHOUT_TOPIC: {
    says: "stopped without a last commit, as topic '{topic}' does not exist any more",
    fix: 'Create it again with the partitions it had: what is not committed will be read again at the next start, but for what that topic held.',
  },
  ENRICH_INTERRUPTED: {
    says: 'interrupted; the {answers} answers there were by then are in enrichment.jsonl',
    fix: 'Run weir enrich again: what was answered is kept in the cache, and only the rest is asked for.',
  },
  SHIP_INTERRUPTED: {
    says: 'interrupted after {records} records{left}',
    fix: 'Send the same again: processors say each finding once, though what they count of a record that came twice counts twice.',
  },
})
