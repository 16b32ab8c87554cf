import type { LedgerDraft } from '@trueup/core'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { newId } from '../new-id.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import { Secret } from '../secret.ts'
import { toJson } from '../store/json-codec.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { Tables } from '../store/tables.ts'
import type { SealedPlace } from '../vault/sealed-text.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { AlertError } from './alert-error.ts'
import type { AlertTables } from './alert-tables.ts'
import {
  type ChannelConfig,
  type ChannelKind,
  channelConfig,
  type ShownSettings,
  shownSettings,
} from './channel-config.ts'

export type AlertDb = Kysely<Tables & AlertTables>
export type AlertTransaction = Transaction<Tables & AlertTables>

/** A channel as it is shown: nothing in it can be used to send. */
export interface AlertChannel {
  readonly id: string
  readonly name: string
  readonly kind: ChannelKind
  readonly settings: ShownSettings
  readonly enabled: boolean
  /** Whether it gets the weekly digest. */
  readonly getsDigest: boolean
  /** More messages wait, and are put together. */
  readonly messagesPerHour: number
  readonly createdAt: Date
}

export interface NewChannel {
  readonly name: string
  readonly config: ChannelConfig
  /** Default: true, but for PagerDuty and webhooks. */
  readonly getsDigest?: boolean | undefined
  /** Default: 30. */
  readonly messagesPerHour?: number | undefined
}

/** What of a channel may be changed; the kind stays. */
export interface ChannelChange {
  readonly name?: string | undefined
  readonly config?: ChannelConfig | undefined
  readonly enabled?: boolean | undefined
  readonly getsDigest?: boolean | undefined
  readonly messagesPerHour?: number | undefined
}

const mostChannels = 50
const usualMessagesPerHour = 30

/** The tables of a project's alerts. */
export function alertDb({ database }: Pick<AlertDependencies, 'database'>, tenant: ProjectTenant): AlertDb {
  return database.scoped(tenant).withTables<AlertTables>()
}

/**
 * Runs work in a transaction of the project.
 *
 * @param work gets the tables of alerts, and the same transaction as the store's own code takes it
 */
export async function inAlertTransaction<T>(
  { database }: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
  work: (tx: AlertTransaction, base: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return await database
    .scoped(tenant)
    .transaction()
    .execute((base) => work(base.withTables<AlertTables>(), base))
}

/**
 * Adds a channel. Its addresses and keys are sealed, and never given back.
 *
 * @param by who adds it, for the ledger
 * @throws AlertError `digest-unsupported`, `mail-unconfigured`, `too-many-channels`, `mail-settings-incomplete`
 */
export async function addChannel(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  { name, config, getsDigest = takesDigest(config.kind), messagesPerHour = usualMessagesPerHour }: NewChannel,
  by: string,
): Promise<AlertChannel> {
  const { clock, randomBytes, vault } = dependencies
  refuseUnusable(config, getsDigest, dependencies)
  const id = newId('alc', randomBytes)
  const sealed = await vault.seal(new Secret(JSON.stringify(config)), placeOf(tenant, id))
  const now = clock.now()
  const row = {
    workspace_id: tenant.workspaceId,
    project_id: tenant.projectId,
    channel_id: id,
    name,
    kind: config.kind,
    settings: toJson(shownSettings(config)),
    sealed,
    gets_digest: getsDigest,
    messages_per_hour: messagesPerHour,
    created_at: now,
  }
  await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    const { count } = await tx
      .selectFrom('trueup.alert_channel')
      .select((own) => own.fn.countAll<number>().as('count'))
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .executeTakeFirstOrThrow()
    if (count >= mostChannels) throw tooMany()
    await tx.insertInto('trueup.alert_channel').values(row).execute()
    await stageAlertChange(base, tenant, { what: 'channel', id, change: 'added', kind: config.kind }, by, now)
  })
  return { ...shown(row), settings: shownSettings(config), enabled: true }
}

/** All channels of a project, oldest first. */
export async function listChannels(
  dependencies: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
): Promise<readonly AlertChannel[]> {
  const rows = await channelRows(alertDb(dependencies, tenant), tenant).execute()
  return rows.map((row) => ({ ...shown(row), settings: row.settings, enabled: row.enabled }))
}

/** @throws AlertError `channel-not-found` */
export async function loadChannel(
  dependencies: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
  id: string,
): Promise<AlertChannel> {
  const row = await channelRow(alertDb(dependencies, tenant), tenant, id)
  return { ...shown(row), settings: row.settings, enabled: row.enabled }
}

/**
 * Changes a channel. A new configuration takes the place of the whole old one, since secrets are never given back to
 * be sent again.
 *
 * @throws AlertError `channel-not-found`, `channel-kind-differs`, and as addChannel
 */
export async function changeChannel(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  id: string,
  change: ChannelChange,
  by: string,
): Promise<AlertChannel> {
  const { clock, vault } = dependencies
  const db = alertDb(dependencies, tenant)
  const before = await channelRow(db, tenant, id)
  const { config } = change
  if (config && config.kind !== before.kind) throw otherKind(before.kind)
  const getsDigest = change.getsDigest ?? before.gets_digest
  if (config) refuseUnusable(config, getsDigest, dependencies)
  else if (getsDigest && !takesDigest(before.kind)) throw noDigest(before.kind)
  const sealed = config && (await vault.seal(new Secret(JSON.stringify(config)), placeOf(tenant, id)))
  await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    await tx
      .updateTable('trueup.alert_channel')
      .set({
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
        ...(change.messagesPerHour === undefined ? {} : { messages_per_hour: change.messagesPerHour }),
        ...(config && sealed ? { sealed, settings: toJson(shownSettings(config)) } : {}),
        gets_digest: getsDigest,
      })
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('channel_id', '=', id)
      .execute()
    const changed = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    await stageAlertChange(base, tenant, { what: 'channel', id, change: 'changed', changed }, by, clock.now())
  })
  return await loadChannel(dependencies, tenant, id)
}

/**
 * Removes a channel and what is on its way to it. Rules that named it name it no more; its lines of the delivery log
 * stay.
 *
 * @throws AlertError `channel-not-found`
 */
export async function removeChannel(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  id: string,
  by: string,
): Promise<void> {
  const now = dependencies.clock.now()
  await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    await channelRow(tx, tenant, id)
    await tx
      .updateTable('trueup.delivery')
      .set({ state: 'dropped', ended_at: now, problem: 'The channel was removed.' })
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('target_id', '=', id)
      .where('state', '=', 'waiting')
      .execute()
    for (const table of ['trueup.alert_told', 'trueup.alert_episode', 'trueup.alert_channel'] as const) {
      await tx
        .deleteFrom(table)
        .where('workspace_id', '=', tenant.workspaceId)
        .where('project_id', '=', tenant.projectId)
        .where('channel_id', '=', id)
        .execute()
    }
    await stageAlertChange(base, tenant, { what: 'channel', id, change: 'removed' }, by, now)
  })
}

/**
 * Opens what a channel needs to send.
 *
 * @throws AlertError `channel-not-found`; VaultError
 */
export async function openChannelConfig(
  dependencies: Pick<AlertDependencies, 'database' | 'vault'>,
  tenant: ProjectTenant,
  id: string,
): Promise<ChannelConfig> {
  const row = await channelRow(alertDb(dependencies, tenant), tenant, id)
  const secret = await dependencies.vault.open(row.sealed, placeOf(tenant, id))
  return channelConfig.parse(JSON.parse(secret.reveal()))
}

/** What a person changed about alerts, as the ledger has it: which thing, never an address. */
export async function stageAlertChange(
  base: Kysely<Tables>,
  { workspaceId, projectId }: ProjectTenant,
  facts: LedgerDraft['facts'] & { readonly what: 'channel' | 'rule'; readonly id: string },
  by: string,
  at: Date,
): Promise<void> {
  const draft: LedgerDraft = {
    key: `alerts-changed:${facts.id}:${at.toISOString()}`,
    act: 'alerts-changed',
    at,
    by,
    about: {},
    facts,
    personal: null,
  }
  await stageEntries({ projectId, workspaceId }, base, [draft])
}

/** Whether a kind of channel can show a digest. */
export function takesDigest(kind: ChannelKind): boolean {
  return kind !== 'pagerduty' && kind !== 'webhook'
}

type ChannelRow = Selectable<AlertTables['trueup.alert_channel']>

function channelRows(db: AlertDb, { workspaceId, projectId }: ProjectTenant) {
  return db
    .selectFrom('trueup.alert_channel')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('project_id', '=', projectId)
    .orderBy('created_at')
    .orderBy('channel_id')
}

async function channelRow(db: AlertDb, tenant: ProjectTenant, id: string): Promise<ChannelRow> {
  const row = await channelRows(db, tenant).where('channel_id', '=', id).executeTakeFirst()
  if (row) return row
  throw new AlertError({
    code: 'channel-not-found',
    message: `There is no alert channel ${id} in this project.`,
    fix: 'List the channels of the project to find its id.',
  })
}

function shown(
  row: Omit<ChannelRow, 'settings' | 'enabled' | 'sealed'>,
): Omit<AlertChannel, 'settings' | 'enabled'> {
  return {
    id: row.channel_id,
    name: row.name,
    kind: row.kind,
    getsDigest: row.gets_digest,
    messagesPerHour: row.messages_per_hour,
    createdAt: row.created_at,
  }
}

function placeOf({ workspaceId, projectId }: ProjectTenant, id: string): SealedPlace {
  return { workspaceId, projectId, field: 'alert-channel', row: id }
}

function refuseUnusable(
  config: ChannelConfig,
  getsDigest: boolean,
  { mail }: Pick<AlertDependencies, 'mail'>,
): void {
  if (getsDigest && !takesDigest(config.kind)) throw noDigest(config.kind)
  if (config.kind !== 'email') return
  if (config.smtp === null && mail === null) {
    throw new AlertError({
      code: 'mail-unconfigured',
      message: 'This service has no mail server of its own, and the channel names none.',
      fix: 'Name a mail server in the channel, or set TRUEUP_SMTP_URL and TRUEUP_MAIL_FROM.',
    })
  }
  if (config.smtp !== null && config.from === null) {
    throw new AlertError({
      code: 'mail-settings-incomplete',
      message: 'A channel with its own mail server has to say whom its mail is from.',
      fix: 'Give `from`, an address that the mail server lets this user send from.',
    })
  }
  if (config.smtp !== null && (config.smtp.user === null) !== (config.smtp.password === null)) {
    throw new AlertError({
      code: 'mail-settings-incomplete',
      message: 'A user of a mail server needs a password, and a password a user.',
      fix: 'Give both, or neither.',
    })
  }
}

function noDigest(kind: ChannelKind): AlertError {
  return new AlertError({
    code: 'digest-unsupported',
    message: `A channel of kind ${kind} does not show a digest.`,
    fix: 'Send the digest to email, Slack, Discord or Teams.',
  })
}

function otherKind(kind: ChannelKind): AlertError {
  return new AlertError({
    code: 'channel-kind-differs',
    message: `The channel is of kind ${kind}, and stays so.`,
    fix: 'Add a channel of the other kind, and remove this one.',
  })
}

function tooMany(): AlertError {
  return new AlertError({
    code: 'too-many-channels',
    message: `A project has at most ${mostChannels} alert channels.`,
    fix: 'Remove one that nobody reads.',
  })
}
