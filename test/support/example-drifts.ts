import type { Incident } from '@trueup/core'
import type Stripe from 'stripe'
import { Person } from './example-person.ts'
import type { ExampleWorld } from './example-world.ts'

/** A subject of the example on which a drift is planted. */
interface Subject {
  readonly id: string
  readonly customer: string
  readonly subscription: Stripe.Subscription | null
}

interface Bought {
  readonly price: 'price_1ProMonthly' | 'price_1TeamMonthly'
  readonly seats?: number
  readonly trial?: true
}

/** A drift that is planted by hand, and what the check has to say of it. */
export interface PlantedDrift {
  readonly name: string
  /** What the subject has bought, and the app has seen; `null`: nothing. */
  readonly bought: Bought | null
  /** Gives the id of what it is about, where that is not the subject. */
  plant(world: ExampleWorld, subject: Subject): Promise<unknown>
  /** Each incident as `kind of component in source, source`. */
  readonly found: readonly string[]
}

const pro: Bought = { price: 'price_1ProMonthly' }
const team: Bought = { price: 'price_1TeamMonthly', seats: 3 }

/** Somebody changes a row of the app's database. */
function row(set: string): PlantedDrift['plant'] {
  return ({ pool }, { id }) => pool.query(`update trueup_billing.subjects set ${set} where id = $1`, [id])
}

/** Somebody changes what Clerk mirrors. */
function metadata(billing: Readonly<Record<string, unknown>> | null): PlantedDrift['plant'] {
  return ({ example }, { id }) =>
    example.clerk.organizations.updateOrganizationMetadata(id, { publicMetadata: { billing } })
}

/** Something happens in Stripe while the app is down, and it is told of it by nobody. */
function inStripe(
  act: (stripe: Stripe, subscription: Stripe.Subscription) => Promise<unknown>,
): PlantedDrift['plant'] {
  return ({ stripe }, { subscription }) => {
    if (!subscription) throw new Error('This drift needs a subscription.')
    return act(stripe, subscription)
  }
}

function to(price: string, quantity: number): PlantedDrift['plant'] {
  return inStripe((stripe, { items }) =>
    stripe.subscriptionItems.update(items.data[0]?.id ?? '', { price, quantity }),
  )
}

/** Every kind of drift that an app on Stripe, Clerk and PostgreSQL can show, planted in each of the places it can stand. */
export const plantedDrifts: readonly PlantedDrift[] = [
  {
    name: 'a row raised by hand',
    bought: pro,
    plant: row(`plan = 'team'`),
    found: ['plan-too-high of plan in postgres'],
  },
  {
    name: 'a row taken down by hand',
    bought: pro,
    plant: row(`plan = 'free', paid = false`),
    found: ['paid-without-access of paid in postgres'],
  },
  {
    name: 'a row opened for nothing',
    bought: null,
    plant: row(`plan = 'pro', paid = true`),
    found: ['access-without-payment of paid in postgres'],
  },
  {
    name: 'a feature taken out of a row',
    bought: pro,
    plant: row(`entitlements = '["notes"]'`),
    found: ['entitlement-missing of entitlement:reports in postgres'],
  },
  {
    name: 'a feature put into a row',
    bought: pro,
    plant: row(`entitlements = '["notes", "reports", "shared-spaces"]'`),
    found: ['entitlement-extra of entitlement:shared-spaces in postgres'],
  },
  {
    name: 'more seats in a row',
    bought: team,
    plant: row('seats = 10'),
    found: ['seats-over of seats in postgres'],
  },
  {
    name: 'fewer seats in a row',
    bought: team,
    plant: row('seats = 1'),
    found: ['seats-short of seats in postgres'],
  },
  {
    name: 'a plan in a row that nobody sells',
    bought: pro,
    plant: row(`plan = 'gold'`),
    found: ['plan-unknown of plan-value'],
  },
  {
    name: 'a trial made longer in a row',
    bought: { ...team, trial: true },
    plant: row(`trial_ends_at = trial_ends_at + interval '60 days'`),
    found: ['trial-overstayed of trialEndsAt in postgres'],
  },
  {
    name: 'a trial cut short in a row',
    bought: { ...team, trial: true },
    plant: row(`trial_ends_at = trial_ends_at - interval '7 days'`),
    found: ['trial-cut-short of trialEndsAt in postgres'],
  },
  {
    name: 'metadata raised by hand',
    bought: null,
    plant: metadata({ plan: 'team', paid: true, entitlements: ['notes', 'reports', 'shared-spaces'] }),
    found: ['access-without-payment of paid in clerk'],
  },
  {
    name: 'metadata removed by hand',
    bought: pro,
    plant: metadata(null),
    found: ['paid-without-access of paid in clerk'],
  },
  {
    name: 'bought while the app was down',
    bought: null,
    plant: ({ stripe }, { customer }) =>
      stripe.subscriptions.create({ customer, items: [{ price: 'price_1ProMonthly' }] }),
    found: ['paid-without-access of paid in postgres and clerk'],
  },
  {
    name: 'paused while the app was down',
    bought: pro,
    plant: inStripe((stripe, { id }) => stripe.subscriptions.pause(id, { type: 'subscription' })),
    found: ['access-without-payment of paid in postgres and clerk'],
  },
  {
    // What was paid for may be used up, so that nothing is wrong before its period is over.
    name: 'canceled at once while the app was down',
    bought: pro,
    plant: inStripe((stripe, { id }) => stripe.subscriptions.cancel(id)),
    found: [],
  },
  {
    name: 'upgraded while the app was down',
    bought: pro,
    plant: to('price_1TeamMonthly', 3),
    found: ['plan-too-low of plan in postgres and clerk', 'seats-short of seats in postgres and clerk'],
  },
  {
    name: 'downgraded while the app was down',
    bought: team,
    plant: to('price_1ProMonthly', 1),
    found: ['plan-too-high of plan in postgres and clerk'],
  },
  {
    name: 'seats given back while the app was down',
    bought: team,
    plant: to('price_1TeamMonthly', 1),
    found: ['seats-over of seats in postgres and clerk'],
  },
  {
    name: 'seats bought while the app was down',
    bought: team,
    plant: to('price_1TeamMonthly', 7),
    found: ['seats-short of seats in postgres and clerk'],
  },
  {
    name: 'moved in Stripe to a price that is in no catalogue',
    bought: pro,
    plant: to('price_1ProMonthlyNew', 1),
    found: ['price-unmapped of price'],
  },
  {
    name: 'a second subscription made by hand',
    bought: pro,
    plant: ({ stripe }, { customer }) =>
      stripe.subscriptions.create({ customer, items: [{ price: 'price_1ProMonthly' }] }),
    found: ['double-billing of subscription'],
  },
  {
    name: 'refunded in Stripe, with the plan left open',
    bought: pro,
    plant: async ({ stripe }, { customer }) => {
      const { data } = await stripe.charges.list({ customer })
      await stripe.refunds.create({ charge: data[0]?.id ?? '' })
    },
    found: ['refund-review of refund'],
  },
  {
    name: 'an organization deleted while the app was down',
    bought: pro,
    plant: ({ example }, { id }) => example.clerk.organizations.deleteOrganization(id),
    found: ['paid-without-access of paid: no record in clerk'],
  },
  {
    name: 'the customer deleted in Stripe while the app was down',
    bought: pro,
    plant: ({ stripe }, { customer }) => stripe.customers.del(customer),
    found: ['customer-not-found of customer in postgres and clerk'],
  },
  {
    name: 'the customer of another one in a row',
    bought: pro,
    plant: async (world, { id }) => {
      const { id: other } = await world.stripe.customers.create({ name: 'Somebody else' })
      await world.pool.query('update trueup_billing.subjects set customer_id = $2 where id = $1', [id, other])
    },
    found: ['customer-duplicate of customer in postgres'],
  },
  {
    name: 'a customer who pays and is nobody’s',
    bought: null,
    plant: async ({ stripe }) => {
      const { id } = await payer(stripe, { name: 'Nobody' })
      await stripe.subscriptions.create({ customer: id, items: [{ price: 'price_1ProMonthly' }] })
      return id
    },
    found: ['payer-unmatched of customer'],
  },
]

async function payer(stripe: Stripe, params: Stripe.CustomerCreateParams): Promise<Stripe.Customer> {
  const customer = await stripe.customers.create(params)
  await useCard(stripe, customer.id)
  return customer
}

async function useCard(stripe: Stripe, customer: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer })
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } })
}

/** What a check said of each planted drift, by its name; under no name what it said of anybody else. */
export type Findings = Readonly<Record<string, readonly string[]>>

/** Makes a subject for each drift, which the app sees; then takes the app down, plants the drifts, and has it checked. */
export async function findPlanted(
  world: ExampleWorld,
  drifts: readonly PlantedDrift[] = plantedDrifts,
): Promise<Findings> {
  await goDown(world)
  const named = new Map<string, string>()
  const planted: { readonly drift: PlantedDrift; readonly subject: Subject }[] = []
  for (const [place, drift] of drifts.entries()) {
    const subject = await makeSubject(world, `planted-${place}`, drift.bought)
    planted.push({ drift, subject })
    for (const id of [subject.id, subject.customer]) named.set(id, drift.name)
  }
  // Many are new, which a person says is right; a check would hold back what it thinks of so many otherwise.
  const { incidents: before } = await world.check({ acceptChanges: true })
  for (const { drift, subject } of planted) {
    const about = await drift.plant(world, subject)
    if (typeof about === 'string') named.set(about, drift.name)
  }
  const { incidents } = await world.check()
  const found: Record<string, string[]> = Object.fromEntries(drifts.map(({ name }) => [name, []]))
  for (const incident of [...before, ...incidents]) {
    const { subject, customerId, touched } = incident
    const ids = [subject?.id, customerId, ...touched.map((each) => each.replace(/^\w+:/, ''))]
    const name = ids.flatMap((id) => named.get(id ?? '') ?? [])[0]
    const words = name === undefined ? incident.sentence : inWords(incident)
    found[name ?? ''] = [...(found[name ?? ''] ?? []), words].toSorted()
  }
  return found
}

/** From now on the app is told of nothing, and asks for nothing. */
async function goDown(world: ExampleWorld): Promise<void> {
  await world.control('stripe', 'POST', 'webhooks/faults', { kind: 'dropped' })
  await world.control('clerk', 'POST', 'webhooks/faults', { kind: 'dropped' })
}

async function makeSubject(world: ExampleWorld, name: string, bought: Bought | null): Promise<Subject> {
  const { billing } = world.example
  const id = await new Person(world.example, name).found(`Team ${name}`)
  const subject = { type: 'organization', id } as const
  const customer = await billing.customer(subject)
  await useCard(world.stripe, customer)
  const subscription =
    bought &&
    (await world.stripe.subscriptions.create({
      customer,
      items: [{ price: bought.price, quantity: bought.seats ?? 1 }],
      metadata: { organization_id: id },
      ...(bought.trial ? { trial_period_days: 14 } : {}),
    }))
  await billing.resync(subject)
  return { id, customer, subscription }
}

/** An incident in the words of {@link PlantedDrift.found}. */
function inWords({ kind, component, sentence }: Incident): string {
  const [, missing, sources] = /\((no record )?in ([a-z ]+)\)\.$/.exec(sentence) ?? []
  const place = sources === undefined ? '' : missing ? `: no record in ${sources}` : ` in ${sources}`
  return `${kind} of ${component}${place}`
}
