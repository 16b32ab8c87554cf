import type { Repair } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { sql } from 'kysely'
import type { JsonTree } from '../adapters/clerk/repair/merge-patch.ts'
import { patchBetween, putAt } from '../adapters/clerk/repair/merge-patch.ts'
import { systemHttp } from '../adapters/system.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import type { Database } from '../store/index.ts'
import { openProjectStore } from '../store/index.ts'
import { upgradePlans } from './upgrade-plans.ts'

/** So many customers of a demo take a higher plan before its eyes. */
export const upgradesTold = 2

/**
 * Puts into a world that was begun anew what became of it: the upgrades that its story told, and what was repaired.
 * What else was changed in it by hand, past the service, is gone.
 */
export async function putBack(database: Database, tenant: ProjectTenant, sandbox: Sandbox): Promise<void> {
  const { rows } = await sql<{ readonly state: string }>`select state from trueup.demo_world
    where project_id = ${tenant.projectId}`.execute(database.system)
  if (rows[0]?.state === 'ready') await upgradePlans(sandbox, upgradesTold)
  const project = openProjectStore(database, tenant)
  const repairs: Repair[] = []
  for (;;) {
    const after = repairs.at(-1)?.id
    const page = await project.repairs({
      states: ['applied', 'verified'],
      limit: 200,
      ...(after === undefined ? {} : { after }),
    })
    if (page.length === 0) break
    repairs.push(...page)
  }
  const inOrder = repairs.toSorted((a, b) => momentOf(a) - momentOf(b))
  for (const repair of inOrder) await write(sandbox, repair)
}

function momentOf({ intendedAt, proposedAt }: Repair): number {
  return (intendedAt ?? proposedAt).getTime()
}

/** Writes what a repair wrote, once more. */
async function write({ clerk }: Sandbox, { container, record, changes }: Repair): Promise<void> {
  const metadata: JsonTree = {}
  const own: JsonTree = {}
  for (const { field, before, after } of changes) {
    if (field === 'max_allowed_memberships') own[field] = after ?? null
    else putAt(metadata, field.split('.'), patchBetween(before, after))
  }
  const patch = async (path: string, body: JsonTree) => {
    if (Object.keys(body).length === 0) return
    const response = await systemHttp(`${clerk.url}/v1/${container}/${record}${path}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${clerk.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await response.body?.cancel()
  }
  await patch('/metadata', metadata)
  await patch('', own)
}
