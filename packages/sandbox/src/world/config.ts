import {
  addOnFeatures,
  enterpriseSeats,
  type PlanId,
  type PriceName,
  planFeatures,
  planIds,
  planSpellings,
  prices,
  soldPrice,
} from './catalogue.ts'

/** A plan, as a Trueup configuration says it. */
export interface ConfigPlan {
  readonly id: string
  readonly prices?: readonly string[]
  readonly products?: readonly string[]
  readonly lifetime?: readonly string[]
  readonly values?: readonly string[]
  readonly entitlements?: readonly string[]
  readonly seats?: number | 'quantity'
}

/** The app's Trueup configuration as plain data: what `defineConfig` accepts. */
export interface WorldConfig {
  readonly billing: { readonly stripe: Record<string, never> }
  readonly access: readonly [
    {
      readonly clerk: {
        readonly users: Readonly<
          Record<'customerId' | 'plan' | 'premium' | 'trialEndsAt' | 'entitlements', string>
        >
        readonly organizations: Readonly<Record<'customerId' | 'plan' | 'entitlements' | 'seats', string>>
      }
    },
  ]
  readonly catalogue: {
    readonly plans: readonly ConfigPlan[]
    readonly addOns: readonly {
      readonly id: string
      readonly prices: readonly string[]
      readonly entitlements: readonly string[]
    }[]
    readonly seatPacks: readonly {
      readonly id: string
      readonly prices: readonly string[]
      readonly seatsEach: number
    }[]
  }
  readonly match: readonly string[]
  readonly policy: {
    readonly pastDue: { readonly mode: 'tolerate'; readonly days: number }
    readonly pausedCollection: 'keep'
    readonly refunded: 'review'
    readonly settleMinutes: number
    readonly trialToleranceHours: number
  }
}

/** Days for which an app may keep access after a failed payment; the world's stories stay clear of the day itself. */
export const graceDays = 14

/**
 * The configuration that is right for a world: where the app keeps what it grants, and what each price buys.
 *
 * @param premium Where the paid flag of users stands.
 */
export function worldConfig(premium = 'public_metadata.is_premium'): WorldConfig {
  return {
    billing: { stripe: {} },
    access: [
      {
        clerk: {
          users: {
            customerId: 'public_metadata.stripe_customer_id',
            plan: 'public_metadata.plan',
            premium,
            trialEndsAt: 'public_metadata.trial_ends_at',
            entitlements: 'public_metadata.entitlements',
          },
          organizations: {
            customerId: 'private_metadata.stripe_customer_id',
            plan: 'public_metadata.plan',
            entitlements: 'public_metadata.entitlements',
            seats: 'max_allowed_memberships',
          },
        },
      },
    ],
    catalogue: {
      plans: planIds.map(configPlan),
      addOns: Object.entries(addOnFeatures).map(([id, entitlements]) => ({
        id,
        prices: selectors((name) => {
          const { buys } = soldPrice(name)
          return buys.kind === 'add-on' && buys.addOn === id
        }),
        entitlements,
      })),
      seatPacks: [{ id: 'five-seats', prices: [prices.seat_pack.id], seatsEach: 5 }],
    },
    match: ['customer.id', 'customer.metadata.user_id', 'customer.metadata.organization_id'],
    policy: {
      pastDue: { mode: 'tolerate', days: graceDays },
      pausedCollection: 'keep',
      refunded: 'review',
      settleMinutes: 10,
      trialToleranceHours: 24,
    },
  }
}

function configPlan(id: PlanId): ConfigPlan {
  const words = new Set(planSpellings[id].map((word) => word.toLowerCase()))
  words.delete(id)
  const plan = { id, values: [...words], entitlements: planFeatures[id] }
  // Enterprise is sold at prices made for each customer, so the whole product counts, not a list of prices.
  if (id === 'enterprise') return { ...plan, products: ['prod_1Enterprise'], seats: enterpriseSeats }
  const sells = (name: PriceName) => {
    const { buys } = soldPrice(name)
    return buys.kind === 'plan' && buys.plan === id
  }
  const recurring = selectors((name) => sells(name) && soldPrice(name).every !== null)
  const lifetime = selectors((name) => sells(name) && soldPrice(name).every === null)
  return {
    ...plan,
    ...(recurring.length > 0 ? { prices: recurring } : {}),
    ...(lifetime.length > 0 ? { lifetime } : {}),
    ...(id === 'team' ? { seats: 'quantity' as const } : {}),
  }
}

/** Prices by id, or by lookup key where they have one. */
function selectors(isMeant: (name: PriceName) => boolean): readonly string[] {
  return (Object.keys(prices) as PriceName[]).filter(isMeant).map((name) => {
    const { id, lookupKey } = soldPrice(name)
    return lookupKey === undefined ? id : `lookup:${lookupKey}`
  })
}
