import { Fields } from '../server/read-fields.ts'
import { SandboxError } from '../server/sandbox-error.ts'
import { type Occurrence, readOccurrence } from './occurrence.ts'

/** Why Stripe says that a request was limited: its header `Stripe-Rate-Limited-Reason`, or a lock on one object. */
export const stripeLimitReasons = [
  'global-rate',
  'endpoint-rate',
  'global-concurrency',
  'endpoint-concurrency',
  'resource-specific',
  'lock-timeout',
] as const
export type StripeLimitReason = (typeof stripeLimitReasons)[number]

/** What a fault does to a request. `applied` faults let the vendor do the work and lose only the answer. */
export type Misbehaviour =
  /** 429 in the vendor's words. `reason` is Stripe's, `retryAfterSeconds` Clerk's. */
  | { readonly kind: 'rate-limited'; readonly reason: StripeLimitReason; readonly retryAfterSeconds: number }
  | { readonly kind: 'server-error'; readonly status: 500 | 502 | 503; readonly applied: boolean }
  /** The connection is reset instead of an answer. */
  | { readonly kind: 'reset'; readonly applied: boolean }
  /** The answer waits, before its first byte or in the middle of its body. */
  | { readonly kind: 'slow'; readonly delayMs: number; readonly where: 'before' | 'middle' }
  /** Half of the body, then the socket closes. */
  | { readonly kind: 'cut-body' }
  /** A list that is valid and wrong: half of its page, and nothing that says there is more. */
  | { readonly kind: 'short-page' }
  /** 401 in the vendor's words, from request number `from` on. */
  | { readonly kind: 'key-revoked' }
  /** 503 for everything. */
  | { readonly kind: 'outage' }

export type MisbehaviourKind = Misbehaviour['kind']

/** A misbehaviour, the requests it is meant for, and when it strikes. */
export interface Fault {
  readonly misbehaviour: Misbehaviour
  /** HTTP method in capitals; none: all. */
  readonly method: string | null
  /** Path pattern: `*` any text, `:id` one segment; none: all. */
  readonly route: string | null
  /** Only requests with this key (the bearer value, or the user of basic authentication); none: all. */
  readonly key: string | null
  readonly occurrence: Occurrence
}

const kinds: readonly MisbehaviourKind[] = [
  'rate-limited',
  'server-error',
  'reset',
  'slow',
  'cut-body',
  'short-page',
  'key-revoked',
  'outage',
]

/**
 * Reads a fault from JSON, as `POST /_sandbox/faults` takes it.
 *
 * @throws SandboxError `invalid-input` naming the field that is wrong.
 * @example
 * readFault({ kind: 'server-error', status: 502, route: '/v1/customers*', rate: 0.1, limit: 5 })
 */
export function readFault(value: unknown): Fault {
  const fields = new Fields(value, 'the fault')
  const kind = fields.oneOf('kind', kinds)
  if (kind === undefined) {
    throw new SandboxError('invalid-input', 'kind is missing', `Give one of ${kinds.join(', ')}.`)
  }
  const misbehaviour = readMisbehaviour(kind, fields)
  const fault: Fault = {
    misbehaviour,
    method: fields.text('method')?.toUpperCase() ?? null,
    route: fields.text('route') ?? null,
    key: fields.text('key') ?? null,
    occurrence: readOccurrence(fields),
  }
  fields.end()
  const { at, rate, limit } = fault.occurrence
  if (kind === 'key-revoked' && (at ?? rate ?? limit) !== undefined) {
    throw new SandboxError(
      'invalid-input',
      'key-revoked is given with at, rate or limit; a revoked key stays revoked',
      'Give from, the number of the first request that is refused.',
    )
  }
  return fault
}

function readMisbehaviour(kind: MisbehaviourKind, fields: Fields): Misbehaviour {
  switch (kind) {
    case 'rate-limited':
      return {
        kind,
        reason: fields.oneOf('reason', stripeLimitReasons) ?? 'global-rate',
        retryAfterSeconds: fields.whole('retryAfterSeconds', 0) ?? 1,
      }
    case 'server-error':
      return {
        kind,
        status: fields.oneOf('status', [500, 502, 503] as const) ?? 500,
        applied: fields.flag('applied') ?? false,
      }
    case 'reset':
      return { kind, applied: fields.flag('applied') ?? false }
    case 'slow':
      return {
        kind,
        delayMs: fields.whole('delayMs', 0, 600_000) ?? 1000,
        where: fields.oneOf('where', ['before', 'middle'] as const) ?? 'before',
      }
    case 'cut-body':
    case 'short-page':
    case 'key-revoked':
    case 'outage':
      return { kind }
  }
}
