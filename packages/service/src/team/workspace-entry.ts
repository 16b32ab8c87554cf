import type { Database } from '../store/database.ts'
import { toJson } from '../store/json-codec.ts'
import type { TeamTables } from './tables.ts'
import type { Team, TeamTransaction } from './team.ts'

/** The acts that the record of a workspace holds: those of people on people, and keys that concern no one project. */
export const workspaceActs = [
  'workspace-created',
  'workspace-renamed',
  'member-invited',
  'invite-revoked',
  'member-joined',
  'member-role-changed',
  'member-removed',
  'member-left',
  'workspace-handed-over',
  'workspace-deletion-asked',
  'workspace-deletion-taken-back',
  'reset-link-made',
  'second-factor-removed',
  'key-created',
  'key-revoked',
] as const
export type WorkspaceAct = (typeof workspaceActs)[number]

/** An act as the record keeps it: ids and settings, never an address or a name, since an entry is never erased. */
export interface WorkspaceEntry {
  readonly act: WorkspaceAct
  readonly at: Date
  /** A person's id, or `command-line`. */
  readonly by: string
  readonly facts: Readonly<Record<string, string | number | null>>
}

/** Enters an act into the record of a workspace, in the transaction of what it tells. */
export async function enterAct(
  tx: TeamTransaction,
  workspaceId: string,
  entry: WorkspaceEntry,
): Promise<void> {
  await tx
    .insertInto('trueup.workspace_entry')
    .values({
      workspace_id: workspaceId,
      act: entry.act,
      at: entry.at,
      by: entry.by,
      facts: toJson(entry.facts),
    })
    .execute()
}

/** Enters an act of the command line on a person into the record of each workspace that they belong to. */
export async function enterEverywhere(
  tx: TeamTransaction,
  { clock }: Pick<Team, 'clock'>,
  personId: string,
  act: WorkspaceAct,
): Promise<void> {
  const at = clock.now()
  const workspaces = await tx
    .selectFrom('trueup.member')
    .select('workspace_id')
    .where('person_id', '=', personId)
    .execute()
  for (const { workspace_id } of workspaces) {
    await enterAct(tx, workspace_id, { act, at, by: 'command-line', facts: { person: personId } })
  }
}

/**
 * The record of a workspace, newest first.
 *
 * @param before the number of the last entry of the page before
 */
export async function workspaceEntries(
  database: Database,
  workspaceId: string,
  { before = null, limit = 100 }: { readonly before?: number | null; readonly limit?: number } = {},
): Promise<readonly (WorkspaceEntry & { readonly number: number })[]> {
  const rows = await database
    .scoped({ workspaceId })
    .withTables<TeamTables>()
    .selectFrom('trueup.workspace_entry')
    .select(['entry_number', 'act', 'at', 'by', 'facts'])
    .where('workspace_id', '=', workspaceId)
    .$if(before !== null, (query) => query.where('entry_number', '<', before ?? 0))
    .orderBy('entry_number', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ entry_number, ...entry }) => ({ number: entry_number, ...entry }))
}
