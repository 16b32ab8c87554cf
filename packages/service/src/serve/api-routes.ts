import { systemHttp } from '../adapters/system.ts'
import type { Route } from '../http/route.ts'
import { alertRoutes } from '../http/routes/alerts.ts'
import { apiKeyRoutes } from '../http/routes/api-keys.ts'
import { authRoutes } from '../http/routes/auth.ts'
import { causeRoutes } from '../http/routes/causes.ts'
import { checkRoutes } from '../http/routes/checks.ts'
import { configRoutes } from '../http/routes/config.ts'
import { customerRoutes } from '../http/routes/customers.ts'
import { demoRoutes } from '../http/routes/demo.ts'
import { eventRoutes } from '../http/routes/events.ts'
import { exceptionRoutes } from '../http/routes/exceptions.ts'
import { exportRoutes } from '../http/routes/exports.ts'
import { historyRoutes } from '../http/routes/history.ts'
import { incidentRoutes } from '../http/routes/incidents.ts'
import { inviteRoutes } from '../http/routes/invites.ts'
import { ledgerRoutes } from '../http/routes/ledger.ts'
import { mcpRoutes } from '../http/routes/mcp.ts'
import { memberRoutes } from '../http/routes/members.ts'
import { onboardingRoutes } from '../http/routes/onboarding.ts'
import { operationsRoutes } from '../http/routes/operations.ts'
import { outgoingWebhookRoutes } from '../http/routes/outgoing-webhooks.ts'
import { projectRoutes } from '../http/routes/projects.ts'
import { pushRoutes } from '../http/routes/pushes.ts'
import { repairRoutes } from '../http/routes/repairs.ts'
import { scheduleRoutes } from '../http/routes/schedules.ts'
import { sourceRoutes } from '../http/routes/sources.ts'
import { viewRoutes } from '../http/routes/views.ts'
import { whatIfRoutes } from '../http/routes/what-if.ts'
import { workspaceRoutes } from '../http/routes/workspaces.ts'
import type { Service } from './open-service.ts'
import { runTaskNow } from './run-task.ts'
import { readStanding } from './standing.ts'

/** All routes of the API. */
export function apiRoutes(
  service: Service,
  { version, readiness }: { readonly version: string; readonly readiness: () => Promise<readonly string[]> },
): readonly Route[] {
  const { metrics, settings, schedules, projects } = service
  const lists = [
    ...checkRoutes({ projects, jobs: service.jobs, timer: service.alerts.timer }),
    ...customerRoutes(service),
    ...demoRoutes(service),
    ...eventRoutes({ ...service, clock: projects.clock, randomBytes: projects.randomBytes }),
    ...incidentRoutes(service),
    ...causeRoutes(service),
    ...repairRoutes(service),
  ]
  return [
    ...operationsRoutes({
      version,
      readiness,
      standing: () => readStanding(service),
      metricsText: (standing) => metrics.text(standing),
      metricsToken: settings.metricsToken,
    }),
    ...scheduleRoutes({
      schedules,
      clock: projects.clock,
      cronSecret: settings.cronSecret,
      runNow: (task, projectId) => runTaskNow(service, task, projectId),
    }),
    ...projectRoutes(service),
    ...sourceRoutes(service),
    ...configRoutes(service),
    ...whatIfRoutes(service),
    ...historyRoutes(service),
    // Before the routes of one check or incident, whose id may be anything.
    ...exportRoutes(lists),
    ...lists,
    ...viewRoutes(service, lists),
    ...authRoutes(service),
    ...workspaceRoutes(service),
    ...memberRoutes(service),
    ...inviteRoutes(service),
    ...apiKeyRoutes(service),
    ...exceptionRoutes(service),
    ...ledgerRoutes(service),
    ...onboardingRoutes({
      projects,
      schedules,
      endpoints: service.endpoints,
      http: systemHttp,
      publicUrl: service.team.settings.publicUrl,
    }),
    ...alertRoutes(service),
    ...outgoingWebhookRoutes(service),
    ...pushRoutes({ projects, onError: (error) => service.log.error('A push could not be taken.', error) }),
    ...mcpRoutes({
      projects,
      jobs: service.jobs,
      version,
      onError: (error) => service.log.error('A tool for agents failed.', error),
    }),
  ]
}
