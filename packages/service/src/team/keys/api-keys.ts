import type { LedgerAct } from '@trueup/core'
import type { KeyScope } from '../../http/principal.ts'
import { newId } from '../../new-id.ts'
import { Secret } from '../../secret.ts'
import { stageEntries } from '../../store/ledger-staging.ts'
import { tellOwner } from '../mail/security-letters.ts'
import { parseName } from '../sign-in/create-person.ts'
import type { Team, TeamTransaction } from '../team.ts'
import { ofWorkspace } from '../team.ts'
import { notFound, TeamError } from '../team-error.ts'
import { enterAct } from '../workspace-entry.ts'
import { parseAddressRanges } from './allowed-addresses.ts'
import { hashOfKey, makeKey } from './key-format.ts'

/** A key as it is shown: never the key itself. */
export interface ApiKeyLine {
  readonly keyId: string
  readonly name: string
  /** `tu_…` and the last four characters. */
  readonly label: string
  /** `null`: every project of the workspace. */
  readonly projectId: string | null
  readonly scope: KeyScope
  readonly allowedAddresses: readonly string[] | null
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  /** To the minute. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

/** Who acts, in which workspace. */
export interface Actor {
  readonly personId: string
  readonly workspaceId: string
  /** The person as the ledger names them. */
  readonly by: string
}

/** What a key is to be. */
export interface NewApiKey {
  readonly name: string
  readonly projectId: string | null
  readonly scope: KeyScope
  readonly expiresAt: Date | null
  /** Addresses and ranges that it may be used from; `null`: any. */
  readonly allowedAddresses: readonly string[] | null
}

/**
 * Makes a key. What it opens with is in the answer, once, and kept nowhere. It is entered into the ledger of its project,
 * or into the record of the workspace where it is for all projects.
 *
 * @throws TeamError `not-found` for a project of another workspace; `expiry-past`; `address-range-malformed`;
 *   `name-malformed`
 */
export async function createApiKey(
  team: Team,
  actor: Actor,
  wanted: NewApiKey,
): Promise<{ readonly key: Secret; readonly line: ApiKeyLine }> {
  const { workspaceId, personId } = actor
  const now = team.clock.now()
  const name = parseName(wanted.name)
  const allowedAddresses = wanted.allowedAddresses && parseAddressRanges(wanted.allowedAddresses)
  if (wanted.expiresAt && wanted.expiresAt <= now) {
    throw new TeamError({
      code: 'expiry-past',
      message: 'The key would have expired already.',
      fix: 'Give a later time, or none.',
    })
  }
  const key = makeKey(team.randomBytes)
  const keyId = newId('key', team.randomBytes)
  const { projectId, scope, expiresAt } = wanted
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      if (projectId !== null) {
        const project = await tx
          .selectFrom('trueup.project')
          .select('project_id')
          .where('project_id', '=', projectId)
          .where('workspace_id', '=', workspaceId)
          .executeTakeFirst()
        if (!project) throw notFound('project')
      }
      await tx
        .insertInto('trueup.api_key')
        .values({
          workspace_id: workspaceId,
          key_id: keyId,
          project_id: projectId,
          name,
          scope,
          token_hash: hashOfKey(key),
          last_four: key.slice(-4),
          allowed_addresses: allowedAddresses,
          created_by: personId,
          created_at: now,
          expires_at: expiresAt,
          last_used_at: null,
          revoked_at: null,
          revoked_by: null,
        })
        .execute()
      await enterKeyAct(tx, actor, { act: 'key-created', keyId, projectId, at: now, scope })
    })
  tellOwner(team, workspaceId, personId, { kind: 'key-created', name, scope })
  const line: ApiKeyLine = {
    keyId,
    name,
    label: labelOf(key.slice(-4)),
    projectId,
    scope,
    allowedAddresses,
    createdBy: personId,
    createdAt: now,
    expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  }
  return { key: new Secret(key), line }
}

/** The keys of a workspace, newest first, revoked ones too. */
export async function listApiKeys(
  team: Pick<Team, 'database'>,
  workspaceId: string,
): Promise<readonly ApiKeyLine[]> {
  const rows = await ofWorkspace(team, workspaceId)
    .selectFrom('trueup.api_key')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at', 'desc')
    .orderBy('key_id')
    .execute()
  return rows.map((row) => ({
    keyId: row.key_id,
    name: row.name,
    label: labelOf(row.last_four),
    projectId: row.project_id,
    scope: row.scope,
    allowedAddresses: row.allowed_addresses,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }))
}

/**
 * Revokes a key: the next request with it is refused. Revoking it again changes nothing.
 *
 * @throws TeamError `not-found`
 */
export async function revokeApiKey(team: Team, actor: Actor, keyId: string): Promise<void> {
  const { workspaceId, personId } = actor
  const now = team.clock.now()
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      const found = await tx
        .selectFrom('trueup.api_key')
        .select(['project_id', 'scope', 'revoked_at'])
        .where('workspace_id', '=', workspaceId)
        .where('key_id', '=', keyId)
        .forUpdate()
        .executeTakeFirst()
      if (!found) throw notFound('key')
      if (found.revoked_at) return
      await tx
        .updateTable('trueup.api_key')
        .set({ revoked_at: now, revoked_by: personId })
        .where('workspace_id', '=', workspaceId)
        .where('key_id', '=', keyId)
        .execute()
      const { project_id: projectId, scope } = found
      await enterKeyAct(tx, actor, { act: 'key-revoked', keyId, projectId, at: now, scope })
    })
}

async function enterKeyAct(
  tx: TeamTransaction,
  { workspaceId, personId, by }: Actor,
  {
    act,
    keyId,
    projectId,
    at,
    scope,
  }: {
    readonly act: Extract<LedgerAct, 'key-created' | 'key-revoked'>
    readonly keyId: string
    readonly projectId: string | null
    readonly at: Date
    readonly scope: KeyScope
  },
): Promise<void> {
  const facts = { key: keyId, scope }
  if (projectId === null) {
    await enterAct(tx, workspaceId, { act, at, by: personId, facts })
    return
  }
  await stageEntries({ projectId, workspaceId }, tx, [
    { key: `${act}:${keyId}`, act, at, by, about: {}, facts, personal: null },
  ])
}

function labelOf(lastFour: string): string {
  return `tu_…${lastFour}`
}
