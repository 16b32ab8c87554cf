import { Hono } from 'hono'
import type { Clock } from '../server/clock.ts'
import { systemClock } from '../server/clock.ts'
import { systemTimer, type Timer } from '../server/timer.ts'
import { applyFault } from './apply-fault.ts'
import { clerkVendor } from './clerk-vendor.ts'
import { controlRoutes } from './control-routes.ts'
import type { Faults } from './faults.ts'
import type { NodeBindings } from './lose-answer.ts'
import type { RateLimits } from './rate-limit.ts'
import { routeOf } from './route.ts'
import { stripeVendor } from './stripe-vendor.ts'

export interface WithFaultsOptions {
  readonly faults: Faults
  /** Whose words the faults speak. */
  readonly vendor: 'stripe' | 'clerk'
  /** The vendor's rate limits; none: unlimited. */
  readonly limits?: RateLimits
  readonly clock?: Clock
  readonly timer?: Timer
}

const vendors = { stripe: stripeVendor, clerk: clerkVendor }

/**
 * Puts a vendor's app behind faults, rate limits and a request log, and adds the control routes under `/_sandbox`:
 * `health`, `faults`, `limits`, `requests`. Control requests, those that the app itself has under `/_sandbox` too, are
 * neither struck nor counted.
 *
 * @example
 * const app = withFaults(createStripeApp(options), { faults: new Faults({ seed: 7 }), vendor: 'stripe' })
 * await listen(app)
 */
export function withFaults(app: Pick<Hono, 'fetch'>, options: WithFaultsOptions): Hono {
  const { faults, limits } = options
  const vendor = vendors[options.vendor]
  const clock = options.clock ?? systemClock
  const timer = options.timer ?? systemTimer
  const outer = new Hono<{ Bindings: Partial<NodeBindings> }>()
  outer.route('/_sandbox', controlRoutes({ faults, limits: limits ?? null, vendor: vendor.name }))
  outer.all('*', async (c) => {
    const request = c.req.raw
    const path = c.req.path
    const answer = async () => app.fetch(request, c.env)
    if (path.startsWith('/_sandbox/')) return answer()
    const key = vendor.keyOf(request.headers)
    const { method } = request
    const record = (status: number, fault: Parameters<Faults['requests']['record']>[0]['fault']) => {
      const search = request.url.indexOf('?')
      const query = search === -1 ? '' : request.url.slice(search)
      const at = clock.now().toISOString()
      faults.requests.record({ at, method, path: path + query, route: routeOf(path), status, fault })
    }
    const misbehaviour = faults.strike({ method, path, key })
    if (misbehaviour !== null) {
      const response = await applyFault(misbehaviour, { vendor, timer, key, bindings: c.env, answer })
      record(misbehaviour.kind === 'reset' ? 0 : response.status, misbehaviour.kind)
      return response
    }
    const limited = limits?.take({ method, path, key: key ?? '' }) ?? null
    if (limited !== null) {
      record(429, 'limited')
      return vendor.rateLimited({
        reason: limited.rule.reason,
        retryAfterSeconds: limited.retryAfterSeconds,
      })
    }
    const response = await answer()
    record(response.status, null)
    return response
  })
  return outer as unknown as Hono
}
