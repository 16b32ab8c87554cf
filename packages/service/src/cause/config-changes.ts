import type { ConfigChange, JsonValue } from '@trueup/core'
import { diffConfigs } from '../project/config-diff.ts'
import type { ProjectTables } from '../project/tables.ts'
import type { Database } from '../store/index.ts'
import type { ProjectTenant } from './cause-tables.ts'

/** Versions that are compared: what is older than so many changes is behind nothing that opens now. */
const versionsCompared = 30

/** A version with what it was made of and what it took the place of. */
export interface KeptChange extends Omit<ConfigChange, 'tookOut'> {
  readonly before: string
  readonly after: string
}

const partOf: Readonly<Record<string, ConfigChange['parts'][number]>> = {
  access: 'mapping',
  match: 'mapping',
  billing: 'mapping',
  catalogue: 'catalogue',
  policy: 'policy',
  exceptions: 'policy',
}

/** The last versions of the configuration, each with what it changed; the first one changed nothing. */
export async function configChanges(
  database: Database,
  tenant: ProjectTenant,
): Promise<readonly KeptChange[]> {
  const rows = await database
    .scoped(tenant)
    .withTables<ProjectTables>()
    .selectFrom('trueup.project_config')
    .select(['version', 'document', 'author', 'made_at as madeAt'])
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
    .orderBy('version', 'desc')
    .limit(versionsCompared + 1)
    .execute()
  return rows.slice(0, -1).map(({ version, document, author, madeAt }, place) => {
    const before = rows[place + 1]?.document as JsonValue
    const after = document as JsonValue
    const changed = diffConfigs(before, after).map(({ path }) => partOf[/^[^.[]*/.exec(path)?.[0] ?? ''])
    return {
      version,
      at: madeAt,
      by: author,
      parts: [...new Set(changed.flatMap((part) => part ?? []))],
      before: JSON.stringify(before),
      after: JSON.stringify(after),
    }
  })
}

/** Says of each change whether it took out what an incident stands on: a price or a value of a plan. */
export function withTakenOut(changes: readonly KeptChange[], on: string): readonly ConfigChange[] {
  const quoted = JSON.stringify(on)
  const isOut = (document: string) => !document.includes(quoted)
  const isOutNow = changes[0] === undefined || isOut(changes[0].after)
  return changes.map(({ before, after, ...change }) => ({
    ...change,
    tookOut: isOutNow && !isOut(before) && isOut(after),
  }))
}
