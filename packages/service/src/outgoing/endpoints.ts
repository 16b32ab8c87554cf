import type { LedgerDraft } from '@trueup/core'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { AlertDependencies } from '../alert/alert-dependencies.ts'
import { newId } from '../new-id.ts'
import { Secret } from '../secret.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { Tables } from '../store/tables.ts'
import type { SealedPlace } from '../vault/sealed-text.ts'
import type { ProjectTenant } from './delivery/delivery-tables.ts'
import type { OutgoingType } from './message-types.ts'
import { OutgoingError } from './outgoing-error.ts'
import type { OutgoingTables } from './outgoing-tables.ts'
import { parsePostUrl } from './post/post.ts'

export type OutgoingDb = Kysely<Tables & OutgoingTables>

/** Where the app is told of incidents and repairs. Its secret is shown once, when it is made. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  readonly description: string
  readonly messageTypes: readonly OutgoingType[]
  readonly enabled: boolean
  /** `whsec_…` and its last four characters. */
  readonly secretHint: string
  /** Until when the secret before this one signs as well; `null`: there is none. */
  readonly previousSecretUntil: Date | null
  /** Since when nothing has been taken; `null`: the last message was. */
  readonly failingSince: Date | null
  /** Why it was switched off by itself; `null`: it was not. */
  readonly disabledBecause: string | null
  readonly createdAt: Date
}

export interface NewEndpoint {
  readonly url: string
  readonly description: string
  readonly messageTypes: readonly OutgoingType[]
}

export interface EndpointChange {
  readonly url?: string | undefined
  readonly description?: string | undefined
  readonly messageTypes?: readonly OutgoingType[] | undefined
  readonly enabled?: boolean | undefined
}

const mostEndpoints = 20
const hourMs = 3_600_000

/** A project's outgoing webhooks. */
export function outgoingDb(
  { database }: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
): OutgoingDb {
  return database.scoped(tenant).withTables<OutgoingTables>()
}

/**
 * Adds an endpoint, which is told of what happens from now on. The secret that signs is given this once.
 *
 * @throws OutgoingError `address-malformed`, `too-many-endpoints`
 */
export async function addEndpoint(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  { url, description, messageTypes }: NewEndpoint,
  by: string,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: Secret }> {
  parsePostUrl(url)
  const { clock, randomBytes, vault } = dependencies
  const id = newId('whe', randomBytes)
  const secret = newSecret(randomBytes)
  const sealed = await vault.seal(secret, secretPlace(tenant, id))
  const now = clock.now()
  const row: Row = {
    workspace_id: tenant.workspaceId,
    project_id: tenant.projectId,
    endpoint_id: id,
    url,
    description,
    message_types: [...messageTypes],
    enabled: true,
    sealed,
    previous_sealed: null,
    previous_until: null,
    secret_hint: hintOf(secret),
    failing_since: null,
    disabled_because: null,
    created_at: now,
  }
  await inOutgoingTransaction(dependencies, tenant, async (tx, base) => {
    const present = await endpointRows(tx, tenant).execute()
    if (present.length >= mostEndpoints) throw tooMany()
    await tx.insertInto('trueup.outgoing_endpoint').values(row).execute()
    await stageChange(base, tenant, { id, change: 'added', messageTypes: [...messageTypes] }, by, now)
  })
  return { endpoint: endpointOf(row), secret }
}

export async function listEndpoints(
  dependencies: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
): Promise<readonly WebhookEndpoint[]> {
  const rows = await endpointRows(outgoingDb(dependencies, tenant), tenant).execute()
  return rows.map(endpointOf)
}

/** @throws OutgoingError `endpoint-not-found` */
export async function loadEndpoint(
  dependencies: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
  id: string,
): Promise<WebhookEndpoint> {
  return endpointOf(await endpointRow(outgoingDb(dependencies, tenant), tenant, id))
}

/**
 * Changes an endpoint. One that is switched on again begins anew: what it missed can be sent again from the log.
 *
 * @throws OutgoingError `endpoint-not-found`, `address-malformed`
 */
export async function changeEndpoint(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  id: string,
  change: EndpointChange,
  by: string,
): Promise<WebhookEndpoint> {
  const { url, description, messageTypes, enabled } = change
  if (url !== undefined) parsePostUrl(url)
  return await inOutgoingTransaction(dependencies, tenant, async (tx, base) => {
    const row = await tx
      .updateTable('trueup.outgoing_endpoint')
      .set({
        endpoint_id: id,
        ...(url === undefined ? {} : { url }),
        ...(description === undefined ? {} : { description }),
        ...(messageTypes === undefined ? {} : { message_types: [...messageTypes] }),
        ...(enabled === undefined ? {} : { enabled }),
        ...(enabled ? { failing_since: null, disabled_because: null } : {}),
      })
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('endpoint_id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw missing(id)
    const changed = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    await stageChange(base, tenant, { id, change: 'changed', changed }, by, dependencies.clock.now())
    return endpointOf(row)
  })
}

/**
 * Makes a new secret for an endpoint and gives it this once. The one before signs beside it for so many hours, so that
 * the app can be changed over without missing a message.
 *
 * @throws OutgoingError `endpoint-not-found`
 */
export async function rollSecret(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  id: string,
  { overlapHours, by }: { readonly overlapHours: number; readonly by: string },
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: Secret }> {
  const { clock, randomBytes, vault } = dependencies
  const before = await endpointRow(outgoingDb(dependencies, tenant), tenant, id)
  const now = clock.now()
  const secret = newSecret(randomBytes)
  const current = await vault.open(before.sealed, secretPlace(tenant, id))
  const previousSealed = overlapHours > 0 ? await vault.seal(current, previousPlace(tenant, id)) : null
  const sealed = await vault.seal(secret, secretPlace(tenant, id))
  const row = await inOutgoingTransaction(dependencies, tenant, async (tx, base) => {
    const rolled = await tx
      .updateTable('trueup.outgoing_endpoint')
      .set({
        sealed,
        secret_hint: hintOf(secret),
        previous_sealed: previousSealed,
        previous_until: overlapHours > 0 ? new Date(now.getTime() + overlapHours * hourMs) : null,
      })
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('endpoint_id', '=', id)
      // Two that roll at once would both think that they hold the secret that signs.
      .where('sealed', '=', before.sealed)
      .returningAll()
      .executeTakeFirst()
    if (!rolled) throw missing(id)
    await stageChange(base, tenant, { id, change: 'secret-rolled', overlapHours }, by, now)
    return rolled
  })
  return { endpoint: endpointOf(row), secret }
}

/**
 * Removes an endpoint and what is on its way to it. Its lines of the delivery log stay.
 *
 * @throws OutgoingError `endpoint-not-found`
 */
export async function removeEndpoint(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  id: string,
  by: string,
): Promise<void> {
  const now = dependencies.clock.now()
  await inOutgoingTransaction(dependencies, tenant, async (tx, base) => {
    const removed = await tx
      .deleteFrom('trueup.outgoing_endpoint')
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('endpoint_id', '=', id)
      .returning('endpoint_id')
      .executeTakeFirst()
    if (!removed) throw missing(id)
    await dropWaiting(tx, tenant, id, now, 'The endpoint was removed.')
    await stageChange(base, tenant, { id, change: 'removed' }, by, now)
  })
}

/** The secrets that sign for an endpoint now, newest first. */
export async function openSecrets(
  { vault }: Pick<AlertDependencies, 'vault'>,
  tenant: ProjectTenant,
  row: Row,
  now: Date,
): Promise<readonly Secret[]> {
  const current = await vault.open(row.sealed, secretPlace(tenant, row.endpoint_id))
  if (row.previous_sealed === null || row.previous_until === null || row.previous_until <= now)
    return [current]
  return [current, await vault.open(row.previous_sealed, previousPlace(tenant, row.endpoint_id))]
}

/** @throws OutgoingError `endpoint-not-found` */
export async function endpointRow(db: OutgoingDb, tenant: ProjectTenant, id: string): Promise<Row> {
  const row = await endpointRows(db, tenant).where('endpoint_id', '=', id).executeTakeFirst()
  if (row) return row
  throw missing(id)
}

/**
 * Sets aside what is on its way to an endpoint. What is being sent at this moment is left alone: two that wait for each
 * other's rows would both fail, and its next try finds the endpoint switched off or gone.
 */
export async function dropWaiting(
  db: OutgoingDb,
  { workspaceId, projectId }: ProjectTenant,
  endpointId: string,
  now: Date,
  why: string,
): Promise<void> {
  await sql`update trueup.delivery set state = 'set-aside', ended_at = ${now}, problem = ${why}
    where workspace_id = ${workspaceId} and project_id = ${projectId} and delivery_id in (
      select delivery_id from trueup.delivery where workspace_id = ${workspaceId} and project_id = ${projectId}
        and target_id = ${endpointId} and state = 'waiting' for update skip locked)`.execute(db)
}

/** Runs work in a transaction of the project; the store's own code takes it as `base`. */
export async function inOutgoingTransaction<T>(
  { database }: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
  work: (tx: OutgoingDb, base: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return await database
    .scoped(tenant)
    .transaction()
    .execute((base) => work(base.withTables<OutgoingTables>(), base))
}

export type Row = Selectable<OutgoingTables['trueup.outgoing_endpoint']>

export function endpointRows(db: OutgoingDb, { workspaceId, projectId }: ProjectTenant) {
  return db
    .selectFrom('trueup.outgoing_endpoint')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('project_id', '=', projectId)
    .orderBy('created_at')
    .orderBy('endpoint_id')
}

function endpointOf(row: Row): WebhookEndpoint {
  return {
    id: row.endpoint_id,
    url: row.url,
    description: row.description,
    // Only these are ever written.
    messageTypes: row.message_types as readonly OutgoingType[],
    enabled: row.enabled,
    secretHint: row.secret_hint,
    previousSecretUntil: row.previous_until,
    failingSince: row.failing_since,
    disabledBecause: row.disabled_because,
    createdAt: row.created_at,
  }
}

async function stageChange(
  base: Transaction<Tables>,
  tenant: ProjectTenant,
  facts: LedgerDraft['facts'] & { readonly id: string; readonly change: string },
  by: string,
  at: Date,
): Promise<void> {
  const draft: LedgerDraft = {
    key: `webhooks-changed:${facts.id}:${facts.change}:${at.toISOString()}`,
    act: 'webhooks-changed',
    at,
    by,
    about: {},
    facts: { what: 'endpoint', ...facts },
    personal: null,
  }
  await stageEntries(tenant, base, [draft])
}

function newSecret(randomBytes: (count: number) => Uint8Array): Secret {
  return new Secret(`whsec_${Buffer.from(randomBytes(32)).toString('base64')}`)
}

function hintOf(secret: Secret): string {
  return `whsec_…${secret.reveal().slice(-4)}`
}

function secretPlace({ workspaceId, projectId }: ProjectTenant, id: string): SealedPlace {
  return { workspaceId, projectId, field: 'outgoing-secret', row: id }
}

function previousPlace({ workspaceId, projectId }: ProjectTenant, id: string): SealedPlace {
  return { workspaceId, projectId, field: 'outgoing-secret-previous', row: id }
}

function missing(id: string): OutgoingError {
  return new OutgoingError({
    code: 'endpoint-not-found',
    message: `There is no endpoint ${id} in this project, or it was changed at this moment.`,
    fix: 'List the endpoints of the project to find its id.',
  })
}

function tooMany(): OutgoingError {
  return new OutgoingError({
    code: 'too-many-endpoints',
    message: `A project has at most ${mostEndpoints} endpoints.`,
    fix: 'Remove one that is not used.',
  })
}
