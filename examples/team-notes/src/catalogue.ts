import type { CatalogueForSale } from '@trueup/sdk'

/** What is sold. Plans stand lowest first; the prices are those of the sandbox, and would be your own. */
export const catalogue = {
  plans: [
    { id: 'free', name: 'Free', features: ['notes'] },
    {
      id: 'pro',
      name: 'Pro',
      features: ['notes', 'reports'],
      prices: {
        month: ['price_1ProMonthly', 'price_1ProMonthlyJpy'],
        year: 'lookup:pro_yearly',
      },
    },
    {
      id: 'team',
      name: 'Team',
      features: ['notes', 'reports', 'shared-spaces'],
      prices: { month: 'price_1TeamMonthly', year: 'lookup:team_yearly' },
      seats: 'quantity',
      trialDays: 14,
    },
  ],
} as const satisfies CatalogueForSale

/** The features in words. */
export const featureNames: Readonly<Record<string, string>> = {
  notes: 'Notes without end',
  reports: 'Reports on the week',
  'shared-spaces': 'Spaces shared with others',
}
