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
  const how = sql`coalesce(linked.rule::text,
    case when unclear.customer_id is null then 'unmatched' else 'ambiguous' end)`
  const query = sql<{
    how: How
    currency: string | null
    customers: number
    paying: number
    amount: string | null
    without_sum: number
  }>`with linked as materialized (
      select customer_id, min(rule) as rule from trueup.link where ${ofCheck} group by customer_id),
    unclear as (select distinct customer_id from trueup.candidate where ${ofCheck}),
    known as (
      select customer_id, bool_or(entitling) as paying, bool_or(entitling and currency is not null) as with_sum
      from (
        select customer_id, false as entitling, null as currency from trueup.observed_customer where ${ofCheck}
        union all
        select customer_id, entitling, monthly_currency from trueup.observed_fact where ${ofCheck}) as observed
      group by customer_id)
    select ${how} as how, null as currency, count(*) as customers, count(*) filter (where paying) as paying,
        null as amount, count(*) filter (where paying and not with_sum) as without_sum
      from known left join linked using (customer_id) left join unclear using (customer_id) group by how
    union all
    select ${how}, monthly_currency, 0, 0, sum(monthly_amount)::text, 0
      from trueup.observed_fact left join linked using (customer_id) left join unclear using (customer_id)
      where ${ofCheck} and entitling and monthly_currency is not null group by 1, 2
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
