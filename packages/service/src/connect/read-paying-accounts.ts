import type {
  AccessSource,
  BillingSource,
  ClerkMapping,
  PlanItem,
  SubjectReading,
  SubjectType,
  Subscription,
} from '@trueup/core'
import { monthlyAmount } from '@trueup/core'
import type { GrantedRaw, PayingAccount } from './learn-catalogue.ts'

/** So many of each are read at most: enough to learn from, few requests on any account. */
const mostRows = 5_000

/** What is paid for again and again, in either billing. */
type Bought = Subscription | PlanItem

/** Accounts of the app that pay, and what the app gives those that never bought anything. */
export interface ReadAccounts {
  readonly paying: readonly PayingAccount[]
  readonly free: readonly GrantedRaw[]
}

/** Reads subscriptions and accounts, and puts those together that belong together by the mapped customer id. */
export async function readPayingAccounts(
  billing: BillingSource,
  access: AccessSource,
  mappings: Readonly<Partial<Record<SubjectType, ClerkMapping>>>,
): Promise<ReadAccounts> {
  const [subscriptions, ...subjects] = await Promise.all([
    readSubscriptions(billing),
    ...access.subjectTypes.map((type) => readSubjects(access, type)),
  ])
  const paying: PayingAccount[] = []
  const free: GrantedRaw[] = []
  for (const reading of subjects.flat()) {
    const mapping = mappings[reading.subject.type]
    if (!mapping) continue
    const { customerId, subject } = reading
    const own = customerId.state === 'value' ? customerId.value : subject.id
    const bought = subscriptions.get(own) ?? []
    const running = bought.filter(({ status }) => status === 'active' || status === 'trialing')
    if (running.length > 0)
      paying.push({ products: productsOf(running), granted: rawGrant(reading, mapping) })
    else if (bought.length === 0) free.push(rawGrant(reading, mapping))
  }
  return { paying, free }
}

async function readSubscriptions(billing: BillingSource): Promise<ReadonlyMap<string, readonly Bought[]>> {
  const byCustomer = new Map<string, Bought[]>()
  let rows = 0
  for await (const page of billing.read('subscriptions', [])) {
    for (const { fact } of page.rows) {
      if (fact.kind !== 'subscription' && fact.kind !== 'plan-item') continue
      byCustomer.set(fact.customerId, [...(byCustomer.get(fact.customerId) ?? []), fact])
    }
    rows += page.rows.length
    if (rows >= mostRows) break
  }
  return byCustomer
}

async function readSubjects(access: AccessSource, type: SubjectType): Promise<readonly SubjectReading[]> {
  const readings: SubjectReading[] = []
  for await (const page of access.read(type === 'user' ? 'users' : 'organizations', [])) {
    readings.push(...page.rows)
    if (readings.length >= mostRows) break
  }
  return readings
}

function productsOf(subscriptions: readonly Bought[]): PayingAccount['products'] {
  const products = new Map<string, { quantity: number; monthly: number }>()
  for (const bought of subscriptions) {
    for (const { price, quantity, times } of linesOf(bought)) {
      const known = products.get(price.productId) ?? { quantity: 0, monthly: 0 }
      const amount = monthlyAmount(price, times, [])
      products.set(price.productId, {
        quantity: known.quantity + (quantity ?? 0),
        monthly: known.monthly + (amount.kind === 'fixed' ? amount.amount : 0),
      })
    }
  }
  return products
}

/** The sum of an item of Clerk Billing is that of all its seats. */
function linesOf(bought: Bought) {
  if (bought.kind === 'subscription') {
    return bought.items.map(({ price, quantity }) => ({ price, quantity, times: quantity }))
  }
  const quantity = typeof bought.seats === 'number' ? bought.seats : 1
  return [{ price: bought.price, quantity, times: 1 }]
}

/** What the app gives, with its own word for the plan, whatever the catalogue knows. */
function rawGrant({ granted, fields }: SubjectReading, mapping: ClerkMapping): GrantedRaw {
  const found = fields.find(({ path }) => path === mapping.plan?.text)?.found ?? null
  return {
    plan: found === null ? null : textOf(found),
    features: granted.entitlements.state === 'value' ? granted.entitlements.value : [],
    seats:
      granted.seats.state === 'value' && typeof granted.seats.value === 'number' ? granted.seats.value : null,
  }
}

function textOf(json: string): string | null {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}
