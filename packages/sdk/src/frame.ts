import type { Catalogue, Clock, Policy, Rng, SubjectType, Timer } from '@trueup/core'
import { defaultPolicy } from '@trueup/core'
import type Stripe from 'stripe'
import type { CatalogueForSale } from './catalogue/plan-for-sale.ts'
import type { PriceBook } from './catalogue/price-book.ts'
import { createPriceBook } from './catalogue/price-book.ts'
import { ruleCatalogue } from './catalogue/rule-catalogue.ts'
import { checkOptions } from './check-options.ts'
import type {
  AccessChange,
  BillingOptions,
  Clerk,
  MirrorOptions,
  Problem,
  SharedOptions,
  WebhookOptions,
} from './options.ts'
import type { Seller } from './seller/seller.ts'
import { stripeSeller } from './seller/stripe-seller.ts'
import type { BillingStore } from './store/store.ts'
import { systemClock, systemRng, systemTimer } from './system.ts'
import type { Vendor } from './vendor/vendor.ts'
import { createVendor } from './vendor/vendor.ts'

/** What every part works with, whoever the app sells through: the options with their defaults, and what was made of them. */
export interface SharedFrame {
  readonly options: SharedOptions & {
    readonly webhooks?: Pick<WebhookOptions, 'clerk' | 'processing'>
    readonly mirror?: false | MirrorOptions
  }
  readonly seller: Seller
  readonly store: BillingStore
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly subjectType: SubjectType
  readonly clerk: Vendor<Clerk>
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

/** What the parts for Stripe work with besides. */
export interface Frame extends SharedFrame {
  readonly options: BillingOptions
  readonly forSale: CatalogueForSale
  readonly stripe: Vendor<Stripe>
  readonly prices: PriceBook
}

/** @throws BillingError `options-invalid` */
export function createFrame(options: BillingOptions, changed: (change: AccessChange) => void): Frame {
  checkOptions(options)
  const rules = {
    catalogue: ruleCatalogue(options.catalogue),
    policy: { ...defaultPolicy, ...options.policy },
  }
  const shared = createSharedFrame(options, rules, changed)
  const stripe = createVendor('Stripe', options.stripe, shared.timer)
  const frame: Frame = {
    ...shared,
    options,
    forSale: options.catalogue,
    stripe,
    prices: createPriceBook(stripe, shared.clock),
    seller: stripeSeller(() => frame),
  }
  return frame
}

/** All of a frame but who the app sells through. */
export function createSharedFrame<Options extends SharedFrame['options']>(
  options: Options,
  rules: Pick<SharedFrame, 'catalogue' | 'policy'>,
  changed: (change: AccessChange) => void,
): Omit<SharedFrame, 'seller'> & { readonly options: Options } {
  const { clock = systemClock, timer = systemTimer, rng = systemRng } = options
  return {
    options,
    ...rules,
    store: options.store,
    subjectType: options.subject,
    clerk: createVendor('Clerk', options.clerk, timer),
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
