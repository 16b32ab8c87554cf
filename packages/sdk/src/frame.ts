import type { Catalogue, Clock, Policy, Rng, SubjectType, Timer } from '@trueup/core'
import { defaultPolicy } from '@trueup/core'
import type Stripe from 'stripe'
import type { CatalogueForSale } from './catalogue/plan-for-sale.ts'
import type { PriceBook } from './catalogue/price-book.ts'
import { createPriceBook } from './catalogue/price-book.ts'
import { ruleCatalogue } from './catalogue/rule-catalogue.ts'
import { checkOptions } from './check-options.ts'
import type { AccessChange, BillingOptions, Clerk, Problem } from './options.ts'
import type { BillingStore } from './store/store.ts'
import { systemClock, systemRng, systemTimer } from './system.ts'
import type { Vendor } from './vendor/vendor.ts'
import { createVendor } from './vendor/vendor.ts'

/** What every part of the SDK works with: the options with their defaults, and what was made of them. */
export interface Frame {
  readonly options: BillingOptions
  readonly store: BillingStore
  readonly forSale: CatalogueForSale
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly subjectType: SubjectType
  readonly stripe: Vendor<Stripe>
  readonly clerk: Vendor<Clerk>
  readonly prices: PriceBook
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  readonly trialEndingDays: number
  readonly maxAgeHours: number
  readonly sweepHours: number
  /** Tells the app; what the app throws at it is not an error of billing. */
  problem(problem: Problem): Promise<void>
  /** Tells listeners in this process. */
  changed(change: AccessChange): void
}

/** @throws BillingError `options-invalid` */
export function createFrame(options: BillingOptions, changed: (change: AccessChange) => void): Frame {
  checkOptions(options)
  const { clock = systemClock, timer = systemTimer, rng = systemRng } = options
  const catalogue = ruleCatalogue(options.catalogue)
  const stripe = createVendor('Stripe', options.stripe, timer)
  return {
    options,
    store: options.store,
    forSale: options.catalogue,
    catalogue,
    policy: { ...defaultPolicy, ...options.policy },
    subjectType: options.subject,
    stripe,
    clerk: createVendor('Clerk', options.clerk, timer),
    prices: createPriceBook(stripe, clock),
    clock,
    timer,
    rng,
    trialEndingDays: options.trialEndingDays ?? 3,
    maxAgeHours: options.maxAgeHours ?? 72,
    sweepHours: options.sweepHours ?? 24,
    async problem(problem) {
      await options.onProblem?.(problem)
    },
    changed,
  }
}
