import type { Cause, CauseCandidate, CauseKind } from '@trueup/core'
import { causeFix, causeId, causeOfId, causeSentence } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import { columnText } from '../store/json-codec.ts'
import { CauseError } from './cause-error.ts'
import type { ProjectTenant } from './cause-tables.ts'
import { causeDb } from './cause-tables.ts'

/** The cause of an incident, with what is to be done about it for all whom it touches. */
export interface IncidentCause extends Omit<Cause, 'others'> {
  readonly kind: CauseKind
  readonly id: string
  readonly sentence: string
  readonly fix: string
  readonly others: readonly (Pick<CauseCandidate, 'kind' | 'on' | 'confidence'> & { readonly id: string })[]
  readonly foundAt: Date
}

/** The causes of these incidents; one whose cause is not worked out yet is left out. */
export async function causesOf(
  database: Database,
  tenant: ProjectTenant,
  incidentIds: readonly string[],
): Promise<ReadonlyMap<string, IncidentCause>> {
  if (incidentIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; cause: Cause; foundAt: Date }>`
    select incident_id as id, cause, found_at as "foundAt" from trueup.incident_cause
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and kind is not null
      and incident_id = any(${incidentIds.map(columnText)}::text[])`.execute(causeDb(database, tenant))
  return new Map(rows.map(({ id, cause, foundAt }) => [id, toldCause(cause, foundAt)]))
}

export function toldCause(cause: Cause, foundAt: Date): IncidentCause {
  const { kind, on } = cause
  return {
    ...cause,
    id: causeId(cause),
    sentence: causeSentence(kind, on),
    fix: causeFix(kind),
    others: cause.others.map((other) => ({ ...other, id: causeId(other) })),
    foundAt,
  }
}

/** More are listed by the narrower id of a cause, or by their kind. */
const mostOfOneCause = 10_000

/**
 * The incidents of a cause, or of all causes of a kind; of more than 10,000, those that opened last.
 *
 * @param id as `IncidentCause.id`, or a kind alone
 * @throws CauseError `cause-malformed`
 */
export async function incidentsWithCause(
  database: Database,
  tenant: ProjectTenant,
  id: string,
): Promise<readonly string[]> {
  const wanted = causeOfId(id)
  if (!wanted) {
    throw new CauseError({
      code: 'cause-malformed',
      message: 'That is the id of no cause.',
      fix: 'Give the id that the list of causes has, or a kind of cause alone.',
    })
  }
  const on = wanted.on === null ? null : columnText(wanted.on)
  const { rows } = await sql<{ id: string }>`select incident_id as id from trueup.incident_cause
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and kind = ${wanted.kind}
      and (${on}::text is null or cause_on = ${on})
    order by opened_at desc, incident_id limit ${mostOfOneCause}`.execute(causeDb(database, tenant))
  return rows.map((row) => row.id)
}
