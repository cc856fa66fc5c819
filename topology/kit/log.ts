import { type DestinationStream, pino } from 'pino'
import { WeirError } from './errors.ts'

export type Fields = Readonly<Record<string, unknown>>

/** An event name in kebab case and fields; no sentences with values baked in. Errors go under `error`. */
export type Log = {
  debug(event: string, fields?: Fields): void
  info(event: string, fields?: Fields): void
  warn(event: string, fields?: Fields): void
  error(event: string, fields?: Fields): void
  /** The same log with these fields on every line. */
  with(fields: Fields): Log
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export type LogOptions = {
  /** Standard error when left out. */
  readonly destination?: DestinationStream
  /** Stacks of every error; else only of those without a code, which nobody has foreseen. */
  readonly withTrace?: boolean
}

/** JSON lines to standard error, or to another destination; written before the call returns. */
export function openLog(
  name: string,
  level: LogLevel = 'info',
  { destination = pino.destination({ fd: 2, sync: true }), withTrace = false }: LogOptions = {},
): Log {
  const options = {
    level,
    messageKey: 'event',
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: {
      error: (error: unknown) => (error instanceof Error ? errorFields(error, withTrace) : error),
    },
  }
  return wrap(pino(options, destination))
}

type ErrorFields = {
  readonly type: string
  readonly code?: string
  readonly message: string
  readonly fix?: string
  readonly stack?: string
  readonly because?: readonly string[]
}

/** What an error says, and what those behind it say that it does not say itself. */
function errorFields(error: Error, withTrace: boolean): ErrorFields {
  const { name, message, stack } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const because: string[] = []
  for (
    let cause = error.cause, depth = 0;
    cause instanceof Error && depth < 8;
    cause = cause.cause, depth += 1
  ) {
    const { message: said } = cause
    if (![message, ...because].some((each) => each.includes(said))) because.push(said)
  }
  return {
    type: name,
    ...(code === undefined ? {} : { code }),
    message,
    ...(error instanceof WeirError ? { fix: error.fix } : {}),
    ...(because.length === 0 ? {} : { because }),
    ...((withTrace || code === undefined) && stack !== undefined ? { stack } : {}),
  }
}

type PinoLog = ReturnType<typeof pino>

function wrap(log: Pick<PinoLog, 'debug' | 'info' | 'warn' | 'error' | 'child'>): Log {
  return {
    debug: (event, fields = {}) => log.debug(fields, event),
    info: (event, fields = {}) => log.info(fields, event),
    warn: (event, fields = {}) => log.warn(fields, event),
    error: (event, fields = {}) => log.error(fields, event),
    with: (fields) => wrap(log.child(fields)),
  }
}
