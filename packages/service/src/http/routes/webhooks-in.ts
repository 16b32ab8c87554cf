import { Hono } from 'hono'
import type { Provider } from '../../inbox/event.ts'
import { providers } from '../../inbox/event.ts'
import { refuse } from '../../inbox/refusal.ts'

/** Takes a request in which a provider tells of an event, for the project in its address. */
export type ReceiveWebhook = (request: Request, provider: Provider, projectId: string) => Promise<Response>

/**
 * The addresses that providers send to: `POST /api/webhooks/stripe/{projectId}` and `POST /api/webhooks/clerk/{projectId}`.
 * They stand beside the API and before it, since nothing may read the body, look up the project or count against a limit
 * of the API before the request is authenticated; who sends has no session and no key, and signs instead.
 *
 * @example
 * const app = webhooksIn(createWebhookReceiver({ ... }))
 * app.route('/', api)
 */
export function webhooksIn(receive: ReceiveWebhook): Hono {
  const app = new Hono()
  for (const provider of providers) {
    app.post(`/api/webhooks/${provider}/:projectId`, (context) =>
      receive(context.req.raw, provider, context.req.param('projectId')),
    )
  }
  app.all('/api/webhooks/*', () => refuse('not-found'))
  return app
}
