import { Secret } from '../secret.ts'
import { UsageError } from '../usage-error.ts'

/** What one process does: answer requests, work on jobs, or both. */
export const processRoles = ['all', 'web', 'worker'] as const
export type ProcessRole = (typeof processRoles)[number]

/** What an operator decides about the process itself. */
export interface ServiceSettings {
  readonly role: ProcessRole
  readonly host: string
  readonly port: number
  /** How many proxies stand before the service: the address of a client is taken from that far back. */
  readonly proxies: number
  /** What a caller of the cron endpoints has to know; `null`: they refuse to run. */
  readonly cronSecret: Secret | null
  /** What a reader of `/metrics` has to know; `null`: only this machine may read them. */
  readonly metricsToken: Secret | null
  /** How long work under way may go on after the process was told to stop. */
  readonly drainSeconds: number
  readonly logLevel: LogLevel
  /** Whether workspaces may have a demo: made-up accounts in the memory of this process. */
  readonly demo: boolean
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export const defaultPort = 7310

/**
 * Reads what the environment says about the process.
 *
 * - `TRUEUP_HOST` (default `127.0.0.1`), `TRUEUP_PORT` (default 7310)
 * - `TRUEUP_PROXIES`: how many proxies stand before the service (default 0)
 * - `CRON_SECRET`: what a caller of `/api/cron/…` has to know
 * - `TRUEUP_METRICS_TOKEN`: what a reader of `/metrics` from another machine has to know
 * - `TRUEUP_DEMO`: `on` or `off` (default `on`, and `off` where roles are split over processes)
 * - `TRUEUP_DRAIN_SECONDS` (default 25), `TRUEUP_LOG_LEVEL` (default `info`)
 *
 * @param given what the command line says, which comes first
 * @throws UsageError `option-invalid`, with the name of the variable
 */
export function readServiceSettings(
  environment: Readonly<Record<string, string | undefined>>,
  given: { readonly role?: string; readonly host?: string; readonly port?: string } = {},
): ServiceSettings {
  const text = (name: string) => environment[name]?.trim() || null
  const secret = (name: string) => {
    const value = text(name)
    return value === null ? null : new Secret(value)
  }
  const role = oneOf('--role', given.role ?? 'all', processRoles)
  return {
    role,
    host: given.host ?? text('TRUEUP_HOST') ?? '127.0.0.1',
    port: whole('TRUEUP_PORT', given.port ?? text('TRUEUP_PORT') ?? String(defaultPort), 65_535),
    proxies: whole('TRUEUP_PROXIES', text('TRUEUP_PROXIES') ?? '0', 10),
    cronSecret: secret('CRON_SECRET'),
    metricsToken: secret('TRUEUP_METRICS_TOKEN'),
    drainSeconds: whole('TRUEUP_DRAIN_SECONDS', text('TRUEUP_DRAIN_SECONDS') ?? '25', 600),
    demo:
      oneOf('TRUEUP_DEMO', text('TRUEUP_DEMO') ?? (role === 'all' ? 'on' : 'off'), ['on', 'off']) === 'on',
    logLevel: oneOf('TRUEUP_LOG_LEVEL', text('TRUEUP_LOG_LEVEL') ?? 'info', logLevels),
  }
}

function oneOf<Word extends string>(name: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found) return found
  throw new UsageError({
    code: 'option-invalid',
    message: `${name} is ${JSON.stringify(value)}.`,
    fix: `Set it to ${words.slice(0, -1).join(', ')} or ${words.at(-1)}.`,
  })
}

function whole(name: string, value: string, most: number): number {
  if (/^\d{1,6}$/.test(value) && Number(value) <= most) return Number(value)
  throw new UsageError({
    code: 'option-invalid',
    message: `${name} is ${JSON.stringify(value)}.`,
    fix: `Set it to a whole number from 0 to ${most}.`,
  })
}
