import type { ClerkCatalogue } from '@trueup/sdk'

/** What is sold, by the slugs of the plans in Clerk, lowest first. Prices and trials are Clerk's. */
export const catalogue = {
  plans: [
    { id: 'free_org', name: 'Free', features: ['today'] },
    { id: 'reader', name: 'Reader', features: ['today', 'archive'] },
    { id: 'library', name: 'Library', features: ['today', 'archive', 'lending'] },
  ],
} as const satisfies ClerkCatalogue

/** The features in words. */
export const featureNames: Readonly<Record<string, string>> = {
  today: 'What came today',
  archive: 'The archive',
  lending: 'Lending between teams',
}
