import type { CoverageLine, MatchCoverage, Money } from '@trueup/core'
import { sumByCurrency } from '@trueup/core'
import { sql } from 'kysely'
import { askWholeTables } from './plans.ts'
import type { Scope } from './tables.ts'

/** The place of a rule, or what became of a customer that none linked. */
type How = string

/** Sums customers and what they pay by how they were matched, in the database: two rows a line and a currency. */
export async function coverage(scope: Scope, number: number): Promise<MatchCoverage> {
  const ofCheck = sql`project_id = ${scope.projectId} and check_number = ${number}`
  const query = sql<{
    how: How
    currency: string | null
    customers: number
    paying: number
    amount: string | null
    without_sum: number
  }>`with linked as (
      select customer_id, min(rule) as rule from trueup.link where ${ofCheck} group by customer_id),
    unclear as (select distinct customer_id from trueup.candidate where ${ofCheck}),
    known as (
      select customer_id from trueup.observed_customer where ${ofCheck}
      union select customer_id from trueup.observed_fact where ${ofCheck}),
    told as (
      select known.customer_id, coalesce(linked.rule::text,
        case when unclear.customer_id is null then 'unmatched' else 'ambiguous' end) as how
      from known left join linked using (customer_id) left join unclear using (customer_id)),
    paid as (
      select customer_id, monthly_currency as currency, sum(monthly_amount) as amount
      from trueup.observed_fact where ${ofCheck} and entitling group by customer_id, monthly_currency),
    payers as (select customer_id, bool_and(currency is null) as without_sum from paid group by customer_id)
    select how, null::text as currency, count(*) as customers, count(payers.customer_id) as paying,
        null::text as amount, count(*) filter (where payers.without_sum) as without_sum
      from told left join payers using (customer_id) group by how
    union all
    select how, currency, 0, 0, sum(amount)::text, 0
      from told join paid using (customer_id) where currency is not null group by how, currency
    `
  const { rows } = await askWholeTables(scope, (tx) => query.execute(tx))
  const lines = new Map<How, CoverageLine>()
  const sums = new Map<How, Money[]>()
  for (const { how, currency, customers, paying, amount, without_sum } of rows) {
    if (currency === null) lines.set(how, { customers, paying, monthly: [], withoutSum: without_sum })
    else sums.set(how, [...(sums.get(how) ?? []), { currency, amount: Number(amount) }])
  }
  const lineOf = (how: How): CoverageLine => ({
    ...(lines.get(how) ?? nobody),
    monthly: sumByCurrency(sums.get(how) ?? []),
  })
  return {
    byRule: [...lines.keys()]
      .filter((how) => how !== 'ambiguous' && how !== 'unmatched')
      .map((how) => ({ rule: Number(how), ...lineOf(how) }))
      .toSorted((a, b) => a.rule - b.rule),
    ambiguous: lineOf('ambiguous'),
    unmatched: lineOf('unmatched'),
  }
}

const nobody: CoverageLine = { customers: 0, paying: 0, monthly: [], withoutSum: 0 }
