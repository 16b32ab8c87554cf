import { Hono } from 'hono'
import type { Deliverer } from './deliver.ts'
import { readDeliveryFault } from './delivery-fault.ts'
import { controlError, readJson } from './read-json.ts'

/**
 * The routes that steer webhooks on their way, to be mounted under `/_sandbox/webhooks`.
 *
 * - `GET /` lists deliveries with their attempts, `DELETE /` forgets those that are settled; `POST drain` sends all that waits and answers when it is settled.
 * - `POST faults` takes one delivery fault or a list, `GET faults` lists them, `DELETE faults` takes all back.
 */
export function deliveryRoutes(deliverer: Deliverer): Hono {
  const app = new Hono()
  app.onError(controlError)
  app.get('/', (c) => c.json({ deliveries: deliverer.deliveries() }))
  app.delete('/', (c) => {
    deliverer.clearLog()
    return c.json({ deliveries: deliverer.deliveries() })
  })
  app.post('/drain', async (c) => {
    await deliverer.drain()
    return c.json({ waiting: 0 })
  })
  app.get('/faults', (c) => c.json({ faults: deliverer.faults.list() }))
  app.post('/faults', async (c) => {
    const body = await readJson(c)
    const read = (Array.isArray(body) ? body : [body]).map(readDeliveryFault)
    return c.json({ faults: read.map((fault) => deliverer.faults.addRead(fault)) }, 201)
  })
  app.delete('/faults', (c) => {
    deliverer.faults.clear()
    return c.json({ faults: [] })
  })
  return app
}
