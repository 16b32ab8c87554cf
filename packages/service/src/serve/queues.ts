import { createAlertQueues } from '../alert/alert-queues.ts'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import { runRecentCheck } from '../check/recent/run-recent-check.ts'
import { runCheck } from '../check/run-check.ts'
import { checkDue } from '../inbox/check-due.ts'
import { openStripeEvents, payersOf } from '../inbox/project-stripe-events.ts'
import { recheckOf } from '../inbox/recheck.ts'
import { createSweepQueue } from '../inbox/sweep-queue.ts'
import type { AnyQueue, Queue } from '../jobs/jobs.ts'
import { createOutgoingQueues } from '../outgoing/outgoing-queues.ts'
import { openServiceProject, openServiceRepairs } from '../project/open-service-project.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import { proposeWithTargets } from '../repair/propose-after-check.ts'
import type { Service } from './open-service.ts'
import { advanceLedger, wakeFollowers } from './open-service.ts'

/** What workers do. */
export function queuesOf(service: Service): readonly AnyQueue[] {
  return [
    fullChecks(service),
    recentChecks(service),
    singleChecks(service),
    createSweepQueue({
      ...service,
      clock: service.projects.clock,
      stripeOf: (tenant) => openStripeEvents(service.projects, tenant, 'events'),
    }),
    ...createAlertQueues(service.alerts),
    ...createOutgoingQueues(service.alerts),
  ]
}

function singleChecks(service: Service): Queue<'check.single'> {
  const { projects } = service
  return {
    name: 'check.single',
    concurrency: 4,
    async handle({ data: { workspaceId, projectId }, signal }) {
      const tenant = { workspaceId, projectId }
      await usingProject(service, tenant, 'single check', (opened) =>
        checkDue(
          { ...service, clock: projects.clock, recheck: recheckOf(opened), payerOf: payersOf(projects) },
          tenant,
          signal,
        ),
      )
      await tellOf(service, tenant)
    },
  }
}

function fullChecks(service: Service): Queue<'check.full'> {
  return {
    name: 'check.full',
    concurrency: 2,
    concurrencyOfProject: 1,
    oneAtATime: true,
    expireInSeconds: 6 * 3_600,
    async handle({ data: { workspaceId, projectId, dryRun = false, acceptChanges = false }, signal }) {
      const tenant = { workspaceId, projectId }
      const opened = await openServiceRepairs(service.projects, tenant, { usedFor: 'check', acceptChanges })
      try {
        await runCheck(opened, { dryRun, acceptChanges, signal })
        if (!dryRun) await proposeWithTargets(opened)
      } finally {
        await opened.close()
      }
      await tellOf(service, tenant)
    },
  }
}

function recentChecks(service: Service): Queue<'check.recent'> {
  return {
    name: 'check.recent',
    concurrency: 2,
    concurrencyOfProject: 1,
    oneAtATime: true,
    expireInSeconds: 3_600,
    async handle({ data: { workspaceId, projectId, checkId }, signal }) {
      const tenant = { workspaceId, projectId }
      const outcome = await usingProject(service, tenant, 'check', (project) =>
        runRecentCheck(project, { dryRun: false, signal, ...(checkId ? { checkId } : {}) }),
      )
      if (outcome.kind === 'needs-full') await service.jobs.send('check.full', tenant, { key: projectId })
      await tellOf(service, tenant)
    },
  }
}

/** Opens the sources of a project, hands them on, and closes them again. */
async function usingProject<Answer>(
  { projects }: Service,
  tenant: ProjectTenant,
  usedFor: string,
  work: (project: CheckDependencies) => Promise<Answer>,
): Promise<Answer> {
  const opened = await openServiceProject(projects, tenant, { usedFor })
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** Numbers what came of a check, and lets whoever follows the ledger look at it. */
async function tellOf({ projects, jobs }: Service, tenant: ProjectTenant): Promise<void> {
  await advanceLedger(projects, tenant)
  await wakeFollowers(jobs, tenant)
}
