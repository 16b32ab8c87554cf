import type { SubjectId } from '@trueup/core'
import {
  catchUpBilling,
  useBillingCard as chargeCard,
  checkOut,
  makeFeature,
  makeMoney,
  makePlan,
  subscribe,
} from '@trueup/sandbox'
import type { ClerkBilling } from '../clerk-billing/clerk-billing.ts'
import { createClerkBilling } from '../clerk-billing/create-clerk-billing.ts'
import type { ClerkBillingOptions } from '../clerk-billing/options.ts'
import { clerkSecret, makeOrganization, startTestApp, type TestAppOptions } from './test-app.ts'

export const goodCard = '4242 4242 4242 4242'
export const declinedCard = '4000 0000 0000 0341'
const dayMs = 86_400_000

/** What the app sells in Clerk, by the slugs that {@link startClerkBillingApp} sets up there. */
export const clerkTestCatalogue = {
  plans: [
    { id: 'free_org', name: 'Free', features: ['export'] },
    { id: 'pro', name: 'Pro', features: ['export', 'reports'], slugs: ['pro', 'pro_2025'] },
    { id: 'team', features: ['export', 'reports', 'sso'], seats: 'quantity' },
  ],
} as const

interface Given<Transaction> extends Pick<TestAppOptions<Transaction>, 'store' | 'seed' | 'webhooks'> {
  readonly options?: Partial<ClerkBillingOptions<Transaction>>
}

/** An app wired by the SDK to a Clerk over HTTP that sells plans, with a clock that stands still until it is moved. */
export type ClerkBillingApp<Transaction> = Awaited<ReturnType<typeof startClerkBillingApp<Transaction>>>

export async function startClerkBillingApp<Transaction>(given: Given<Transaction> = {}) {
  const { options, ...rest } = given
  const app = await startTestApp<Transaction>(rest)
  const state = app.world.clerk
  const plan = (slug: string, fields: Partial<Parameters<typeof makePlan>[0]>) => {
    const made = makePlan({ id: `cplan_${slug}`, slug, for_payer_type: 'org', ...fields })
    state.billing.plans.set(made.id, made)
    return made
  }
  const plans = {
    free: plan('free_org', { is_default: true }),
    pro: plan('pro', {
      fee: makeMoney(2_000),
      annual_fee: makeMoney(20_000),
      features: [makeFeature({ id: 'feat_reports', slug: 'reports' })],
    }),
    team: plan('team', { fee: makeMoney(5_000), free_trial_enabled: true, free_trial_days: 14 }),
    gold: plan('gold', { fee: makeMoney(90_000) }),
    hobby: plan('hobby', { fee: makeMoney(500), for_payer_type: 'user' }),
  }
  /** Another process of the same app: nothing is shared but the store and Clerk. */
  const another = (changes: Partial<ClerkBillingOptions<Transaction>> = {}): ClerkBilling<Transaction> =>
    createClerkBilling<Transaction>({
      clerk: app.clerk,
      store: app.store,
      catalogue: clerkTestCatalogue,
      subject: 'organization',
      webhooks: { clerk: { secrets: [clerkSecret] } },
      clock: app.clock,
      timer: { sleep: async () => undefined },
      ...options,
      ...changes,
    })
  const billing = another()
  app.receiver.take = (request) => billing.webhooks.clerk(request)
  return {
    ...app,
    billing,
    another,
    /** The same app as it sold through Stripe before, on the same store. */
    stripeBilling: app.another,
    plans,
    /** Buys a plan as its payer does in Clerk's checkout. */
    buy(subject: SubjectId, bought: keyof typeof plans, { seats, card = goodCard }: Bought = {}) {
      chargeCard(state, subject.id, card)
      const chosen = { plan: plans[bought], ...(seats === undefined ? {} : { seats }) }
      checkOut(state, subject.id, chosen)
      return itemOf(subject)
    },
    /** Puts a payer on a plan that costs nothing. */
    subscribe(subject: SubjectId, plan: keyof typeof plans) {
      subscribe(state, subject.id, plans[plan], { period_end: null })
    },
    itemOf,
    /** Lets days pass in Clerk: renewals, trials that end, payments tried again. */
    pass(days: number) {
      app.clock.advance(days * dayMs)
      catchUpBilling(state)
    },
    /** Lets time pass to the end of the period that a payer has. Months have no one length. */
    passPeriod(subject: SubjectId) {
      app.clock.set(new Date(itemOf(subject).period_end ?? 0))
      catchUpBilling(state)
    },
  }

  /** The item that was bought last. */
  function itemOf({ id }: SubjectId) {
    const items = state.billing.subscriptions.get(id)?.subscription_items ?? []
    const item = items.filter(({ plan: { is_default } }) => !is_default).at(-1)
    if (!item) throw new Error(`${id} bought nothing.`)
    return item
  }
}

interface Bought {
  readonly seats?: number
  readonly card?: string
}

let made = 0
/** An organization that no other test knows. */
export async function aBuyer(app: Pick<ClerkBillingApp<never>, 'clerk'>): Promise<SubjectId> {
  made += 1
  return makeOrganization(app, `Buyer ${made}`)
}
