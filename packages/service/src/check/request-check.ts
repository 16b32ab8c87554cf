import type { CheckRun, Clock, ProjectStore } from '@trueup/core'
import { checkStarted } from '@trueup/core'
import type { Jobs } from '../jobs/jobs.ts'
import { beginCheckInParts } from './parts/begin-check-in-parts.ts'

/** What asking for a check works with. */
export interface CheckRequests {
  readonly project: ProjectStore
  readonly config: { readonly fingerprint: string }
  readonly clock: Clock
  readonly jobs: Jobs
  readonly tenant: { readonly workspaceId: string; readonly projectId: string }
}

/**
 * Asks for a full check, which a worker then runs. One that is at work, or was cut off and can be gone on with, is
 * given instead of a second.
 *
 * @returns the check, by whose id its progress is followed
 */
export async function requestFullCheck(
  requests: CheckRequests,
  { dryRun, acceptChanges }: { readonly dryRun: boolean; readonly acceptChanges: boolean },
): Promise<CheckRun> {
  const { jobs, tenant } = requests
  const { check } = await beginCheckInParts(requests, { dryRun, acceptChanges })
  const { workspaceId, projectId } = tenant
  const data = { workspaceId, projectId, checkId: check.id, dryRun, acceptChanges }
  await jobs.send('check.full', data, { key: `${projectId} ${check.id}` })
  return check
}

/**
 * Asks for a check of what changed since the last one; for a full check where none was made yet, or none under the
 * configuration as it is now.
 */
export async function requestRecentCheck(requests: CheckRequests): Promise<CheckRun> {
  const { project, config, jobs, tenant } = requests
  const base = await project.newestFinishedCheck({ filing: false })
  if (base?.configFingerprint !== config.fingerprint) {
    return await requestFullCheck(requests, { dryRun: false, acceptChanges: false })
  }
  const check = await beginRecent(requests)
  const { workspaceId, projectId } = tenant
  await jobs.send('check.recent', { workspaceId, projectId, checkId: check.id })
  return check
}

async function beginRecent({ project, config, clock }: CheckRequests): Promise<CheckRun> {
  const now = clock.now()
  return await project.startCheck(
    { kind: 'recent', dryRun: false, asOf: now, startedAt: now, configFingerprint: config.fingerprint },
    checkStarted,
  )
}
