import { BillingError } from '../billing-error.ts'

const instead: Readonly<Record<string, string>> = {
  checkout: 'Show Clerk’s <PricingTable /> or <CheckoutButton />: people buy there.',
  confirm: 'Call billing.resync(subject): Clerk’s checkout stays in the page.',
  portal: 'Show Clerk’s <OrganizationProfile /> or <UserProfile />, which have a tab for billing.',
  customer: 'Use the id of the user or organization: they are the customers.',
  assertDeletable: 'Ask billing.access(subject) whether it pays.',
}

/** What an app has with Stripe and not with Clerk Billing, for those whom no types tell: it says so, and what to do. */
export const notInClerkBilling: Readonly<Record<string, () => Promise<never>>> = Object.fromEntries(
  Object.entries(instead).map(([name, fix]) => [
    name,
    async () => {
      throw new BillingError({
        code: 'not-in-clerk-billing',
        message: `billing.${name} was called, and this app sells through Clerk Billing, which has no such thing.`,
        fix,
      })
    },
  ]),
)
