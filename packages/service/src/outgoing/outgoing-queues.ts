import type { AlertDependencies } from '../alert/alert-dependencies.ts'
import { sendNotice } from '../alert/send-test.ts'
import type { AnyQueue, Queue } from '../jobs/jobs.ts'
import { deliverMessage } from './deliver-message.ts'
import { routeMessages } from './route-messages.ts'

/** What workers do for the app's endpoints. */
export function createOutgoingQueues(dependencies: AlertDependencies): readonly AnyQueue[] {
  const route: Queue<'outgoing.route'> = {
    name: 'outgoing.route',
    concurrency: 4,
    handle: ({ data: { workspaceId, projectId } }) => routeMessages(dependencies, { workspaceId, projectId }),
  }
  const send: Queue<'outgoing.deliver'> = {
    name: 'outgoing.deliver',
    concurrency: 8,
    async handle({ data: { workspaceId, projectId, deliveryId } }) {
      await deliverMessage(
        dependencies,
        { workspaceId, projectId },
        deliveryId,
        (tenant, { id, url, because }) =>
          sendNotice(dependencies, tenant, `endpoint-off ${id} ${deliveryId}`, {
            headline: 'A webhook endpoint was switched off',
            sentence: `${new URL(url).host} gets no more messages. ${because} Mend it, switch it on again, and send what it missed from the delivery log.`,
          }),
      )
    },
  }
  return [route, send]
}
