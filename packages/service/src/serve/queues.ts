import { SourceError } from '@trueup/core'
import { createAlertQueues } from '../alert/alert-queues.ts'
import { createCauseQueue } from '../cause/cause-queue.ts'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import { beginCheckInParts } from '../check/parts/begin-check-in-parts.ts'
import { workOnCheck } from '../check/parts/work-on-check.ts'
import { runRecentCheck } from '../check/recent/run-recent-check.ts'
import { checkDue } from '../inbox/check-due.ts'
import { isAnybodyDue, postponeDue } from '../inbox/due-targets.ts'
import { openStripeEvents, payersOf } from '../inbox/project-stripe-events.ts'
import { recheckOf } from '../inbox/recheck.ts'
import { createSweepQueue } from '../inbox/sweep-queue.ts'
import type { AnyQueue, Queue } from '../jobs/jobs.ts'
import { keepPreview } from '../onboarding/keep-preview.ts'
import { createOutgoingQueues } from '../outgoing/outgoing-queues.ts'
import { listSources } from '../project/list-sources.ts'
import { openServiceProject, openServiceRepairs } from '../project/open-service-project.ts'
import { ProjectError } from '../project/project-error.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import { proposeWithTargets } from '../repair/propose-after-check.ts'
import { openProjectStore } from '../store/index.ts'
import type { Service } from './open-service.ts'
import { advanceLedger, wakeFollowers } from './open-service.ts'

/** What workers do. */
export function queuesOf(service: Service): readonly AnyQueue[] {
  return [
    fullChecks(service),
    helpWithChecks(service),
    recentChecks(service),
    singleChecks(service),
    createSweepQueue({
      ...service,
      clock: service.projects.clock,
      stripeOf: (tenant) => openStripeEvents(service.projects, tenant, 'events'),
    }),
    ...createAlertQueues(service.alerts),
    createCauseQueue(service.projects),
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
      if (!(await isAnybodyDue(service.database, tenant))) return
      let checked = 0
      try {
        const counts = await usingProject(service, tenant, 'single check', (opened) =>
          checkDue(
            { ...service, clock: projects.clock, recheck: recheckOf(opened), payerOf: payersOf(projects) },
            tenant,
            signal,
          ),
        )
        checked = counts.completed
      } catch (error) {
        if (!(error instanceof ProjectError)) throw error
        // Nobody can be checked until a person sets the project right; until then it is looked at now and then.
        await postponeDue(service.database, tenant, { seconds: 300 })
        service.log.warn(`Webhooks wait to be acted on: ${error.message}`, { projectId })
        return
      }
      await tellOf(service, tenant)
      if (checked > 0) await proposeRepairsOf(service, tenant)
    },
  }
}

/** Other processes that are asked to take a share of a full check; those that are not there do not come. */
const mostHelpers = 8

function fullChecks(service: Service): Queue<'check.full'> {
  const { projects, jobs, alerts, database, log } = service
  return {
    name: 'check.full',
    concurrency: 2,
    concurrencyOfProject: 1,
    oneAtATime: true,
    expireInSeconds: 6 * 3_600,
    async handle({
      data: { workspaceId, projectId, checkId, dryRun = false, acceptChanges = false },
      signal,
    }) {
      const tenant = { workspaceId, projectId }
      const opened = await openServiceRepairs(projects, tenant, { usedFor: 'check', acceptChanges })
      try {
        const id = checkId ?? (await beginCheckInParts(opened, { dryRun, acceptChanges })).check.id
        for (let helper = 0; helper < mostHelpers && !database.isEmbedded; helper++) {
          await jobs.send('check.help', { ...tenant, checkId: id }, { key: `${id} ${helper}` })
        }
        log.info('Working on a check.', { projectId, checkId: id })
        const worked = await workOnCheck(opened, id, { timer: alerts.timer, signal })
        if (worked === 'finished' && !dryRun) await proposeWithTargets(opened)
        // Before the next check takes away what this one read.
        if (worked === 'finished' && dryRun) {
          await keepPreview({ database, tenant, config: opened.config, clock: projects.clock }, id)
        }
      } finally {
        await opened.close()
      }
      await tellOf(service, tenant)
    },
  }
}

function helpWithChecks(service: Service): Queue<'check.help'> {
  return {
    name: 'check.help',
    concurrency: 1,
    expireInSeconds: 6 * 3_600,
    // Whoever began the check goes on with it, with help or without.
    retries: 2,
    async handle({ data: { workspaceId, projectId, checkId }, signal }) {
      const tenant = { workspaceId, projectId }
      const check = await openProjectStore(service.database, tenant).checkInParts(checkId)
      if (!check?.isOpen) return
      service.log.info('Helping with a check.', { projectId, checkId })
      await usingProject(service, tenant, 'check', (project) =>
        workOnCheck(project, checkId, { timer: service.alerts.timer, signal }),
      )
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
      else await proposeRepairsOf(service, tenant)
      await tellOf(service, tenant)
    },
  }
}

/** Proposes repairs for what was just filed, where the project is connected to anything that may be written to. */
async function proposeRepairsOf({ projects, log }: Service, tenant: ProjectTenant): Promise<void> {
  const sources = await listSources(projects, tenant)
  if (!sources.some(({ kind }) => kind === 'callback' || kind.endsWith('-repairs'))) return
  try {
    const opened = await openServiceRepairs(projects, tenant, { usedFor: 'repair' })
    try {
      await proposeWithTargets(opened)
    } finally {
      await opened.close()
    }
  } catch (error) {
    // The next check proposes them.
    if (!(error instanceof SourceError)) throw error
    log.warn('Repairs could not be proposed: what they would be written to does not answer.', {
      projectId: tenant.projectId,
    })
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
