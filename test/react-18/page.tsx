import type { Offer } from '@trueup/sdk/react'
import {
  AccessProvider,
  BillingButton,
  Gate,
  PaymentFailedBanner,
  PricingTable,
  UpgradePrompt,
  useAccess,
} from '@trueup/sdk/react'

const offers: readonly Offer[] = [
  { plan: 'free', name: 'Free', features: ['notes'], seats: null, trialDays: null, prices: [] },
  {
    plan: 'pro',
    name: 'Pro',
    features: ['notes', 'reports'],
    seats: null,
    trialDays: null,
    prices: [
      { interval: 'month', amount: 2_900, currency: 'usd' },
      { interval: 'year', amount: 29_000, currency: 'usd' },
    ],
  },
  {
    plan: 'team',
    name: 'Team',
    features: ['sso'],
    seats: 'quantity',
    trialDays: null,
    prices: [{ interval: 'month', amount: 1_200, currency: 'usd' }],
  },
]

const access = {
  plan: 'pro',
  paid: true,
  reason: 'grace',
  trialEndsAt: null,
  endsAt: '2026-12-05T00:00:00Z',
  entitlements: ['notes', 'reports'],
  seats: null,
}

/** Every part that there is, at once. */
export function Page() {
  return (
    <AccessProvider access={access} load={async () => ({ ...access, reason: 'paid', endsAt: null })}>
      <PaymentFailedBanner act="/portal" />
      <PricingTable offers={offers} act={async () => undefined} />
      <BillingButton act="/portal" />
      <Gate feature="reports" fallback="closed">
        <p>The reports</p>
      </Gate>
      <Gate feature="sso" fallback={<UpgradePrompt what="Single sign-on" plan="Team" href="/billing" />}>
        <p>Single sign-on</p>
      </Gate>
      <Again />
    </AccessProvider>
  )
}

function Again() {
  const { access: known, refresh } = useAccess()
  return (
    <button type="button" onClick={refresh}>
      Known: {known?.reason}
    </button>
  )
}
