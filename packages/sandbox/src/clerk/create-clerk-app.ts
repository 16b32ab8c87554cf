import { Hono } from 'hono'
import { billingControls } from './billing/billing-control.ts'
import { ClerkRefusal, clerkErrors } from './clerk-error.ts'
import { accountPages } from './frontend/account-pages.ts'
import { billingPages } from './frontend/billing-page.ts'
import { frontendRoutes } from './frontend/frontend-routes.ts'
import { addBillingRoutes } from './routes/billing-routes.ts'
import { addEmailRoutes } from './routes/email-routes.ts'
import { addInvitationRoutes } from './routes/invitation-routes.ts'
import { addMembershipRoutes } from './routes/membership-routes.ts'
import { addOrganizationRoutes } from './routes/organization-routes.ts'
import { addRoleRoutes } from './routes/role-routes.ts'
import { routesOn } from './routes/route.ts'
import { addSessionRoutes } from './routes/session-routes.ts'
import { addSvixRoutes } from './routes/svix-routes.ts'
import { addUserRoutes } from './routes/user-routes.ts'
import { SigningKey } from './sessions/signing-key.ts'
import type { ClerkState } from './state.ts'
import { webhookEndpointRoutes } from './webhook/webhook-routes.ts'
import type { ClerkWebhooks } from './webhook/webhooks.ts'

export interface ClerkAppOptions {
  readonly state: ClerkState
  /** The secret keys that it accepts. A set may change while the app runs. */
  readonly keys: readonly string[] | ReadonlySet<string>
  /** Signs session tokens. Default: a key of its own, made on first use. */
  readonly signingKey?: SigningKey
  /** Sends events; their endpoints are registered at `/_sandbox/clerk/webhook_endpoints`. None: nothing is sent. */
  readonly webhooks?: ClerkWebhooks
}

/**
 * A Clerk instance's Backend API, version 2026-05-12, over a state.
 *
 * @example
 * const app = createClerkApp({ state: new ClerkState({ seed: 7 }), keys: ['sk_test_sandbox'] })
 * const { url } = await listen(app)
 * createClerkClient({ secretKey: 'sk_test_sandbox', apiUrl: url, telemetry: { disabled: true } })
 */
export function createClerkApp(options: ClerkAppOptions): Hono {
  const keys = 'has' in options.keys ? options.keys : new Set(options.keys)
  const app = new Hono()
  app.onError((error) => {
    if (error instanceof ClerkRefusal) return clerkErrors(error.status, [error.item])
    throw error
  })
  if (options.webhooks !== undefined) {
    app.route('/_sandbox/clerk/webhook_endpoints', webhookEndpointRoutes(options.webhooks))
  }
  app.route('/_sandbox/clerk', billingControls(options.state))
  const instance = { state: options.state, signingKey: options.signingKey ?? new SigningKey() }
  app.route('/', frontendRoutes(instance))
  app.route('/', accountPages(instance))
  app.route('/', billingPages(instance))
  app.use('/v1/*', async (c, next) => {
    authenticate(c.req.header('authorization'), keys)
    await next()
  })
  const add = routesOn(app)
  addUserRoutes(add, instance)
  addEmailRoutes(add, instance)
  addOrganizationRoutes(add, instance)
  addMembershipRoutes(add, instance)
  addInvitationRoutes(add, instance)
  addRoleRoutes(add, instance)
  addSessionRoutes(add, instance)
  addSvixRoutes(add, instance)
  addBillingRoutes(add, instance)
  app.notFound((c) =>
    clerkErrors(404, [
      {
        code: 'resource_not_found',
        message: 'not found',
        long_message: `The URL ${c.req.method} ${c.req.path} was not found.`,
      },
    ]),
  )
  return app
}

function authenticate(header: string | undefined, keys: Pick<ReadonlySet<string>, 'has'>): void {
  const [scheme, key] = (header ?? '').split(' ', 2)
  if (scheme?.toLowerCase() !== 'bearer' || key === undefined || key === '') {
    throw new ClerkRefusal(
      401,
      'authorization_header_format_invalid',
      'Invalid Authorization header format',
      'Invalid Authorization header format. Must be "Bearer <YOUR_API_KEY>"',
    )
  }
  if (!keys.has(key)) {
    const text = 'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.'
    throw new ClerkRefusal(401, 'clerk_key_invalid', text, text)
  }
}
