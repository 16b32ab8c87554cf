import type { Frame } from '../frame.ts'
import type { Interval, PlanForSale } from './plan-for-sale.ts'
import { intervals } from './plan-for-sale.ts'
import { pricesFor } from './rule-catalogue.ts'

/** A price of a plan, for people to look at. The choice is made by plan and interval, never by a price's id. */
export interface OfferedPrice {
  readonly interval: Interval
  readonly currency: string
  /** Minor units; `null`: the sum follows from the quantity or is named by the payer. */
  readonly amount: number | null
}

/** A plan with its prices as Stripe has them now. */
export interface Offer {
  readonly plan: string
  readonly name: string
  readonly features: readonly string[]
  readonly seats: number | 'quantity' | null
  readonly trialDays: number | null
  readonly prices: readonly OfferedPrice[]
}

/** What is sold, lowest plan first. */
export async function readOffers(frame: Frame): Promise<readonly Offer[]> {
  return Promise.all(
    frame.forSale.plans.map(async (plan) => ({
      plan: plan.id,
      name: plan.name ?? plan.id,
      features: plan.features ?? [],
      seats: plan.seats ?? null,
      trialDays: plan.trialDays ?? null,
      prices: await pricesOf(frame, plan),
    })),
  )
}

async function pricesOf(frame: Frame, plan: PlanForSale): Promise<readonly OfferedPrice[]> {
  const asked = intervals.flatMap((interval) =>
    pricesFor(plan, interval).map((selector) => ({ interval, selector })),
  )
  const found = await Promise.all(
    asked.map(async ({ interval, selector }) => ({ interval, booked: await frame.prices.sold(selector) })),
  )
  return found.flatMap(({ interval, booked }): readonly OfferedPrice[] => {
    const amounts = Object.entries(booked.amounts)
    return amounts.length > 0
      ? amounts.map(([currency, amount]) => ({ interval, currency, amount }))
      : [{ interval, currency: booked.price.currency, amount: null }]
  })
}
