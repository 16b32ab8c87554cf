import type { Clock, LedgerDraft } from '@trueup/core'
import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'
import { newId } from '../new-id.ts'
import type { Secret } from '../secret.ts'
import type { Database } from '../store/index.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { SealedText } from '../vault/sealed-text.ts'
import type { EndpointDirectory } from './endpoints.ts'
import type { Provider } from './event.ts'
import { InboxError } from './inbox-error.ts'
import { signingKey } from './signature.ts'
import type { InboxTables, ProjectTenant } from './tables.ts'

export interface EndpointSecretsOptions {
  readonly database: Database
  readonly vault: SealedText
  readonly endpoints: EndpointDirectory
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
}

/** A signing secret as it may be shown. */
export interface ShownSecret {
  readonly id: string
  /** `whsec_…` and its last four characters. */
  readonly label: string
  readonly addedAt: Date
  readonly addedBy: string
  /** Signs until then; `null`: until it is removed. */
  readonly expiresAt: Date | null
}

/** Two endpoints of a project may share an address, one for each form of event, and each is rolled at times. */
const mostSecrets = 8
const rolledHours = 24

/**
 * Opens the address of a project for webhooks of a provider, or says anew which events are its own. Events of the other
 * mode, or of another account than this, are then refused. Not needed where the source is connected: then the first
 * secret opens the address, and the mode and the account are those of the key.
 *
 * @param own `isLive`: the mode whose events are taken. `account`: for Stripe the connected account whose events are taken
 *   beside those without one; for Clerk the instance (`ins_...`). `null`: as the connected source says.
 */
export async function openEndpoint(
  { database, endpoints, clock }: EndpointSecretsOptions,
  tenant: ProjectTenant,
  provider: Provider,
  own: { readonly isLive: boolean | null; readonly account: string | null },
): Promise<void> {
  await sql`insert into trueup.webhook_endpoint as held (workspace_id, project_id, provider, is_live, account, opened_at)
    values (${tenant.workspaceId}, ${tenant.projectId}, ${provider}, ${own.isLive}, ${own.account}, ${clock.now()})
    on conflict (workspace_id, project_id, provider) do update set
      is_live = excluded.is_live, account = excluded.account, revision = held.revision + 1
      where (held.is_live, held.account) is distinct from (excluded.is_live, excluded.account)`.execute(
    database.scoped(tenant),
  )
  endpoints.forget(tenant.projectId)
}

/**
 * Closes the address, in the transaction in which its source is disconnected: its secrets are forgotten, the events that
 * came stay. Processes that hold the endpoint take events for ten seconds more.
 */
export async function closeEndpoint(
  tx: QueryExecutorProvider,
  tenant: ProjectTenant,
  provider: Provider,
): Promise<void> {
  await sql`delete from trueup.webhook_endpoint where ${ofProvider(tenant, provider)}`.execute(tx)
}

/** Secrets of an endpoint, newest first, those that signed until lately too. */
export async function listEndpointSecrets(
  database: Database,
  { workspaceId, projectId }: ProjectTenant,
  provider: Provider,
): Promise<readonly ShownSecret[]> {
  return await database
    .scoped({ workspaceId, projectId })
    .withTables<InboxTables>()
    .selectFrom('trueup.webhook_secret')
    .select([
      'secret_id as id',
      'label',
      'added_at as addedAt',
      'added_by as addedBy',
      'expires_at as expiresAt',
    ])
    .where('workspace_id', '=', workspaceId)
    .where('project_id', '=', projectId)
    .where('provider', '=', provider)
    .orderBy('added_at', 'desc')
    .orderBy('secret_id')
    .execute()
}

/**
 * Adds a signing secret. `replaces`: the secrets so far go on signing for a day, as the provider lets them when one is
 * rolled, and then no longer.
 *
 * @throws InboxError `secret-malformed`, `secret-exists`, `too-many-secrets`, `endpoint-unknown`
 */
export async function addEndpointSecret(
  options: EndpointSecretsOptions,
  tenant: ProjectTenant,
  provider: Provider,
  given: { readonly secret: Secret; readonly by: string; readonly replaces: boolean },
): Promise<ShownSecret> {
  const { database, vault, endpoints, clock, randomBytes } = options
  const { secret, by, replaces } = given
  const key = signingKey(provider, secret)
  const now = clock.now()
  const id = newId('whs', randomBytes)
  const added = await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      await lockEndpoint(tx, tenant, provider, now)
      await assertNew(tx, vault, tenant, provider, key)
      const place = placeOf(tenant, provider, id)
      const label = `whsec_…${secret.reveal().trim().slice(-4)}`
      const sealed = await vault.seal(secret, place, tx)
      if (replaces) {
        const until = new Date(now.getTime() + rolledHours * 3_600_000)
        await sql`update trueup.webhook_secret set expires_at = least(coalesce(expires_at, ${until}), ${until})
          where ${ofProvider(tenant, provider)}`.execute(tx)
      }
      await sql`insert into trueup.webhook_secret
          (workspace_id, project_id, provider, secret_id, sealed, label, added_at, added_by)
        values (${tenant.workspaceId}, ${tenant.projectId}, ${provider}, ${id}, ${sealed}, ${label}, ${now}, ${by})`.execute(
        tx,
      )
      await enter(tx, tenant, {
        key: `webhook-secret-added:${id}`,
        act: 'webhook-secret-added',
        at: now,
        by,
        about: { source: provider },
        facts: { secret: id, replaces },
        personal: null,
      })
      return { id, label, addedAt: now, addedBy: by, expiresAt: null }
    })
  endpoints.forget(tenant.projectId)
  return added
}

/**
 * Takes a signing secret away at once.
 *
 * @throws InboxError `secret-unknown`
 */
export async function removeEndpointSecret(
  { database, endpoints, clock }: EndpointSecretsOptions,
  tenant: ProjectTenant,
  provider: Provider,
  { id, by }: { readonly id: string; readonly by: string },
): Promise<void> {
  await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      const { rows } = await sql`delete from trueup.webhook_secret
        where ${ofProvider(tenant, provider)} and secret_id = ${id} returning secret_id`.execute(tx)
      if (rows.length === 0) {
        throw new InboxError({
          code: 'secret-unknown',
          message: `The project has no signing secret ${id} for ${provider}.`,
          fix: 'List the secrets of the endpoint, and name one of them.',
        })
      }
      await enter(tx, tenant, {
        key: `webhook-secret-removed:${id}`,
        act: 'webhook-secret-removed',
        at: clock.now(),
        by,
        about: { source: provider },
        facts: { secret: id },
        personal: null,
      })
    })
  endpoints.forget(tenant.projectId)
}

/** An endpoint is there once its source is connected; the first secret opens it. */
async function lockEndpoint(
  tx: QueryExecutorProvider,
  tenant: ProjectTenant,
  provider: Provider,
  now: Date,
): Promise<void> {
  const { workspaceId, projectId } = tenant
  await sql`insert into trueup.webhook_endpoint (workspace_id, project_id, provider, opened_at)
    select ${workspaceId}, ${projectId}, ${provider}, ${now}
    where exists (select from trueup.project_source
      where workspace_id = ${workspaceId} and project_id = ${projectId} and kind = ${provider})
    on conflict do nothing`.execute(tx)
  const { rows } =
    await sql`select from trueup.webhook_endpoint where ${ofProvider(tenant, provider)} for update`.execute(
      tx,
    )
  if (rows.length > 0) return
  throw new InboxError({
    code: 'endpoint-unknown',
    message: `The project takes no webhooks of ${provider}: that source is not connected.`,
    fix: `Connect ${provider === 'stripe' ? 'Stripe' : 'Clerk'} first.`,
  })
}

async function assertNew(
  tx: QueryExecutorProvider,
  vault: SealedText,
  tenant: ProjectTenant,
  provider: Provider,
  key: Uint8Array,
): Promise<void> {
  const { rows } = await sql<{ readonly secret_id: string; readonly sealed: string }>`select secret_id, sealed
    from trueup.webhook_secret where ${ofProvider(tenant, provider)}`.execute(tx)
  for (const row of rows) {
    const held = await vault.open(row.sealed, placeOf(tenant, provider, row.secret_id), tx)
    if (!Buffer.from(signingKey(provider, held)).equals(key)) continue
    throw new InboxError({
      code: 'secret-exists',
      message: 'The endpoint has this signing secret already.',
      fix: 'Copy the secret of the other endpoint, or of this one after it was rolled.',
    })
  }
  if (rows.length < mostSecrets) return
  throw new InboxError({
    code: 'too-many-secrets',
    message: `The endpoint has ${rows.length} signing secrets; ${mostSecrets} are the most.`,
    fix: 'Remove those that sign nothing any more.',
  })
}

function placeOf(tenant: ProjectTenant, provider: Provider, id: string) {
  return { ...tenant, field: 'webhook-secret', row: [provider, id] }
}

function ofProvider({ workspaceId, projectId }: ProjectTenant, provider: Provider) {
  return sql<boolean>`workspace_id = ${workspaceId} and project_id = ${projectId} and provider = ${provider}`
}

async function enter(tx: QueryExecutorProvider, tenant: ProjectTenant, draft: LedgerDraft): Promise<void> {
  await stageEntries(tenant, tx, [draft])
}
