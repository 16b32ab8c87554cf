import { Hono } from 'hono'
import { Fields } from '../server/read-fields.ts'
import { controlError, readJson } from '../server/read-json.ts'
import { SandboxError } from '../server/sandbox-error.ts'
import { readFault } from './fault.ts'
import type { Faults } from './faults.ts'
import type { RateLimits } from './rate-limit.ts'

export interface ControlRoutesOptions {
  readonly faults: Faults
  readonly limits: RateLimits | null
  readonly vendor: 'stripe' | 'clerk'
}

/**
 * The routes that steer a server's misbehaviour. Bad input is answered 400 `{error: {code, message, fix}}` and changes
 * nothing.
 *
 * - `GET health` says that it runs; `GET requests` counts by route and status, with the last requests
 *   (`DELETE requests` starts the counting anew).
 * - `POST faults` takes one fault or a list (all or none is set), `GET faults` lists them with what they struck,
 *   `DELETE faults` takes all back, `DELETE faults/{id}` one.
 * - `GET limits` and `PUT limits {enabled?, limits?: {name: requests}}` show and change the rate limits.
 */
export function controlRoutes({ faults, limits, vendor }: ControlRoutesOptions): Hono {
  const app = new Hono()
  app.onError(controlError)
  app.get('/health', (c) => c.json({ status: 'ok', vendor }))
  app.get('/requests', (c) => {
    const { requests } = faults
    return c.json({ total: requests.total, routes: requests.routes(), last: requests.last() })
  })
  app.delete('/requests', (c) => {
    faults.requests.clear()
    return c.json({ total: 0 })
  })
  app.get('/faults', (c) => c.json({ faults: faults.list() }))
  app.post('/faults', async (c) => {
    const body = await readJson(c)
    const read = (Array.isArray(body) ? body : [body]).map(readFault)
    return c.json({ faults: read.map((fault) => faults.addRead(fault)) }, 201)
  })
  app.delete('/faults', (c) => {
    faults.clear()
    return c.json({ faults: [] })
  })
  app.delete('/faults/:id', (c) => {
    const id = c.req.param('id')
    if (!faults.remove(id)) {
      throw new SandboxError(
        'unknown-id',
        `there is no fault ${id}`,
        'GET /_sandbox/faults lists those that are set.',
      )
    }
    return c.json({ faults: faults.list() })
  })
  app.get('/limits', (c) => c.json(shownLimits(limits)))
  app.put('/limits', async (c) => {
    if (limits === null) {
      throw new SandboxError('invalid-input', 'this server has no rate limits', 'Start it with limits.')
    }
    changeLimits(limits, await readJson(c))
    return c.json(shownLimits(limits))
  })
  return app
}

function shownLimits(limits: RateLimits | null) {
  if (limits === null) return { enabled: false, rules: [] }
  return {
    enabled: limits.enabled,
    rules: limits.rules.map(({ name, windowMs }) => ({
      name,
      windowMs,
      override: limits.overrides[name] ?? null,
    })),
  }
}

function changeLimits(limits: RateLimits, body: unknown): void {
  const fields = new Fields(body, 'the body')
  const enabled = fields.flag('enabled')
  const figures = fields.part('limits')
  fields.end()
  if (figures !== undefined) {
    const overrides: Record<string, number> = {}
    for (const { name } of limits.rules) {
      const figure = figures.whole(name, 0)
      if (figure !== undefined) overrides[name] = figure
    }
    figures.end()
    limits.overrides = overrides
  }
  if (enabled !== undefined) limits.enabled = enabled
}
