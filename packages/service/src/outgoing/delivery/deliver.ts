import type { Clock, Rng } from '@trueup/core'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { DeliveryRow, DeliveryTables, HeldFor, ProjectTenant } from './delivery-tables.ts'
import type { Outcome } from './outcome.ts'
import { outcomeOfUnforeseen } from './outcome.ts'
import { mostTries, retryDelaySeconds } from './retry-delay.ts'

/** A try lasts 15 s at most; whoever holds a delivery for longer is dead or stopped. */
const leaseSeconds = 60

/** A delivery as it is when it is looked at for a try, inside of the transaction that takes it. */
export type Delivery = Readonly<Selectable<DeliveryRow>>

/** What is to become of a delivery that is due. */
export type Preparation =
  /** Every try sends this. */
  | { readonly kind: 'content'; readonly content: string }
  /** Later, for this reason; it does not count as a try. */
  | { readonly kind: 'later'; readonly dueAt: Date; readonly heldFor: HeldFor | null }
  | { readonly kind: 'nothing'; readonly why: string }

export interface DeliverPorts {
  readonly clock: Clock
  readonly rng: Rng
}

/** What became of a call of {@link deliver}. */
export type Delivered =
  | { readonly kind: 'sent' | 'set-aside' | 'dropped'; readonly delivery: Delivery }
  /** It is to be tried at this moment. */
  | { readonly kind: 'waiting'; readonly delivery: Delivery; readonly dueAt: Date }
  /** It is not there, has ended, or somebody else has it in hand. */
  | { readonly kind: 'not-mine' }

/**
 * Tries to deliver one message, once. Takes it under a lease by the database's clock, with a token that grows: whoever
 * was stopped for longer than the lease can no longer write what became of it. Nothing is sent inside of a
 * transaction, and what is sent stands in the database before it is.
 *
 * May be called any number of times, also at once. A message is sent twice only where a process died between sending
 * it and writing that down; it then has the same id.
 *
 * @param act.prepare reads, inside of the transaction, what is to be sent; it is asked for once.
 * @param act.send sends it. What it throws counts as a failed try, and is thrown on.
 */
export async function deliver<Tables extends DeliveryTables>(
  db: Kysely<Tables>,
  tenant: ProjectTenant,
  deliveryId: string,
  act: {
    prepare(tx: Kysely<Tables>, delivery: Delivery): Promise<Preparation>
    send(delivery: Delivery): Promise<Outcome>
    /** Told inside of the transaction that records the outcome, where it is the receiver's. */
    onOutcome?(tx: Kysely<Tables>, delivery: Delivery, outcome: Outcome): Promise<void>
  },
  { clock, rng }: DeliverPorts,
): Promise<Delivered> {
  const taken = await db.transaction().execute((tx) => take(tx, tenant, deliveryId, act.prepare, clock.now()))
  if (taken.kind !== 'taken') return taken
  const { delivery } = taken
  const begun = clock.now()
  const unforeseen: unknown[] = []
  const outcome = await act.send(delivery).catch((error: unknown): Outcome => {
    unforeseen.push(error)
    return outcomeOfUnforeseen(error)
  })
  const now = clock.now()
  const delivered = await db.transaction().execute(async (tx): Promise<Delivered> => {
    const after = stateAfter(delivery, outcome, now, rng)
    const kept = await sql`update trueup.delivery set state = ${after.state}, tries = ${after.tries},
        due_at = ${after.dueAt}, leased_until = null, ended_at = ${after.state === 'waiting' ? null : now},
        problem = ${outcome.kind === 'failed' ? outcome.detail : null}
      where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
        and delivery_id = ${deliveryId} and token = ${delivery.token} and state = 'waiting'
      returning 1`.execute(tx)
    if (kept.rows.length === 0) return { kind: 'not-mine' }
    await sql`insert into trueup.delivery_try
        (workspace_id, project_id, delivery_id, token, at, outcome, status, detail, took_ms)
      values (${tenant.workspaceId}, ${tenant.projectId}, ${deliveryId}, ${delivery.token}, ${begun},
        ${outcome.kind}, ${outcome.status}, ${outcome.detail},
        ${Math.max(0, now.getTime() - begun.getTime())})`.execute(tx)
    if (unforeseen.length === 0) await act.onOutcome?.(tx, delivery, outcome)
    return after.state === 'waiting'
      ? { kind: 'waiting', delivery, dueAt: after.dueAt }
      : { kind: after.state, delivery }
  })
  // It counts as a try, so that what always fails is set aside; and whoever looks after the service hears of it.
  if (unforeseen.length > 0) throw unforeseen[0]
  return delivered
}

type Taken = { readonly kind: 'taken'; readonly delivery: Delivery } | Delivered

async function take<Tables extends DeliveryTables>(
  tx: Kysely<Tables>,
  tenant: ProjectTenant,
  deliveryId: string,
  prepare: (tx: Kysely<Tables>, delivery: Delivery) => Promise<Preparation>,
  now: Date,
): Promise<Taken> {
  const own = sql`workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
    and delivery_id = ${deliveryId}`
  const { rows } = await sql<Delivery>`select * from trueup.delivery
    where ${own} and state = 'waiting' and (leased_until is null or leased_until < clock_timestamp())
    for update`.execute(tx)
  const [delivery] = rows
  if (!delivery) return { kind: 'not-mine' }
  if (delivery.due_at > now) return { kind: 'waiting', delivery, dueAt: delivery.due_at }
  let content: string | null = null
  if (delivery.content === null) {
    const prepared = await prepare(tx, delivery)
    if (prepared.kind === 'later') {
      await sql`update trueup.delivery set due_at = ${prepared.dueAt}, held_for = ${prepared.heldFor}
        where ${own}`.execute(tx)
      return { kind: 'waiting', delivery, dueAt: prepared.dueAt }
    }
    if (prepared.kind === 'nothing') {
      await sql`update trueup.delivery set state = 'dropped', ended_at = ${now}, problem = ${prepared.why}
        where ${own}`.execute(tx)
      return { kind: 'dropped', delivery }
    }
    content = prepared.content
  }
  const { rows: leased } = await sql<Delivery>`update trueup.delivery
    set token = token + 1, leased_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
      held_for = null, content = coalesce(content, ${content}::json)
    where ${own} returning *`.execute(tx)
  const [mine] = leased
  if (!mine) throw new Error(`The delivery ${deliveryId} was locked and is gone.`)
  return { kind: 'taken', delivery: mine }
}

function stateAfter(
  delivery: Delivery,
  outcome: Outcome,
  now: Date,
  rng: Rng,
): { readonly state: 'waiting' | 'sent' | 'set-aside'; readonly tries: number; readonly dueAt: Date } {
  const tries = delivery.tries + 1
  if (outcome.kind === 'sent') return { state: 'sent', tries, dueAt: delivery.due_at }
  const { retryAfterSeconds } = outcome
  const seconds =
    outcome.isRetryable && tries < mostTries
      ? retryDelaySeconds(delivery.audience, { tries, retryAfterSeconds }, rng)
      : null
  if (seconds === null) return { state: 'set-aside', tries, dueAt: delivery.due_at }
  return { state: 'waiting', tries, dueAt: new Date(now.getTime() + seconds * 1000) }
}
