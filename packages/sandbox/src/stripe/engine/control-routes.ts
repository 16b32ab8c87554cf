import { type Context, Hono } from 'hono'
import { readOccurrence } from '../../faults/occurrence.ts'
import { Fields } from '../../server/read-fields.ts'
import { controlError, readJson } from '../../server/read-json.ts'
import { SandboxError } from '../../server/sandbox-error.ts'
import type { PaymentOutcome } from '../payment-outcome.ts'
import type { StripeState } from '../state.ts'
import { StripeError } from '../stripe-error.ts'
import type { Table } from '../table.ts'
import type { Webhooks } from '../webhook/webhooks.ts'
import type { BillingSettings } from './billing.ts'
import type { Engine } from './engine.ts'

export interface BillingControls {
  readonly state: StripeState
  readonly engine: Engine
  readonly webhooks: Webhooks
}

const outcomes: readonly PaymentOutcome[] = [
  'succeeds',
  'requires_action',
  'generic_decline',
  'insufficient_funds',
  'expired_card',
  'lost_card',
  'processing_error',
]

/**
 * The routes for what Stripe's API cannot be asked to do, to be mounted under `/_sandbox/stripe`.
 *
 * - `GET settings`, `POST settings`: the account's billing settings ({@link BillingSettings}).
 * - `POST payment_methods/:id/outcome` `{outcome}`: what becomes of payments with it from now on.
 * - `POST charges/:id/dispute` `{amount?, reason?}`, `POST disputes/:id/close` `{outcome: won | lost}`.
 * - `POST checkout_sessions/:id/complete` `{email?, name?, payment_method?, delayed?}`, `.../settle` `{arrived}`.
 * - `POST catch_up`: does what has fallen due by the sandbox's own time.
 * - `POST webhook_endpoints/:id/roll_secret` `{old_secret_seconds?}`, `POST events/:id/resend`.
 * - `POST twins` `{event?, rate?, at?, from?, limit?}`, `DELETE twins`: changes that are told by two events.
 */
export function billingControlRoutes({ state, engine, webhooks }: BillingControls): Hono {
  const app = new Hono()
  app.onError((error, c) => controlError(inOurWords(error), c))

  app.get('/settings', (c) => c.json(engine.settings))
  app.post('/settings', async (c) => {
    Object.assign(engine.settings, readSettings(await fieldsOf(c, 'the settings')))
    return c.json(engine.settings)
  })
  app.post('/payment_methods/:id/outcome', async (c) => {
    const fields = await fieldsOf(c, 'the outcome')
    const outcome = fields.oneOf('outcome', outcomes)
    fields.end()
    if (outcome === undefined) throw needed('outcome', outcomes)
    const method = found(state.paymentMethods, c.req.param('id'))
    state.paymentOutcomes.set(method.id, outcome)
    return c.json({ id: method.id, outcome })
  })
  app.post('/charges/:id/dispute', async (c) => {
    const fields = await fieldsOf(c, 'the dispute')
    const amount = fields.whole('amount', 1)
    const reason = fields.text('reason')
    fields.end()
    const charge = found(state.charges, c.req.param('id'))
    const options = {
      ...(amount === undefined ? {} : { amount }),
      ...(reason === undefined ? {} : { reason }),
    }
    return c.json(engine.openDispute(charge, options))
  })
  app.post('/disputes/:id/close', async (c) => {
    const fields = await fieldsOf(c, 'the closing')
    const outcome = fields.oneOf('outcome', ['won', 'lost'] as const)
    fields.end()
    if (outcome === undefined) throw needed('outcome', ['won', 'lost'])
    return c.json(engine.closeDispute(found(state.disputes, c.req.param('id')), outcome))
  })
  app.post('/checkout_sessions/:id/complete', async (c) => {
    const fields = await fieldsOf(c, 'the completion')
    const [email, name, paymentMethod] = [
      fields.text('email'),
      fields.text('name'),
      fields.text('payment_method'),
    ]
    const delayed = fields.flag('delayed')
    fields.end()
    const completion = {
      ...(email === undefined ? {} : { email }),
      ...(name === undefined ? {} : { name }),
      ...(paymentMethod === undefined ? {} : { paymentMethod }),
      ...(delayed === undefined ? {} : { delayed }),
    }
    return c.json(engine.completeCheckout(found(state.checkoutSessions, c.req.param('id')), completion))
  })
  app.post('/checkout_sessions/:id/settle', async (c) => {
    const fields = await fieldsOf(c, 'the settling')
    const arrived = fields.flag('arrived')
    fields.end()
    if (arrived === undefined) throw needed('arrived', ['true', 'false'])
    return c.json(engine.settleCheckout(found(state.checkoutSessions, c.req.param('id')), arrived))
  })
  app.post('/catch_up', (c) => {
    engine.catchUp()
    return c.json({ now: state.now() })
  })
  app.post('/webhook_endpoints/:id/roll_secret', async (c) => {
    const fields = await fieldsOf(c, 'the rolling')
    const seconds = fields.whole('old_secret_seconds', 0)
    fields.end()
    return c.json({ secret: webhooks.rollSecret(c.req.param('id'), seconds) })
  })
  app.post('/events/:id/resend', (c) => {
    const event = found(state.events, c.req.param('id'))
    webhooks.resend(event)
    return c.json({ id: event.id })
  })
  app.post('/twins', async (c) => {
    const fields = await fieldsOf(c, 'the twins')
    const event = fields.text('event')
    const occurrence = readOccurrence(fields)
    fields.end()
    const fault = { ...occurrence, ...(event === undefined ? {} : { event }) }
    webhooks.twins.add(fault)
    return c.json(fault, 201)
  })
  app.delete('/twins', (c) => {
    webhooks.twins.clear()
    return c.json({})
  })
  return app
}

async function fieldsOf(c: Context, what: string): Promise<Fields> {
  return new Fields(await readJson(c), what)
}

function readSettings(fields: Fields): Partial<BillingSettings> {
  const given = {
    retryDays: fields.wholes('retryDays', 1),
    whenRetriesFail: fields.oneOf('whenRetriesFail', ['cancel', 'past_due', 'unpaid'] as const),
    overdueDays: fields.whole('overdueDays', 1),
    draftSeconds: fields.whole('draftSeconds', 0),
    whenDisputed: fields.oneOf('whenDisputed', ['cancel', 'cancel_at_period_end', 'nothing'] as const),
    upcomingDays: fields.whole('upcomingDays', 1),
  }
  fields.end()
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function found<T extends { id: string }>(table: Table<T>, id: string): T {
  const row = table.get(id)
  if (row !== undefined) return row
  throw new SandboxError(
    'unknown-id',
    `there is no object ${id} of this kind`,
    'Give the id of one that exists.',
  )
}

function needed(name: string, choices: readonly string[]): SandboxError {
  return new SandboxError('invalid-input', `${name} is missing`, `Give one of ${choices.join(', ')}.`)
}

/** What the engine refuses as Stripe would is, on a control route, a request that cannot be served. */
function inOurWords(error: Error): Error {
  if (!(error instanceof StripeError)) return error
  return new SandboxError(
    'invalid-input',
    error.message,
    'Look at the object first, and choose one that allows it.',
    {
      cause: error,
    },
  )
}
