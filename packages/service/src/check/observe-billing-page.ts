import type { BillingFact, BillingPart, BillingRows, Customer, ObservedPage, Page, Rules } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'
import { observeCustomer, observeFact, paymentIdsOf } from './observe.ts'

/** A page of whichever part of billing. */
export type BillingPage = Page<BillingRows[BillingPart]>

/** What a page of billing adds to a check. */
export async function observeBillingPage(
  dependencies: Pick<CheckDependencies, 'project'>,
  checkId: string,
  rules: Rules,
  part: BillingPart,
  page: BillingPage,
): Promise<Omit<ObservedPage, 'source' | 'part' | 'cursors'>> {
  switch (part) {
    case 'prices':
      return { prices: page.rows as readonly BillingRows['prices'][] }
    case 'refunds':
    case 'disputes':
      return { reversals: page.rows as readonly BillingRows['refunds'][] }
    case 'customers':
      return { customers: (page.rows as readonly Customer[]).map((row) => observeCustomer(row, rules)) }
    case 'subscriptions':
    case 'purchases':
      return observeFacts(
        dependencies,
        checkId,
        rules,
        page.rows as readonly { fact: BillingFact; customer: Customer | null }[],
      )
  }
}

async function observeFacts(
  { project }: Pick<CheckDependencies, 'project'>,
  checkId: string,
  rules: Rules,
  rows: readonly { readonly fact: BillingFact; readonly customer: Customer | null }[],
) {
  const facts = rows.map((row) => row.fact)
  const reversals = await project.reversals(checkId, paymentIdsOf(facts))
  const customers = new Map(
    rows.flatMap(({ customer }) => (customer ? [[customer.id, customer] as const] : [])),
  )
  return {
    facts: facts.map((fact) => observeFact(fact, reversals, rules)),
    customers: [...customers.values()].map((customer) => observeCustomer(customer, rules)),
  }
}
