import type { CatalogueForSale } from '../catalogue/plan-for-sale.ts'

/** Keys that the vendors of the tests take: nothing behind them is secret. */
export const stripeKey = 'sk_test_app'
export const clerkKey = 'sk_test_clerk'

/** What the app of the tests sells, by the prices of the sandbox's world. */
export const testCatalogue = {
  plans: [
    { id: 'free', features: ['export'] },
    {
      id: 'pro',
      name: 'Pro',
      features: ['export', 'reports'],
      prices: {
        month: ['price_1ProMonthly', 'price_1ProMonthlyJpy'],
        year: 'lookup:pro_yearly',
        once: 'price_1ProLifetime',
      },
      trialDays: 14,
    },
    {
      id: 'team',
      features: ['export', 'reports', 'sso'],
      prices: { month: 'price_1TeamMonthly', year: 'lookup:team_yearly' },
      seats: 'quantity',
    },
  ],
  addOns: [{ id: 'extra-reports', features: ['extra-reports'], prices: ['price_1ReportsPlus'] }],
} satisfies CatalogueForSale
