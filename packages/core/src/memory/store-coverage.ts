import type { CoverageLine, MatchCoverage } from '../match/coverage.ts'
import { sumByCurrency } from '../price/money.ts'
import type { ObservedFact } from '../store.ts'
import type { MemoryCheck } from './store-check.ts'

/** Every observed customer in the line of the rule that linked it, among the ambiguous, or among the unmatched. */
export function coverageOf(check: MemoryCheck): MatchCoverage {
  const { factsByCustomer } = check.view()
  const ruleOf = new Map<string, number>()
  for (const { customerId, rule } of check.links.links) {
    ruleOf.set(customerId, Math.min(rule, ruleOf.get(customerId) ?? rule))
  }
  const lines = new Map<number | 'ambiguous' | 'unmatched', (readonly ObservedFact[])[]>()
  for (const customerId of new Set([...check.customers.keys(), ...factsByCustomer.keys()])) {
    const line = ruleOf.get(customerId) ?? (check.links.ambiguous.has(customerId) ? 'ambiguous' : 'unmatched')
    const customers = lines.get(line) ?? []
    customers.push(factsByCustomer.get(customerId) ?? [])
    lines.set(line, customers)
  }
  return {
    byRule: [...lines]
      .flatMap(([rule, customers]) => (typeof rule === 'number' ? [{ rule, ...lineOf(customers) }] : []))
      .toSorted((a, b) => a.rule - b.rule),
    ambiguous: lineOf(lines.get('ambiguous') ?? []),
    unmatched: lineOf(lines.get('unmatched') ?? []),
  }
}

function lineOf(customers: readonly (readonly ObservedFact[])[]): CoverageLine {
  const paying = customers
    .map((facts) => facts.filter(({ entitling }) => entitling))
    .filter((facts) => facts.length > 0)
  return {
    customers: customers.length,
    paying: paying.length,
    monthly: sumByCurrency(paying.flat().flatMap(({ monthly }) => monthly ?? [])),
    withoutSum: paying.filter((facts) => facts.every(({ monthly }) => monthly === null)).length,
  }
}
