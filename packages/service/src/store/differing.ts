import type { CheckStore, PairName } from '@trueup/core'
import { completeness, payerKey, subjectKey } from '@trueup/core'
import { sql } from 'kysely'
import { partsOf, requireCheckRow } from './check-rows.ts'
import { columnText } from './json-codec.ts'
import { loadPairs } from './pairs.ts'
import { seekDiffering } from './seek-differing.ts'
import type { Scope } from './tables.ts'

/** Hands on the pairs that can differ. */
export function differing(scope: Scope): Pick<CheckStore, 'differing' | 'pair' | 'pairs'> {
  const pairs: CheckStore['pairs'] = async (checkId, of) => {
    const check = await requireCheckRow(scope, checkId)
    const keys = await keysOfPairs(scope, check.check_number, of)
    const found = [...new Set(keys.flatMap((key) => key ?? []))]
    const byKey = new Map((await loadPairs(scope, check, found)).map((pair, place) => [found[place], pair]))
    return keys.map((key) => (key === null ? null : (byKey.get(key) ?? null)))
  }
  return {
    pairs,
    pair: async (checkId, of) => (await pairs(checkId, [of]))[0] ?? null,

    async differing(checkId, freeKeys, after, limit) {
      const check = await requireCheckRow(scope, checkId)
      const number = check.check_number
      if (after === null || !check.sought) {
        const complete = completeness(await partsOf(scope, number), check.match_rules)
        await seekDiffering({ scope, number, freeKeys, complete })
      }
      const { rows } = await sql<{ pair_key: string }>`
        select pair_key from trueup.can_differ
        where project_id = ${scope.projectId} and check_number = ${number} and pair_key > ${after ?? ''}
        order by pair_key limit ${limit + 1}`.execute(scope.db)
      const page = rows.slice(0, limit).map(({ pair_key }) => pair_key)
      return {
        pairs: await loadPairs(scope, check, page),
        next: rows.length > limit ? (page.at(-1) ?? null) : null,
      }
    },
  }
}

/** The keys under which these pairs were observed. A linked customer stands in the pair of its first subject. */
async function keysOfPairs(
  scope: Scope,
  number: number,
  of: readonly PairName[],
): Promise<readonly (string | null)[]> {
  const ofCheck = sql`project_id = ${scope.projectId} and check_number = ${number}`
  const subjects = of.flatMap((name) => ('subject' in name ? [columnText(subjectKey(name.subject))] : []))
  const customers = of.flatMap((name) => ('customerId' in name ? [columnText(name.customerId)] : []))
  const { rows } = await sql<{ name: string; key: string }>`
    select distinct subject_key as name, subject_key as key from trueup.observed_subject
      where ${ofCheck} and subject_key = any(${subjects}::text[])
    union all
    select 'customer:' || asked.customer_id, coalesce(
        (select min(l.subject_key) from trueup.link l where l.project_id = ${scope.projectId}
          and l.check_number = ${number} and l.customer_id = asked.customer_id),
        'customer:' || asked.customer_id)
      from unnest(${customers}::text[]) as asked(customer_id)
      where exists (select from trueup.link where ${ofCheck} and link.customer_id = asked.customer_id)
        or exists (select from trueup.observed_customer c where ${ofCheck} and c.customer_id = asked.customer_id)
        or exists (select from trueup.observed_fact f where ${ofCheck} and f.customer_id = asked.customer_id)
    `.execute(scope.db)
  const keys = new Map(rows.map(({ name, key }) => [name, key]))
  return of.map((name) => {
    const asked = 'subject' in name ? subjectKey(name.subject) : payerKey(name.customerId)
    return keys.get(columnText(asked)) ?? null
  })
}
