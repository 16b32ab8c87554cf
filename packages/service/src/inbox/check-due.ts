import type { Clock, Rng } from '@trueup/core'
import { SourceError } from '@trueup/core'
import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Jobs } from '../jobs/jobs.ts'
import { withoutKeys } from '../secret.ts'
import type { Database } from '../store/index.ts'
import { StoreError } from '../store/index.ts'
import { toJson } from '../store/json-codec.ts'
import type { Tables } from '../store/tables.ts'
import type { Target } from './event.ts'
import { markDue, wakeChecks, wakeLock } from './mark-due.ts'
import type { Failure, ProjectTenant } from './tables.ts'

/** What is checked for a target: never an `object`, whose customer was found before. */
export interface CheckedTarget {
  readonly kind: 'customer' | 'subject'
  readonly id: string
}

/** What an action of a lease is told, so that whoever writes can refuse one that came too late. */
export interface CheckLease {
  /** Goes up with every lease of this target: of two checks the one with the higher token read later. */
  readonly token: number
  readonly signal: AbortSignal
}

/** What a check of one target came to. */
export type RecheckOutcome =
  | {
      readonly kind: 'checked'
      /** A side changed so lately that it is to be read again then; `null`: no need. */
      readonly againAt: Date | null
    }
  /** Another check of the same pair began to read later, and counts. This one is done again. */
  | { readonly kind: 'superseded' }

export interface CheckDueOptions {
  readonly database: Database
  readonly jobs: Jobs
  readonly clock: Clock
  readonly rng: Rng
  /** Reads both sides of one customer or subject and files what it finds. Throwing means that it is tried again. */
  readonly recheck: (
    tenant: ProjectTenant,
    target: CheckedTarget,
    lease: CheckLease,
  ) => Promise<RecheckOutcome>
  /** The customer of an object of Stripe, such as `subscription:sub_1`; `null`: it has none, or there is no such object. */
  readonly payerOf: (tenant: ProjectTenant, objectId: string, lease: CheckLease) => Promise<string | null>
  /** Checks side by side. Default 4. */
  readonly atOnce?: number
  /** The most targets of one call, so that another project gets its turn. Default 100. */
  readonly mostTargets?: number
  /** A check that takes longer may be begun by another worker, and its own end then counts for nothing. Default 120. */
  readonly leaseSeconds?: number
}

/** Tries until a target is set aside. */
export const mostAttempts = 12
const firstPauseSeconds = 5
const longestPauseSeconds = 3_600
/** After another check of the same pair, which is likely over then. */
const supersededPauseSeconds = 2

/** What a call did. */
export interface CheckedDue {
  readonly completed: number
  readonly failed: number
  readonly setAside: number
  /** The lease was lost meanwhile: somebody else completes it. */
  readonly superseded: number
}

/**
 * Checks what is due of a project: takes it under a lease, checks it, and lets it go unless it was named anew meanwhile.
 * What fails is tried again after a growing pause, and set aside after 12 tries. Any number of workers may do this at
 * once; one that dies is followed by another when its lease ends.
 *
 * Whatever is left, because it came meanwhile or is too much for one call, a new job is sent for.
 *
 * @throws StoreError when the database cannot be used; what was taken comes again
 */
export async function checkDue(
  options: CheckDueOptions,
  tenant: ProjectTenant,
  signal: AbortSignal,
): Promise<CheckedDue> {
  const { database, jobs, atOnce = 4, mostTargets = 100 } = options
  const counts = { completed: 0, failed: 0, setAside: 0, superseded: 0 }
  let left = mostTargets
  await waitForSenders(database, tenant)
  const work = async () => {
    while (left > 0 && !signal.aborted) {
      left--
      const taken = await take(options, tenant)
      if (!taken) return
      counts[await checkOne(options, tenant, taken, signal)]++
    }
  }
  const results = await Promise.allSettled(Array.from({ length: atOnce }, work))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  if (left === 0 || signal.aborted) {
    await database
      .scoped(tenant)
      .transaction()
      .execute((tx) => wakeChecks(jobs, tx, tenant))
  }
  return counts
}

/** Waits for transactions that make something due and sent no job, since this one was waiting. */
async function waitForSenders(database: Database, tenant: ProjectTenant): Promise<void> {
  await sql`select pg_advisory_xact_lock(${wakeLock}, hashtext(${tenant.projectId}))`.execute(
    database.scoped(tenant),
  )
}

interface Taken {
  readonly target: Target
  readonly token: number
  readonly generation: number
  readonly attempts: number
  /** The events that this check is the effect of. */
  readonly events: readonly number[]
}

async function take(
  { database, leaseSeconds = 120 }: CheckDueOptions,
  tenant: ProjectTenant,
): Promise<Taken | null> {
  return await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      const { rows } = await sql<{
        readonly target_kind: Target['kind']
        readonly target_id: string
        readonly lease_token: number
        readonly generation: number
        readonly attempts: number
      }>`with ready as materialized (
          select target_kind, target_id from trueup.due_check
          where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
            and state = 'due' and not_before <= clock_timestamp()
            and (leased_until is null or leased_until < clock_timestamp())
          order by not_before limit 1 for update skip locked
        )
        update trueup.due_check due
        set lease_token = nextval('trueup.due_token'),
          leased_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
        from ready
        where due.workspace_id = ${tenant.workspaceId} and due.project_id = ${tenant.projectId}
          and due.target_kind = ready.target_kind and due.target_id = ready.target_id
        returning due.target_kind, due.target_id, due.lease_token, due.generation, due.attempts`.execute(tx)
      const [row] = rows
      if (!row) return null
      // The row is locked: every event that names it is committed and seen here, or will raise its generation later.
      const { rows: events } = await sql<{ readonly seq: number }>`select seq from trueup.inbox_event
        where ${ofTarget(tenant, { kind: row.target_kind, id: row.target_id })}
          and verdict = 'acted-on' and checked_at is null`.execute(tx)
      return {
        target: { kind: row.target_kind, id: row.target_id },
        token: row.lease_token,
        generation: row.generation,
        attempts: row.attempts,
        events: events.map(({ seq }) => seq),
      }
    })
}

async function checkOne(
  options: CheckDueOptions,
  tenant: ProjectTenant,
  taken: Taken,
  signal: AbortSignal,
): Promise<keyof CheckedDue> {
  const { target, token } = taken
  const lease = { token, signal }
  let outcome: RecheckOutcome
  try {
    if (target.kind === 'object') {
      return await passOn(options, tenant, taken, await options.payerOf(tenant, target.id, lease))
    }
    outcome = await options.recheck(tenant, { kind: target.kind, id: target.id }, lease)
  } catch (error) {
    // Without a database nothing can be noted: the lease ends by itself.
    if (error instanceof StoreError) throw error
    return await postpone(options, tenant, taken, error)
  }
  return await complete(options, tenant, taken, outcome)
}

async function complete(
  { database, clock, jobs }: CheckDueOptions,
  tenant: ProjectTenant,
  taken: Taken,
  outcome: RecheckOutcome,
): Promise<'completed' | 'superseded'> {
  const isChecked = outcome.kind === 'checked'
  const againAt = isChecked
    ? outcome.againAt
    : new Date(clock.now().getTime() + supersededPauseSeconds * 1_000)
  return await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      if (!(await letGo(tx, jobs, tenant, taken, againAt)) || !isChecked) return 'superseded'
      await sql`update trueup.inbox_event set checked_at = ${clock.now()}, effects = effects + 1
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
          and seq = any(${taken.events}::bigint[]) and checked_at is null`.execute(tx)
      return 'completed'
    })
}

/** The events about an object become events about its customer, who is due instead. */
async function passOn(
  { database, jobs }: CheckDueOptions,
  tenant: ProjectTenant,
  taken: Taken,
  payer: string | null,
): Promise<'completed' | 'superseded'> {
  return await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      if (!(await letGo(tx, jobs, tenant, taken, null))) return 'superseded'
      const named = payer === null ? null : ({ kind: 'customer', id: payer } as const)
      await sql`update trueup.inbox_event set
          target_kind = ${named?.kind ?? null}, target_id = ${named?.id ?? null},
          verdict = ${named ? 'acted-on' : 'not-acted-on'}, no_effect = ${named ? null : 'nobody-named'}
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
          and seq = any(${taken.events}::bigint[]) and checked_at is null`.execute(tx)
      await markDue(jobs, tx, tenant, named ? [named] : [])
      return 'completed'
    })
}

/**
 * Takes the row away; or leaves it due, at once where it was named anew, and where it is to be looked at again then.
 * False where the lease is another's by now.
 */
async function letGo(
  tx: Transaction<Tables>,
  jobs: Jobs,
  tenant: ProjectTenant,
  { target, token, generation }: Taken,
  againAt: Date | null,
): Promise<boolean> {
  const { rows: mine } = await sql<{ readonly generation: number }>`select generation from trueup.due_check
    where ${ofTarget(tenant, target)} and lease_token = ${token} for update`.execute(tx)
  const [row] = mine
  if (!row) return false
  const isNamedAnew = row.generation !== generation
  if (!isNamedAnew && againAt === null) {
    await sql`delete from trueup.due_check where ${ofTarget(tenant, target)}`.execute(tx)
    return true
  }
  const notBefore = isNamedAnew ? null : againAt
  await sql`update trueup.due_check set lease_token = null, leased_until = null, attempts = 0, failure = null,
      due_since = now(), not_before = coalesce(${notBefore}, now())
    where ${ofTarget(tenant, target)}`.execute(tx)
  if (notBefore) await wakeLater(jobs, tx, tenant, notBefore)
  else await wakeChecks(jobs, tx, tenant)
  return true
}

async function postpone(
  { database, clock, rng, jobs }: CheckDueOptions,
  tenant: ProjectTenant,
  { target, token, attempts }: Taken,
  error: unknown,
): Promise<'failed' | 'setAside' | 'superseded'> {
  const tries = attempts + 1
  const isLast = tries >= mostAttempts
  const pauseSeconds = pauseAfter(tries, rng)
  const failure = toJson(failureOf(error, clock.now()))
  return await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      const { rows } = await sql<{ readonly not_before: Date }>`update trueup.due_check
        set attempts = ${tries}, failure = ${failure}::json, lease_token = null, leased_until = null,
          state = ${isLast ? 'set-aside' : 'due'},
          not_before = clock_timestamp() + make_interval(secs => ${pauseSeconds})
        where ${ofTarget(tenant, target)} and lease_token = ${token}
        returning not_before`.execute(tx)
      const [row] = rows
      if (!row) return 'superseded'
      if (isLast) return 'setAside'
      await wakeLater(jobs, tx, tenant, row.not_before)
      return 'failed'
    })
}

/** A job for later waits under a key of its own, so that it does not hold back what is due at once. */
async function wakeLater(
  jobs: Jobs,
  tx: Transaction<Tables>,
  { workspaceId, projectId }: ProjectTenant,
  at: Date,
): Promise<void> {
  const slotMs = 10_000
  const slot = Math.ceil(at.getTime() / slotMs) * slotMs
  await jobs.send(
    'check.single',
    { workspaceId, projectId },
    { key: `${projectId}@${slot}`, startAfter: new Date(slot), tx },
  )
}

/** Seconds until the next try: doubled each time, at most an hour, less up to a half by chance. */
export function pauseAfter(tries: number, rng: Rng): number {
  const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (tries - 1))
  return pause * (1 - rng.next() / 2)
}

function failureOf(error: unknown, at: Date): Failure {
  const code =
    error instanceof SourceError
      ? error.code
      : error instanceof Error && 'code' in error && typeof error.code === 'string'
        ? error.code
        : 'unexpected'
  // An error of ours says what was found; of any other only the name is known to hold nothing of others.
  const message =
    error instanceof SourceError
      ? withoutKeys(error.message)
      : error instanceof Error
        ? error.name
        : 'unknown'
  return { code, message: message.slice(0, 500), at }
}

function ofTarget({ workspaceId, projectId }: ProjectTenant, { kind, id }: Target) {
  return sql<boolean>`workspace_id = ${workspaceId} and project_id = ${projectId}
    and target_kind = ${kind} and target_id = ${id}`
}
