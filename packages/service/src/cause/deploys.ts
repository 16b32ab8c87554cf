import type { Clock, MarkedDeploy } from '@trueup/core'
import { deployMarked } from '@trueup/core'
import { sql } from 'kysely'
import { newId } from '../new-id.ts'
import type { Database } from '../store/index.ts'
import { columnText } from '../store/json-codec.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import { CauseError } from './cause-error.ts'
import type { ProjectTenant } from './cause-tables.ts'
import { causeDb } from './cause-tables.ts'

/** Another version of the app, as somebody said that it was put in place. */
export interface Deploy extends MarkedDeploy {
  /** Where what changed can be looked at; `null`: nobody said. */
  readonly url: string | null
  readonly markedAt: Date
}

export interface NewDeploy {
  readonly version: string
  /** Default: now. */
  readonly at: Date | null
  readonly url: string | null
}

/** Clocks differ; a deploy is not said much before it happens. */
const aheadMs = 5 * 60_000

/**
 * Keeps that another version of the app was put in place, so that drifts which began then can be told from others. It is
 * entered in the ledger.
 *
 * @throws CauseError `deploy-in-future`, `url-malformed`
 */
export async function markDeploy(
  options: {
    readonly database: Database
    readonly clock: Clock
    readonly randomBytes: (count: number) => Uint8Array
  },
  tenant: ProjectTenant,
  { version, at, url }: NewDeploy,
  by: string,
): Promise<Deploy> {
  const { database, clock, randomBytes } = options
  const markedAt = clock.now()
  const deploy: Deploy = {
    id: newId('dpl', randomBytes),
    version: columnText(version),
    at: at ?? markedAt,
    by,
    url: url === null ? null : webAddress(url),
    markedAt,
  }
  if (deploy.at.getTime() > markedAt.getTime() + aheadMs) throw inFuture(deploy.at)
  await causeDb(database, tenant)
    .transaction()
    .execute(async (tx) => {
      await tx
        .insertInto('trueup.deploy')
        .values({
          workspace_id: tenant.workspaceId,
          project_id: tenant.projectId,
          deploy_id: deploy.id,
          version: deploy.version,
          url: deploy.url,
          deployed_at: deploy.at,
          marked_at: markedAt,
          marked_by: by,
        })
        .execute()
      await stageEntries(tenant, tx, [deployMarked(deploy, markedAt)])
    })
  return deploy
}

export interface DeployPage {
  readonly items: readonly Deploy[]
  /** The id to go on behind; `null`: these are the last. */
  readonly next: string | null
}

/** Deploys, the last first. */
export async function listDeploys(
  database: Database,
  tenant: ProjectTenant,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<DeployPage> {
  const { rows } =
    await sql<Deploy>`select deploy_id as id, version, url, deployed_at as at, marked_at as "markedAt",
      marked_by as by
    from trueup.deploy deploy
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
      and (${after}::text is null or (deployed_at, deploy_id) < (
        select last.deployed_at, last.deploy_id from trueup.deploy last where last.workspace_id = deploy.workspace_id
          and last.project_id = deploy.project_id and last.deploy_id = ${after && columnText(after)}))
    order by deployed_at desc, deploy_id desc limit ${limit + 1}`.execute(causeDb(database, tenant))
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** Deploys of a time, in no order. */
export async function deploysBetween(
  database: Database,
  tenant: ProjectTenant,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<readonly MarkedDeploy[]> {
  const { rows } = await sql<MarkedDeploy>`select deploy_id as id, version, deployed_at as at, marked_by as by
    from trueup.deploy
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
      and deployed_at between ${from} and ${until}`.execute(causeDb(database, tenant))
  return rows
}

function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href
  throw new CauseError({
    code: 'url-malformed',
    message: 'The address of the deploy is no address of a web page.',
    fix: 'Give one that begins with https://, or none.',
  })
}

function inFuture(at: Date): CauseError {
  return new CauseError({
    code: 'deploy-in-future',
    message: `The deploy is to have been at ${at.toISOString()}, which has not come yet.`,
    fix: 'Mark a deploy when it is done; leave the moment out for now.',
  })
}
