import { Hono } from 'hono'
import { controlError, readJson } from '../../server/read-json.ts'
import { SandboxError } from '../../server/sandbox-error.ts'
import { type ClerkWebhooks, readEndpoint } from './webhooks.ts'

/**
 * The routes that stand for the dashboard's webhook page, under `/_sandbox/clerk/webhook_endpoints`:
 * `POST {url, secret?, events?}` answers the endpoint with its secret, `GET` lists them, `DELETE {id}` takes one out.
 */
export function webhookEndpointRoutes(webhooks: ClerkWebhooks): Hono {
  const app = new Hono()
  app.onError(controlError)
  app.get('/', (c) => c.json({ endpoints: webhooks.endpoints() }))
  app.post('/', async (c) => c.json(webhooks.register(readEndpoint(await readJson(c))), 201))
  app.delete('/:id', (c) => {
    const id = c.req.param('id')
    if (!webhooks.remove(id)) {
      throw new SandboxError('unknown-id', `there is no endpoint ${id}`, 'GET the list of endpoints.')
    }
    return c.json({ endpoints: webhooks.endpoints() })
  })
  return app
}
