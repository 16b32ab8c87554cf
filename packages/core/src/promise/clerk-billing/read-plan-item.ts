import type { Fields } from '../../json/fields.ts'
import { fieldsOf, foundJson } from '../../json/fields.ts'
import type { Price } from '../../price/price.ts'
import type { ClerkPlanPeriod } from '../../price/read-clerk-plan.ts'
import { clerkMoney, clerkPlanPrice } from '../../price/read-clerk-plan.ts'
import { latestChange } from '../latest-change.ts'
import type { PlanItem, PlanItemStatus } from './plan-item.ts'
import { planItemStatuses } from './plan-item.ts'

/** What reading an item needs to know beside the item. */
export interface ClerkPlanItemRules {
  /** When the answer arrived. */
  readonly readAt: Date
  /** Whether the key belongs to a production instance: the items do not say. */
  readonly livemode: boolean
  /** Whether features of plans count as entitlements; else the catalogue alone says what a plan brings. */
  readonly features: boolean
  /** Whose item it is, where the item itself may not say: the subscription of one payer is asked for by their id. */
  readonly payer: string | null
}

/**
 * Reads a subscription item of Clerk Billing as the Backend API sends it, in the list of all items and inside a
 * subscription. https://clerk.com/docs/reference/backend-api/tag/Billing
 *
 * What is not understood is kept in `problems` and never guessed.
 *
 * @throws TypeError when `json` is no object with an id, which no answer of Clerk's can be.
 *
 * @example
 * readClerkPlanItem(json, { readAt, livemode: true, features: false, payer: null }).customerId // 'user_1'
 */
export function readClerkPlanItem(json: unknown, rules: ClerkPlanItemRules): PlanItem {
  const problems: string[] = []
  const fields = fieldsOf(json, '', problems)
  const id = fields?.id('id')
  if (!fields || !id) {
    throw new TypeError(`A subscription item needs to be an object with an id; found ${foundJson(json)}.`)
  }
  const moments = readMoments(fields)
  const plan = fields.object('plan')
  const isFreeTrial = fields.flag('is_free_trial') ?? false
  const periodEnd = moments.period_end
  const status = readStatus(fields)
  if (isFreeTrial && status === 'active' && !periodEnd) {
    fields.problem('is a free trial, and period_end says no time')
  }
  return {
    kind: 'plan-item',
    id,
    customerId: readPayerId(fields, rules.payer),
    livemode: rules.livemode,
    status,
    price: readPrice(fields, plan),
    isDefaultPlan: plan?.flag('is_default') ?? false,
    isFreeTrial,
    features: rules.features ? readFeatures(plan) : [],
    seats: readSeats(fields),
    createdAt: moments.created_at ?? moments.period_start ?? new Date(0),
    periodStart: moments.period_start,
    periodEnd,
    canceledAt: moments.canceled_at,
    pastDueAt: moments.past_due_at,
    endedAt: moments.ended_at,
    lifetimePaid: fields.expanded('lifetime_paid')?.number('amount') ?? null,
    changedAt: latestChange(Object.values(moments), rules.readAt),
    readAt: rules.readAt,
    problems,
  }
}

/** All moments that an item dates, each read once. */
function readMoments(fields: Fields) {
  return {
    created_at: momentOf(fields, 'created_at'),
    updated_at: momentOf(fields, 'updated_at'),
    period_start: momentOf(fields, 'period_start'),
    period_end: momentOf(fields, 'period_end'),
    canceled_at: momentOf(fields, 'canceled_at'),
    past_due_at: momentOf(fields, 'past_due_at'),
    ended_at: momentOf(fields, 'ended_at'),
  }
}

/** The users and organizations of Clerk are its customers; the payer's own id is known nowhere else. */
function readPayerId(fields: Fields, asked: string | null): string {
  const payer = fields.expanded('payer')
  const named = payer?.text('organization_id') ?? payer?.text('user_id') ?? asked
  if (named) return named
  fields.problem('names neither a user nor an organization as its payer')
  return fields.text('payer_id') ?? ''
}

function readStatus(fields: Fields): PlanItem['status'] {
  const status = fields.text('status')
  const known = planItemStatuses.find((candidate): candidate is PlanItemStatus => candidate === status)
  return known ?? { unknown: status ?? 'no status' }
}

/** What is charged next says seats and discounts too; an item that is not renewed has only its plan's fee. */
function readPrice(fields: Fields, plan: Fields | null): Price {
  const planId = plan?.id('id') ?? fields.text('plan_id')
  if (!planId) fields.problem('names no plan')
  const price = clerkPlanPrice(plan, planId ?? 'no-plan', readPeriod(fields))
  const next = fields.expanded('next_payment')
  const charged =
    clerkMoney(next?.expanded('totals')?.expanded('grand_total') ?? null) ??
    clerkMoney(next?.expanded('amount') ?? null)
  return charged ? { ...price, ...charged } : price
}

function readPeriod(fields: Fields): ClerkPlanPeriod {
  const period = fields.text('plan_period')
  if (period === 'month' || period === 'annual') return period
  fields.problem(`is charged by ${foundJson(period)}, neither month nor annual`)
  return 'month'
}

function readFeatures(plan: Fields | null): readonly string[] {
  return (plan?.objects('features') ?? []).flatMap((feature) => feature.text('slug') ?? [])
}

function readSeats(fields: Fields): PlanItem['seats'] {
  const seats = fields.object('seats')
  if (!seats) return null
  const quantity = seats.number('quantity')
  if (quantity === null) return 'unlimited'
  if (Number.isSafeInteger(quantity) && quantity >= 0) return quantity
  seats.problem(`states a quantity of ${quantity}, which is no count`)
  return null
}

/** Clerk says moments in milliseconds. */
function momentOf(fields: Fields, key: string): Date | null {
  const ms = fields.number(key)
  if (ms === null) return null
  const moment = new Date(ms)
  if (!Number.isNaN(moment.getTime())) return moment
  fields.problem(`${key} is ${ms}, not a time`)
  return null
}
