import { createAlertQueues } from '../alert/alert-queues.ts'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import { runRecentCheck } from '../check/recent/run-recent-check.ts'
import { runCheck } from '../check/run-check.ts'
import { createInboxQueues } from '../inbox/queues.ts'
import { recheckWith } from '../inbox/recheck.ts'
import { createStripeEvents } from '../inbox/stripe-events.ts'
import type { AnyQueue, Queue } from '../jobs/jobs.ts'
import { createOutgoingQueues } from '../outgoing/outgoing-queues.ts'
import { openServiceProject, openServiceRepairs } from '../project/open-service-project.ts'
import { openSecrets } from '../project/project-secrets.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import { proposeWithTargets } from '../repair/propose-after-check.ts'
import type { Service } from './open-service.ts'
import { advanceLedger } from './open-service.ts'

/** What workers do. */
export function queuesOf(service: Service): readonly AnyQueue[] {
  const { database, jobs, projects, rng, alerts } = service
  const recheck = recheckWith((tenant, work) => usingProject(service, tenant, 'single check', work))
  return [
    fullChecks(service),
    recentChecks(service),
    ...createInboxQueues({
      ...{ database, jobs, rng, clock: projects.clock },
      async recheck(tenant, target, lease) {
        const outcome = await recheck(tenant, target, lease)
        await tellOf(service, tenant)
        return outcome
      },
      stripeOf: (tenant) => stripeOf(service, tenant),
    }),
    ...createAlertQueues(alerts),
    ...createOutgoingQueues(alerts),
  ]
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

/** Stripe as the project is connected to it, for its list of events. */
async function stripeOf({ projects, environment, alerts, rng }: Service, tenant: ProjectTenant) {
  const [kept] = await openSecrets(projects, tenant, { fields: ['stripe-key'] }, 'events')
  if (!kept) return null
  const { clock } = projects
  return createStripeEvents({
    ...{ clock, rng, timer: alerts.timer },
    key: kept.secret,
    baseUrl: environment.stripeApiBase,
  })
}

/** Numbers what came of a check, and lets whoever follows the ledger look at it. */
async function tellOf({ projects, jobs }: Service, tenant: ProjectTenant): Promise<void> {
  await advanceLedger(projects, tenant)
  for (const queue of ['alert.route', 'outgoing.route'] as const) {
    await jobs.send(queue, tenant, { key: tenant.projectId })
  }
}
