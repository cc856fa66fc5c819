import { WeirError } from '@weir/topology/kit'
import { CommanderError } from 'commander'

/** Errors in how Weir was called or in what it was given to read; everything else failed while running. */
const USAGE = new Set(['PROC_BAD_SETTING', 'PROC_BAD_WHITELIST'])
const USAGE_PREFIXES = ['CONSOLE_', 'EDGE_']
/** Failures that have a usage prefix and are none. */
const RUNTIME = new Set([
  'CONSOLE_UNWRITABLE',
  'CONSOLE_OUTPUT_LOST',
  'CONSOLE_NO_HTTP',
  'CONSOLE_STATE_UNUSABLE',
  'CONSOLE_STATE_DAMAGED',
  'CONSOLE_STALE_SCHEMA',
  'CONSOLE_TOPICS_DIFFER',
  'CONSOLE_REGISTRY_FAILED',
  'CONSOLE_SCHEMA_REFUSED',
  'CONSOLE_INTERRUPTED',
  'CONSOLE_SHIP_INTERRUPTED',
  'CONSOLE_STOPPED_AWAY',
  'CONSOLE_STOPPED_WITHOUT_TOPIC',
  'CONSOLE_ENRICH_INTERRUPTED',
  'CONSOLE_FEED_UNREACHABLE',
  'CONSOLE_FEED_EMPTY',
  'CONSOLE_SOURCES_FAILED',
  'EDGE_CONVERTER_FAILED',
])

/** 0 fine (help asked for), 1 something failed while running, 2 wrong usage or unusable input. */
export function exitStatus(error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof WeirError) || RUNTIME.has(error.code)) return 1
  return USAGE.has(error.code) || USAGE_PREFIXES.some((prefix) => error.code.startsWith(prefix)) ? 2 : 1
}
