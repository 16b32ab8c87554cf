import { Hono } from 'hono'
import { Fields } from '../../server/read-fields.ts'
import { controlError, readJson } from '../../server/read-json.ts'
import { SandboxError } from '../../server/sandbox-error.ts'
import { ClerkRefusal, clerkErrors } from '../clerk-error.ts'
import { type ClerkPlan, makeFeature, makeMoney, makePlan } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { useBillingCard } from './cards.ts'
import { catchUpBilling } from './catch-up.ts'
import { checkOut } from './check-out.ts'

const mostDays = 3660

/**
 * What stands for the dashboard's billing page, for Clerk's own checkout in an app, and for time, under
 * `/_sandbox/clerk`: `POST plans`, `POST cards {payer, number}`, `POST checkouts {payer, plan, period?, seats?, card?}`
 * and `POST advance {days, hours?}`, which does everything that falls due on the way.
 */
export function billingControls(state: ClerkState): Hono {
  const app = new Hono()
  app.onError((error, c) =>
    error instanceof ClerkRefusal ? clerkErrors(error.status, [error.item]) : controlError(error, c),
  )
  app.get('/plans', (c) => c.json({ plans: [...state.billing.plans.values()] }))
  app.post('/plans', async (c) => {
    const plan = readPlan(state, await readJson(c))
    state.billing.plans.set(plan.id, plan)
    return c.json(plan, 201)
  })
  app.post('/cards', async (c) => {
    const fields = new Fields(await readJson(c), 'the card')
    const payer = payerIn(state, fields)
    const number = fields.needText('number')
    fields.end()
    const { id, last4 } = useBillingCard(state, payer, number)
    return c.json({ id, last4 }, 201)
  })
  app.post('/checkouts', async (c) => {
    const fields = new Fields(await readJson(c), 'the checkout')
    const payer = payerIn(state, fields)
    const plan = planIn(state, fields.needText('plan'))
    const period = fields.oneOf('period', ['month', 'annual'] as const) ?? 'month'
    const seats = fields.whole('seats', 0)
    const card = fields.text('card')
    fields.end()
    if (card !== undefined) useBillingCard(state, payer, card)
    return c.json(checkOut(state, payer, { plan, period, ...(seats === undefined ? {} : { seats }) }), 201)
  })
  app.post('/advance', async (c) => {
    const fields = new Fields(await readJson(c), 'how far')
    const days = fields.whole('days', 0, mostDays) ?? 0
    const hours = fields.whole('hours', 0, 24 * mostDays) ?? 0
    fields.end()
    state.advance((days * 24 + hours) * 3_600_000)
    catchUpBilling(state)
    return c.json({ now: new Date(state.now()).toISOString() })
  })
  return app
}

function readPlan(state: ClerkState, json: unknown): ClerkPlan {
  const fields = new Fields(json, 'the plan')
  const slug = fields.needText('slug')
  const trialDays = fields.whole('trialDays', 1)
  const fee = fields.whole('fee', 0) ?? 0
  const annualFee = fields.whole('annualFee', 0)
  const features = fields.texts('features') ?? []
  const name = fields.text('name') ?? slug
  const payer = fields.oneOf('payer', ['user', 'org'] as const) ?? 'user'
  const isDefault = fields.flag('default') ?? false
  fields.end()
  if (findPlan(state, slug) !== undefined) {
    throw new SandboxError('invalid-input', `there is a plan ${slug} already`, 'Give it another slug.')
  }
  return makePlan({
    id: state.ids.next('cplan'),
    slug,
    name,
    fee: makeMoney(fee),
    annual_fee: annualFee === undefined ? null : makeMoney(annualFee),
    annual_monthly_fee: annualFee === undefined ? null : makeMoney(Math.round(annualFee / 12)),
    for_payer_type: payer,
    is_default: isDefault,
    free_trial_enabled: trialDays !== undefined,
    free_trial_days: trialDays ?? null,
    features: features.map((feature) => makeFeature({ id: `feat_${feature}`, slug: feature })),
  })
}

/** A plan by its slug or its id. */
export function findPlan(state: ClerkState, slugOrId: string): ClerkPlan | undefined {
  return [...state.billing.plans.values()].find(({ id, slug }) => id === slugOrId || slug === slugOrId)
}

function planIn(state: ClerkState, slugOrId: string): ClerkPlan {
  const plan = findPlan(state, slugOrId)
  if (plan !== undefined) return plan
  throw new SandboxError('unknown-id', `there is no plan ${slugOrId}`, 'Make it with POST plans.')
}

function payerIn(state: ClerkState, fields: Fields): string {
  const payer = fields.needText('payer')
  if (state.users.get(payer) !== undefined || state.organizations.get(payer) !== undefined) return payer
  throw new SandboxError('unknown-id', `there is no user or organization ${payer}`, 'Give the id of one.')
}
