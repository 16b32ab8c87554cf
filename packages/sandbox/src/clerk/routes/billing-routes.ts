import { cancelItem, extendTrial, findItem } from '../billing/cancel-item.ts'
import { itemInFull } from '../billing/item-in-full.ts'
import { payerOf } from '../billing/payer.ts'
import { ClerkRefusal } from '../clerk-error.ts'
import { notFound, paramMissing } from '../http/param-error.ts'
import type { Query } from '../http/query.ts'
import { reply } from '../http/reply.ts'
import { type ClerkPlan, type ClerkStatement, makeMoney } from '../objects/index.ts'
import { findOrganization } from '../organizations/find-organization.ts'
import { findUser } from '../users/find-user.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

const itemFilters = ['active', 'ended', 'past_due', 'upcoming', 'free_trial'] as const

/** What Clerk Billing answers, from the state that a world or a story set. */
export function addBillingRoutes(add: AddRoute, { state }: ClerkInstance): void {
  const { billing } = state
  add('GET', '/billing/plans', ({ query }) => {
    const payer = query.oneOf('payer_type', ['user', 'org'])
    const plans = [...billing.plans.values()].filter(
      (each) => payer === null || each.for_payer_type === payer,
    )
    return pageOf(query, plans)
  })
  add('GET', '/billing/prices', ({ query }) => {
    const plan = query.text('plan_id')
    return pageOf(
      query,
      [...billing.prices.values()].filter((each) => plan === null || each.plan_id === plan),
    )
  })
  add('GET', '/billing/subscription_items', ({ query }) => {
    const status = query.oneOf('status', itemFilters)
    const payer = query.oneOf('payer_type', ['user', 'org'])
    const plan = query.text('plan_id')
    const free = query.flag('include_free') ?? false
    const text = query.text('query')?.toLowerCase() ?? ''
    const items = billing
      .items()
      .filter(
        (each) => status === null || (status === 'free_trial' ? each.is_free_trial : each.status === status),
      )
      .filter((each) => payer === null || each.plan.for_payer_type === payer)
      .filter((each) => plan === null || each.plan_id === plan)
      .filter((each) => free || isPaid(each.plan))
      .filter(({ payer: { email, first_name, last_name, organization_name } }) =>
        [email, first_name, last_name, organization_name].some(
          (value) => text === '' || value?.toLowerCase().includes(text),
        ),
      )
    return pageOf(query, items)
  })
  add('DELETE', '/billing/subscription_items/:id', (call) => {
    const endNow = call.query.flag('end_now') ?? false
    call.query.end()
    return reply(cancelItem(state, call.part('id'), endNow, call.http))
  })
  add('POST', '/billing/subscription_items/:id/extend_free_trial', async (call) => {
    const { id } = findItem(state, call.part('id'))
    const body = await call.body()
    const extendTo = body.time('extend_to')
    if (extendTo === undefined) throw paramMissing('extend_to')
    body.end()
    return reply(itemInFull(extendTrial(state, id, extendTo, call.http)))
  })
  add('GET', '/billing/statements', ({ query }) => pageOf(query, [...billing.statements.values()]))
  add('GET', '/billing/statements/:id', (call) => reply(findStatement(call.part('id'))))
  add('GET', '/billing/statements/:id/payment_attempts', (call) =>
    pageOf(call.query, billing.payments(findStatement(call.part('id')))),
  )
  const subjects = {
    '/users/:id': (id: string) => findUser(state, id).id,
    '/organizations/:id': (id: string) => findOrganization(state, id).id,
  }
  for (const [path, subjectId] of Object.entries(subjects)) {
    add('GET', `${path}/billing/subscription`, (call) => {
      const id = subjectId(call.part('id'))
      const subscription = billing.subscriptions.get(id)
      if (subscription === undefined) throw notFound('subscription', id)
      return reply(subscription)
    })
    add('GET', `${path}/billing/credits`, (call) => {
      const balance = billing.credits.get(subjectId(call.part('id')))
      return reply({
        object: 'commerce_credit_balance',
        balance: balance === undefined ? null : makeMoney(balance),
      })
    })
    add('POST', `${path}/billing/credits`, async (call) => {
      const id = subjectId(call.part('id'))
      const body = await call.body()
      const amount = body.whole('amount', 1)
      if (amount == null) throw paramMissing('amount')
      const action = body.oneOf('action', ['increase', 'decrease'])
      if (action === undefined) throw paramMissing('action')
      const key = body.needText('idempotency_key')
      body.oneOf('currency', ['USD'])
      const note = body.text('note') ?? null
      body.end()
      if (billing.creditKeys.has(key)) {
        throw new ClerkRefusal(
          409,
          'idempotency_key_used',
          'conflict',
          'The idempotency key was used before.',
        )
      }
      const before = billing.credits.get(id) ?? 0
      const after = action === 'increase' ? before + amount : before - amount
      if (after < 0) {
        throw new ClerkRefusal(422, 'insufficient_credits', 'insufficient credits', 'The balance is too low.')
      }
      billing.creditKeys.add(key)
      billing.credits.set(id, after)
      return reply({
        object: 'commerce_credit_ledger',
        id: state.ids.next('ccredit'),
        payer_id: payerOf(state, id).id,
        amount: makeMoney(after - before),
        source_type: 'manual',
        source_id: key,
        note,
        created_at: new Date(state.now()).toISOString(),
      })
    })
  }

  function findStatement(id: string): ClerkStatement {
    const statement = billing.statements.get(id)
    if (statement === undefined) throw notFound('statement', id)
    return statement
  }
}

/** A plan that is sold by the year alone costs something too. */
function isPaid({ fee, annual_fee }: ClerkPlan): boolean {
  return (fee?.amount ?? 0) > 0 || (annual_fee?.amount ?? 0) > 0
}

function pageOf(query: Query, things: readonly unknown[]): Response {
  const { limit, offset } = query.page()
  query.end()
  return reply({ data: things.slice(offset, offset + limit), total_count: things.length })
}
