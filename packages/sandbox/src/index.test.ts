import { expect, it } from 'vitest'
import * as offered from './index.ts'

it('the package offers these names, and changes them only on purpose', () => {
  expect(Object.keys(offered).sort()).toEqual([
    'API_VERSION',
    'ClerkState',
    'ClerkWebhooks',
    'Deliverer',
    'Engine',
    'Faults',
    'ManualClock',
    'RateLimits',
    'SandboxError',
    'StripeKeys',
    'StripeState',
    'Webhooks',
    'appSql',
    'billingControlRoutes',
    'buildWorld',
    'clerkRateLimits',
    'createClerkApp',
    'createStripeApp',
    'driftKinds',
    'driftKindsOf',
    'emptyWorld',
    'generateWorld',
    'listen',
    'makeWorld',
    'readWorldFile',
    'seededRng',
    'startSandbox',
    'stripeRateLimits',
    'stripeRetriesMs',
    'systemClock',
    'withFaults',
  ])
})
