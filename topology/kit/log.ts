import { type DestinationStream, pino } from 'pino'

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

/** JSON lines to standard error, or to `destination`; written before the call returns. */
export function openLog(
  name: string,
  level: LogLevel = 'info',
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  const options = {
    level,
    messageKey: 'event',
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err },
  }
  return wrap(pino(options, destination))
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
