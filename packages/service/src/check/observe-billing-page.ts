import type { BillingFact, BillingPart, BillingRows, Customer, ObservedPage, Page, Rules } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import { observeCustomer, observeFact, paymentIdsOf } from './observe.ts'

/** A page of whichever part of billing. */
export type BillingPage = Page<BillingRows[BillingPart]>

/** What a page adds to a check. */
export type PageObserved = Omit<ObservedPage, 'source' | 'part' | 'cursors'>

/** Ids of customers, in whatever set. */
type Known = Pick<ReadonlySet<string>, 'has'>

/**
 * What a page of billing adds to a check.
 *
 * @param known The customers that were observed already: they come with everything that they bought, and once more in
 *   their own list, and are taken the first time.
 */
export async function observeBillingPage(
  dependencies: Pick<CheckDependencies, 'project'>,
  checkId: string,
  rules: Rules,
  part: BillingPart,
  page: BillingPage,
  known: Known = new Set(),
): Promise<PageObserved> {
  switch (part) {
    case 'prices':
      return { prices: page.rows as readonly BillingRows['prices'][] }
    case 'refunds':
    case 'disputes':
      return { reversals: page.rows as readonly BillingRows['refunds'][] }
    case 'customers':
      return {
        customers: (page.rows as readonly Customer[])
          .filter(({ id }) => !known.has(id))
          .map((row) => observeCustomer(row, rules)),
      }
    case 'subscriptions':
    case 'purchases':
      return observeFacts(
        dependencies,
        checkId,
        rules,
        page.rows as readonly { fact: BillingFact; customer: Customer | null }[],
        known,
      )
  }
}

async function observeFacts(
  { project }: Pick<CheckDependencies, 'project'>,
  checkId: string,
  rules: Rules,
  rows: readonly { readonly fact: BillingFact; readonly customer: Customer | null }[],
  known: Known,
): Promise<PageObserved> {
  const facts = rows.map((row) => row.fact)
  const reversals = await project.reversals(checkId, paymentIdsOf(facts))
  const customers = new Map(
    rows.flatMap(({ customer }) =>
      customer && !known.has(customer.id) ? [[customer.id, customer] as const] : [],
    ),
  )
  return {
    facts: facts.map((fact) => observeFact(fact, reversals, rules)),
    customers: [...customers.values()].map((customer) => observeCustomer(customer, rules)),
  }
}
