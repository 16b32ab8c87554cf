import type { AnyQueue, Queue } from '../jobs/jobs.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { deliverAlert } from './deliver-alert.ts'
import { sendDigest } from './digest/send-digest.ts'
import { routeIncidents } from './route-incidents.ts'

/** What workers do for alerts. */
export function createAlertQueues(dependencies: AlertDependencies): readonly AnyQueue[] {
  const route: Queue<'alert.route'> = {
    name: 'alert.route',
    concurrency: 4,
    handle: ({ data: { workspaceId, projectId } }) =>
      routeIncidents(dependencies, { workspaceId, projectId }),
  }
  const send: Queue<'alert.deliver'> = {
    name: 'alert.deliver',
    concurrency: 8,
    async handle({ data: { workspaceId, projectId, deliveryId } }) {
      await deliverAlert(dependencies, { workspaceId, projectId }, deliveryId)
    },
  }
  const digest: Queue<'alert.digest'> = {
    name: 'alert.digest',
    concurrency: 1,
    async handle({ data: { workspaceId, projectId, weekEndsAt } }) {
      await sendDigest(dependencies, { workspaceId, projectId }, new Date(weekEndsAt))
    },
  }
  return [route, send, digest]
}
