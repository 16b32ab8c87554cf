import type { Fields } from '../json/fields.ts'
import { fieldsOf, foundJson } from '../json/fields.ts'
import type { Price, PriceAmount } from './price.ts'

/** How often an item is charged, in Clerk's words. */
export type ClerkPlanPeriod = 'month' | 'annual'

/**
 * Reads a plan of Clerk Billing as the prices that it sells for: by the month, by the year, or both. All have the plan
 * as their product and its slug as their lookup key, so that a catalogue names a plan by either.
 *
 * A plan without any fee is one price of zero. The default plan is not active: everybody has it, and nobody buys it.
 *
 * @throws TypeError when `json` is no object with an id, which no answer of Clerk's can be.
 *
 * @example
 * readClerkPlanPrices(plan).map(({ id }) => id) // ['cplan_1', 'cplan_1:annual']
 */
export function readClerkPlanPrices(json: unknown): readonly Price[] {
  const plan = fieldsOf(json, 'plan', [])
  const id = plan?.id('id')
  if (!plan || !id) throw new TypeError(`A plan needs to be an object with an id; found ${foundJson(json)}.`)
  const monthly = clerkPlanPrice(plan, id, 'month')
  if (!plan.has('annual_fee') && !plan.has('annual_monthly_fee')) return [monthly]
  return [monthly, { ...clerkPlanPrice(plan, id, 'annual'), id: `${id}:annual` }]
}

/** One of a plan's prices. `plan` may be `null` where Clerk names it by its id alone: its sum is unknown then. */
export function clerkPlanPrice(plan: Fields | null, planId: string, period: ClerkPlanPeriod): Price {
  const fee = plan && feeOf(plan, period)
  return {
    id: planId,
    lookupKey: plan?.text('slug') ?? null,
    productId: planId,
    productName: plan?.text('name') ?? null,
    currency: fee?.currency ?? 'usd',
    active: plan !== null && plan.flag('is_default') !== true,
    recurring: { interval: period === 'annual' ? 'year' : 'month', count: 1, metered: false },
    amount: fee?.amount ?? (plan ? { kind: 'per-unit', unitAmount: '0' } : { kind: 'unknown' }),
    nickname: null,
  }
}

/** A sum as Clerk writes it: whole minor units, and the currency in capitals. */
export function clerkMoney(
  money: Fields | null,
): { readonly currency: string; readonly amount: PriceAmount } | null {
  const amount = money?.decimal('amount') ?? null
  if (money === null || amount === null) return null
  return {
    currency: (money.text('currency') ?? 'usd').toLowerCase(),
    amount: { kind: 'per-unit', unitAmount: amount },
  }
}

/** The yearly fee may be given only as what it comes to a month. */
function feeOf(plan: Fields, period: ClerkPlanPeriod): ReturnType<typeof clerkMoney> {
  if (period === 'month') return clerkMoney(plan.object('fee'))
  const yearly = clerkMoney(plan.object('annual_fee'))
  if (yearly) return yearly
  const monthly = plan.object('annual_monthly_fee')
  const amount = monthly?.number('amount') ?? null
  if (amount === null) return null
  return {
    currency: (monthly?.text('currency') ?? 'usd').toLowerCase(),
    amount: { kind: 'per-unit', unitAmount: String(amount * 12) },
  }
}
