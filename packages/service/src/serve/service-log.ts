import { pino } from 'pino'
import { withoutKeys } from '../secret.ts'
import type { LogLevel } from './service-settings.ts'

/**
 * What a line of the log may say beside its words. A field that is not named here cannot be logged, so that no secret,
 * name or address of anybody comes to stand in a log by accident.
 */
export interface LogFields {
  readonly requestId?: string
  readonly method?: string
  readonly route?: string
  readonly status?: number
  readonly milliseconds?: number
  readonly principal?: string
  readonly workspaceId?: string
  readonly projectId?: string
  readonly queue?: string
  readonly jobId?: string
  readonly checkId?: string
  readonly incidentId?: string
  readonly repairId?: string
  readonly channelId?: string
  readonly deliveryId?: string
  readonly source?: string
  readonly part?: string
  readonly task?: string
  readonly count?: number
  readonly role?: string
  readonly host?: string
  readonly port?: number
  readonly signal?: string
  readonly version?: string
}

/** A log of one JSON document a line. */
export interface ServiceLog {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  /** `error` gives its code, its class and where it was thrown; of its words what is left without keys. */
  error(message: string, error: unknown, fields?: LogFields): void
}

/**
 * @param write takes one line, its end included
 * @example
 * const log = createServiceLog('info', (line) => process.stderr.write(line))
 * log.info('Listening.', { host: '127.0.0.1', port: 7310 })
 */
export function createServiceLog(level: LogLevel, write: (line: string) => void): ServiceLog {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  )
  return {
    debug: (message, fields) => logger.debug({ ...fields }, message),
    info: (message, fields) => logger.info({ ...fields }, message),
    warn: (message, fields) => logger.warn({ ...fields }, message),
    error: (message, error, fields) => logger.error({ ...fields, error: described(error) }, message),
  }
}

const longestMessage = 500

function described(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { class: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return {
    class: error.name,
    ...code,
    ...(isOfDatabase(error) ? {} : { message: withoutKeys(error.message).slice(0, longestMessage) }),
    at: framesOf(error),
  }
}

/**
 * Whether a database said it, or whoever tells it repeats what a database said: the words may hold the values of a row,
 * and class and code say enough.
 */
function isOfDatabase(error: unknown): boolean {
  return error instanceof Error && ('severity' in error || isOfDatabase(error.cause))
}

/** The innermost frames, without the message, which stands at the head of a stack. */
function framesOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' < ')
}
