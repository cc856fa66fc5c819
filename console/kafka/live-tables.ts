/** The allowlist and the indicators of the topics, as the detection topology hears of them while records come. */
import {
  allowRuleId,
  type Indicators,
  joinWhitelists,
  LiveIndicators,
  parseAllowRule,
  RuleWhitelist,
  type Whitelist,
} from '@weir/processors'
import { type AllowRule, type Codec, topics } from '@weir/schemas'
import type { GlobalTable } from '@weir/topology'
import type { Log } from '@weir/topology/kit'
import type { AnalyzeSettings } from '../analyze/settings.ts'
import type { RecordCodecs } from './record-codecs.ts'

type Entries = Parameters<GlobalTable['hear']>[0]

export type LiveTables = {
  /** The rules of the file the process was given, and those of the topic. */
  readonly whitelist: Whitelist
  readonly intel: Indicators
  readonly tables: readonly GlobalTable[]
  /** Those of a folder take the place of those of the folder before. */
  useFolder(indicators: Indicators, unreadableFiles?: number): void
  /** What there is now, for metrics. */
  counts(): {
    readonly rules: number
    readonly indicators: number
    readonly refused: ReadonlyMap<string, number>
    /** Files of the folder. */
    readonly unreadableFiles: number
  }
}

/** Empty until the topology that is given them runs. */
export function liveTables(
  settings: Pick<AnalyzeSettings, 'whitelist' | 'intel'>,
  codecs: Pick<RecordCodecs, 'allowlist' | 'intel' | 'prepare'>,
  log: Log | null = null,
): LiveTables {
  const rules = new RuleWhitelist()
  const indicators = new LiveIndicators()
  if (!settings.intel.isEmpty) indicators.useFolder(settings.intel)
  const refused = new Map<string, number>()
  let unreadableFiles = 0
  const refuse = (topic: string, key: string, why: string) => {
    const before = refused.get(topic) ?? 0
    refused.set(topic, before + 1)
    // One says where to look; a topic full of them would drown the log.
    if (before === 0) log?.warn('table-record-refused', { topic, key: key.slice(0, 200), why })
  }
  const table = <T>(
    topic: string,
    codec: Codec<T>,
    taken: { clear(): void; put(key: string, value: T): boolean; remove(key: string): void },
  ): GlobalTable => ({
    topic,
    clear: () => taken.clear(),
    hear: async (entries) => {
      await learnt(codecs, topic, entries)
      for (const [key, value] of entries) {
        if (value === null) {
          taken.remove(key)
          continue
        }
        try {
          if (taken.put(key, codec.decode(value))) continue
          refuse(topic, key, 'it is not what its key says, or not in canonical form')
        } catch (error) {
          refuse(topic, key, error instanceof Error ? error.message : String(error))
        }
        // What the key said before was taken back by whoever wrote this.
        taken.remove(key)
      }
    },
  })
  return {
    whitelist: joinWhitelists(settings.whitelist, rules),
    intel: indicators,
    tables: [
      table(topics.allowlist.name, codecs.allowlist, {
        clear: () => rules.clear(),
        put: (key, rule) => {
          if (!isCanonical(rule, key)) return false
          rules.put(rule)
          return true
        },
        remove: (key) => rules.remove(key),
      }),
      table(topics.intel.name, codecs.intel, {
        clear: () => indicators.clearTopic(),
        put: (key, indicator) => indicators.put(key, indicator),
        remove: (key) => indicators.remove(key),
      }),
    ],
    useFolder: (folder, unreadable = 0) => {
      unreadableFiles = unreadable
      indicators.useFolder(folder)
    },
    counts: () => ({ rules: rules.size, indicators: indicators.size, refused, unreadableFiles }),
  }
}

function isCanonical(rule: AllowRule, key: string): boolean {
  const parsed = parseAllowRule({ ...rule, expires: '' })
  return 'rule' in parsed && allowRuleId(parsed.rule) === key && allowRuleId(rule) === key
}

/** The registry knows batches of topics. */
async function learnt(
  { prepare }: Pick<RecordCodecs, 'prepare'>,
  topic: string,
  entries: Entries,
): Promise<void> {
  const records = entries.map(([key, value]) => ({ key, value, timestampMs: 0, streamTimeMs: Number.NaN }))
  await prepare([
    {
      topic,
      partition: 0,
      records,
      encoded: true,
      firstOffset: 0,
      offsets: null,
      nextOffset: 0,
      more: false,
    },
  ])
}
