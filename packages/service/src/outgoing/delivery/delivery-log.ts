import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'
import { OutgoingError } from '../outgoing-error.ts'
import type { Delivery } from './deliver.ts'
import type { Audience, DeliveryState, HeldFor, ProjectTenant } from './delivery-tables.ts'

/** A line of the delivery log. What was sent is only in the single one, not in the list. */
export interface DeliveryLine {
  readonly id: string
  readonly targetId: string
  readonly type: string
  readonly messageId: string
  readonly state: DeliveryState
  readonly heldFor: HeldFor | null
  readonly tries: number
  readonly createdAt: Date
  /** When it is tried next, where it waits. */
  readonly dueAt: Date | null
  readonly endedAt: Date | null
  /** What went wrong last; `null`: nothing. */
  readonly problem: string | null
}

/** One try of a delivery. */
export interface DeliveryTry {
  readonly at: Date
  readonly outcome: 'sent' | 'failed'
  readonly status: number | null
  readonly detail: string
  readonly tookMs: number
}

/** A delivery with everything that is known of it. */
export interface WholeDelivery extends DeliveryLine {
  readonly content: unknown
  readonly tried: readonly DeliveryTry[]
}

export interface DeliveryQuery {
  readonly audience: Audience
  /** One channel or endpoint; all where it is left out. */
  readonly targetId?: string | undefined
  readonly state?: DeliveryState | undefined
  /** The last one of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** The log, newest first. */
export async function listDeliveries(
  db: QueryExecutorProvider,
  { workspaceId, projectId }: ProjectTenant,
  { audience, targetId, state, after, limit }: DeliveryQuery,
): Promise<readonly DeliveryLine[]> {
  const { rows } = await sql<Delivery>`select * from trueup.delivery
    where workspace_id = ${workspaceId} and project_id = ${projectId} and audience = ${audience}
      and (${targetId ?? null}::text is null or target_id = ${targetId ?? null})
      and (${state ?? null}::text is null or state = ${state ?? null})
      and (${after ?? null}::text is null or (created_at, delivery_id) < (
        select created_at, delivery_id from trueup.delivery
        where workspace_id = ${workspaceId} and project_id = ${projectId} and delivery_id = ${after ?? null}))
    order by created_at desc, delivery_id desc limit ${limit}`.execute(db)
  return rows.map(lineOf)
}

/**
 * One delivery with its tries and what they sent.
 *
 * @throws OutgoingError `delivery-not-found`
 */
export async function wholeDelivery(
  db: QueryExecutorProvider,
  { workspaceId, projectId }: ProjectTenant,
  audience: Audience,
  deliveryId: string,
): Promise<WholeDelivery> {
  const { rows } = await sql<Delivery>`select * from trueup.delivery where workspace_id = ${workspaceId}
    and project_id = ${projectId} and audience = ${audience} and delivery_id = ${deliveryId}`.execute(db)
  const [delivery] = rows
  if (!delivery) throw missing(deliveryId)
  const { rows: tried } = await sql<DeliveryTry>`select at, outcome, status, detail, took_ms as "tookMs"
    from trueup.delivery_try where workspace_id = ${workspaceId} and project_id = ${projectId}
      and delivery_id = ${deliveryId} order by token`.execute(db)
  return { ...lineOf(delivery), content: delivery.content, tried }
}

/**
 * Sends a message again that was sent or set aside: with the same id and content, so that a receiver who has it knows
 * it again, and with all its tries before it.
 *
 * @throws OutgoingError `delivery-not-found`, `delivery-waiting`
 */
export async function replayDelivery(
  db: QueryExecutorProvider,
  { workspaceId, projectId }: ProjectTenant,
  audience: Audience,
  deliveryId: string,
  now: Date,
): Promise<void> {
  const own = sql`workspace_id = ${workspaceId} and project_id = ${projectId} and audience = ${audience}
    and delivery_id = ${deliveryId}`
  const { rows } = await sql`update trueup.delivery
    set state = 'waiting', tries = 0, due_at = ${now}, ended_at = null, problem = null
    where ${own} and state in ('sent', 'set-aside') and content is not null returning 1`.execute(db)
  if (rows.length > 0) return
  const { rows: there } = await sql`select 1 from trueup.delivery where ${own}`.execute(db)
  if (there.length === 0) throw missing(deliveryId)
  throw new OutgoingError({
    code: 'delivery-waiting',
    message: `The delivery ${deliveryId} is still on its way, or there was nothing to send.`,
    fix: 'Look at the delivery log; only what was sent or set aside can be sent again.',
  })
}

/** A delivery whose job may have been lost. */
export interface OverdueDelivery extends ProjectTenant {
  readonly audience: Audience
  readonly deliveryId: string
}

/**
 * Deliveries of all projects that have been due for longer than a job takes to come, longest first. Each was to have a
 * job; where that was lost, whoever calls this now and then sends another.
 *
 * @param system a database handle that sees every tenant
 */
export async function overdueDeliveries(
  system: QueryExecutorProvider,
  now: Date,
  limit = 500,
): Promise<readonly OverdueDelivery[]> {
  const overdue = new Date(now.getTime() - 60_000)
  const { rows } = await sql<OverdueDelivery>`select workspace_id as "workspaceId", project_id as "projectId",
      audience, delivery_id as "deliveryId"
    from trueup.delivery where state = 'waiting' and due_at < ${overdue}
      and (leased_until is null or leased_until < clock_timestamp())
    order by due_at limit ${limit}`.execute(system)
  return rows
}

/**
 * Deletes deliveries, and their tries, that ended before this; those that incidents were told by stay as long as what
 * was told is open. At most `limit`. Gives how many.
 */
export async function forgetDeliveries(
  system: QueryExecutorProvider,
  before: Date,
  limit = 5_000,
): Promise<number> {
  const { rows } = await sql`delete from trueup.delivery where (workspace_id, project_id, delivery_id) in (
      select workspace_id, project_id, delivery_id from trueup.delivery
      where state <> 'waiting' and ended_at < ${before}
        and not exists (select from trueup.alert_told told where told.workspace_id = delivery.workspace_id
          and told.project_id = delivery.project_id and told.delivery_id = delivery.delivery_id
          and told.ended_at is null)
      limit ${limit}) returning 1`.execute(system)
  return rows.length
}

function lineOf(row: Delivery): DeliveryLine {
  return {
    id: row.delivery_id,
    targetId: row.target_id,
    type: row.type,
    messageId: row.message_id,
    state: row.state,
    heldFor: row.held_for,
    tries: row.tries,
    createdAt: row.created_at,
    dueAt: row.state === 'waiting' ? row.due_at : null,
    endedAt: row.ended_at,
    problem: row.problem,
  }
}

function missing(deliveryId: string): OutgoingError {
  return new OutgoingError({
    code: 'delivery-not-found',
    message: `There is no delivery ${deliveryId} in this project.`,
    fix: 'List the deliveries of the project to find its id.',
  })
}
