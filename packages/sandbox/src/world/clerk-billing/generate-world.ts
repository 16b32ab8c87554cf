import { payerOf } from '../../clerk/billing/payer.ts'
import {
  type ClerkSubscriptionItem,
  type ClerkUser,
  makeEmailAddress,
  makeMoney,
  makeOrganization,
  makeSubscription,
  makeSubscriptionItem,
  makeUser,
} from '../../clerk/objects/index.ts'
import type { ClerkState } from '../../clerk/state.ts'
import { seededRng } from '../../server/rng.ts'
import { SandboxError } from '../../server/sandbox-error.ts'
import type { AppEntitlementRow, AppMemberRow, AppOrganizationRow, AppUserRow } from '../app-database.ts'
import { appSchemaSql } from '../app-database.ts'
import { clerkBillingPostgres, graceDays, type WorldConfig } from '../config.ts'
import type { DriftShares } from '../generate-world.ts'
import { type Label, type LabelKind, type Labels, subjectKey } from '../label.ts'
import { companyName, personName } from '../people.ts'
import { holdLimit } from '../truth.ts'
import { emptyWorld, type World, type WorldFrame } from '../world.ts'
import { WorldIds } from '../world-ids.ts'
import {
  Chance,
  type DriftTold,
  drifting,
  type GivenTold,
  healthy,
  type ItemTold,
  type LifeTold,
} from './lives.ts'
import { clerkPlans, configPlans } from './plans.ts'

export interface ClerkBillingWorldOptions extends WorldFrame {
  /** Payers, users and organizations together. */
  readonly customers: number
  /** Drifts as a share of the payers. Default 0.1. Shares by kind are for worlds of Stripe. */
  readonly drift?: number | DriftShares
}

/**
 * Makes a business that sells through Clerk Billing and keeps what it grants in its own database: every status of a
 * subscription item, trials, upgrades, downgrades, seats, a plan that costs nothing; and drifts, each written down as it
 * is planted. Its Stripe is empty.
 *
 * @throws SandboxError `invalid-input` when a number is out of its range.
 * @example
 * generateClerkBillingWorld({ customers: 300, seed: 7, now: new Date() }).labels.drifts.length // 30
 */
export function generateClerkBillingWorld(options: ClerkBillingWorldOptions): World {
  const { customers, drift = 0.1, seed = 1 } = options
  if (
    !Number.isSafeInteger(customers) ||
    customers < 0 ||
    typeof drift !== 'number' ||
    drift < 0 ||
    drift > 1
  ) {
    throw new SandboxError(
      'invalid-input',
      `customers is ${customers} and drift is ${JSON.stringify(drift)}; a whole number and a share in 0..1 are needed`,
      'Give numbers such as 300 and 0.1.',
    )
  }
  const base = emptyWorld({ ...options, access: 'both' })
  for (const plan of Object.values(clerkPlans)) base.clerk.billing.plans.set(plan.id, plan)
  const rng = seededRng(`clerk-billing:${seed}`)
  const chance = new Chance(rng)
  const business = new Business(
    base.clerk,
    new WorldIds(rng),
    Math.floor(options.now.getTime() / 1000) * 1000,
  )
  const planted = Math.round(customers * drift)
  for (let place = 0; place < customers; place += 1) {
    // Spread evenly, so that every kind is there before any is there twice.
    const isDrift =
      Math.floor(((place + 1) * planted) / customers) > Math.floor((place * planted) / customers)
    const tell = drifting[business.drifts.length % drifting.length]
    if (isDrift && tell) business.addDrift(tell(chance))
    else business.addHealthy((healthy[chance.whole(0, healthy.length - 1)] ?? healthy[0])(chance))
  }
  return {
    ...base,
    app: {
      schemaSql: appSchemaSql(true),
      users: business.users,
      organizations: business.organizations,
      organizationMembers: business.members,
      userEntitlements: business.entitlements,
    },
    config,
    labels: business.labels(seed, options.now),
  }
}

const config: WorldConfig = {
  billing: { clerkBilling: {} },
  access: [{ postgres: clerkBillingPostgres() }],
  catalogue: { plans: configPlans, addOns: [], seatPacks: [] },
  match: ['customer.id -> id'],
  policy: {
    pastDue: { mode: 'tolerate', days: graceDays },
    pausedCollection: 'keep',
    refunded: 'review',
    settleMinutes: 10,
    trialToleranceHours: 24,
  },
}

const monthMs = 30 * 86_400_000

class Business {
  readonly users: AppUserRow[] = []
  readonly organizations: AppOrganizationRow[] = []
  readonly entitlements: AppEntitlementRow[] = []
  readonly members: AppMemberRow[] = []
  readonly drifts: Label[] = []
  readonly #clerk: ClerkState
  readonly #ids: WorldIds
  readonly #now: number
  #people = 0
  #matched = 0

  constructor(clerk: ClerkState, ids: WorldIds, now: number) {
    this.#clerk = clerk
    this.#ids = ids
    this.#now = now
  }

  addHealthy(life: LifeTold): void {
    this.#addRow(this.#enact(life), life, life.gives)
  }

  addDrift({ life, gives, kind, component, on, story }: DriftTold): void {
    const id = this.#enact(life)
    if (gives !== null) this.#addRow(id, life, gives)
    const itself = { type: life.type, id }
    const isOnCustomer = component === 'customer'
    const about = on === 'plan' ? clerkPlans.legacy.id : (on ?? (isOnCustomer ? id : subjectKey(itself)))
    const isShared = kind === 'price-unmapped' || kind === 'plan-unknown'
    if (isShared && this.drifts.some((label) => label.kind === kind)) return
    const subject = isShared || kind === 'payer-unmatched' ? null : itself
    this.drifts.push({ kind, subject, customer: isShared ? null : id, component, on: about, story })
  }

  labels(seed: string | number, now: Date): Labels {
    const own = this.drifts.filter(({ kind }) => kind !== 'price-unmapped' && kind !== 'plan-unknown')
    const limit = holdLimit(this.#matched)
    const drifts: Label[] = [...this.drifts]
    if (own.length > limit) {
      const story = `${own.length} subjects drift at once, more than ${limit}.`
      drifts.push({
        kind: 'mass-drift',
        subject: null,
        customer: null,
        component: 'brake',
        on: 'hold',
        story,
      })
    }
    const byKind: Partial<Record<LabelKind, number>> = {}
    for (const { kind } of drifts) byKind[kind] = (byKind[kind] ?? 0) + 1
    const { subscriptions } = this.#clerk.billing
    return {
      seed,
      customers: subscriptions.size,
      now: now.toISOString(),
      drifts,
      cannotTell: [],
      settling: [],
      counts: {
        users: this.users.length,
        organizations: this.organizations.length,
        subscriptions: subscriptions.size,
        matched: this.#matched,
        drifting: own.length,
        byKind,
      },
    }
  }

  /** Puts somebody into Clerk with what they bought, and gives their id. */
  #enact({ type, items }: LifeTold): string {
    this.#people += 1
    const created_at = this.#now - 13 * monthMs
    const id = this.#ids.clerk(type === 'user' ? 'user' : 'org')
    if (type === 'user') this.#clerk.load({ users: [this.#person(id, created_at)] })
    else {
      const { name, slug } = companyName(this.#people)
      this.#clerk.load({ organizations: [makeOrganization({ id, name, slug, created_at })] })
    }
    const payer = payerOf(this.#clerk, id)
    const made = items.map((told) => this.#item(told, payer))
    const subscription = makeSubscription({
      id: this.#clerk.ids.next('csub'),
      payer,
      created_at,
      subscription_items: made,
    })
    this.#clerk.billing.subscriptions.set(id, subscription)
    return id
  }

  #person(id: string, created_at: number): ClerkUser {
    const { first, last, email } = personName(this.#people)
    const address = makeEmailAddress({ id: this.#ids.clerk('idn'), email_address: email, created_at })
    return makeUser({ id, first_name: first, last_name: last, email_addresses: [address], created_at })
  }

  #item(told: ItemTold, payer: ClerkSubscriptionItem['payer']): ClerkSubscriptionItem {
    const at = (ms: number | undefined) => (ms === undefined ? null : this.#now + ms)
    const touched = Math.max(
      Math.min(told.startsIn, -86_400_000),
      told.canceledIn ?? -Infinity,
      told.endedIn ?? -Infinity,
      told.pastDueIn ?? -Infinity,
    )
    return makeSubscriptionItem({
      id: this.#clerk.ids.next('csubitem'),
      plan: clerkPlans[told.plan],
      payer,
      status: told.status,
      plan_period: told.period ?? 'month',
      is_free_trial: told.isTrial ?? false,
      period_start: this.#now + told.startsIn,
      period_end: told.endsIn === null ? null : this.#now + told.endsIn,
      canceled_at: at(told.canceledIn),
      past_due_at: at(told.pastDueIn),
      ended_at: at(told.endedIn),
      lifetime_paid: makeMoney(told.paid ?? 0),
      seats: told.seats === undefined ? null : { quantity: told.seats },
      created_at: this.#now + Math.min(told.startsIn, -86_400_000),
      updated_at: this.#now + touched,
    })
  }

  #addRow(id: string, { type }: LifeTold, gives: GivenTold): void {
    const changed = new Date(this.#now - 2 * 86_400_000)
    const moments = {
      created_at: changed,
      updated_at: changed,
      deleted_at: gives.isDeleted === true ? changed : null,
    }
    const shared = { stripe_customer_id: null, plan: gives.plan }
    this.#matched += 1
    if (type === 'organization') {
      const { name, slug } = companyName(this.#people)
      this.organizations.push({
        id,
        name,
        slug,
        ...shared,
        features: gives.features,
        seats: gives.seats,
        ...moments,
      })
      const [admin] = this.users
      if (admin !== undefined) {
        this.members.push({ organization_id: id, user_id: admin.id, role: 'admin', joined_at: changed })
      }
      return
    }
    const { name, email } = personName(this.#people)
    const key = this.#ids.uuid()
    this.users.push({
      id: key,
      clerk_user_id: id,
      email,
      email_verified_at: changed,
      full_name: name,
      locale: 'en',
      ...shared,
      is_premium: gives.isPaid,
      trial_ends_at: gives.trialEndsIn === null ? null : new Date(this.#now + gives.trialEndsIn),
      last_seen_at: null,
      ...moments,
    })
    this.entitlements.push(...gives.features.map((feature) => ({ user_id: key, feature, enabled: true })))
  }
}
