import type { CheckStore, PairName } from '@trueup/core'
import { completeness, customerOfKey, payerKey, subjectKey } from '@trueup/core'
import { sql } from 'kysely'
import { partsOf, requireCheckRow } from './check-rows.ts'
import { columnText } from './json-codec.ts'
import { loadPairs } from './pairs.ts'
import { seekDiffering } from './seek-differing.ts'
import type { Scope } from './tables.ts'

/** Hands on the pairs that can differ. */
export function differing(scope: Scope): Pick<CheckStore, 'differing' | 'observedPairs' | 'pair' | 'pairs'> {
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

    async observedPairs(checkId, after, limit) {
      const check = await requireCheckRow(scope, checkId)
      const keys = await observedKeys(scope, check.check_number, after ?? '', limit + 1)
      const page = keys.slice(0, limit)
      return {
        pairs: await loadPairs(scope, check, page),
        next: keys.length > limit ? (page.at(-1) ?? null) : null,
      }
    },

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

/** The next keys of all pairs: each half is read in the order of an index, and as far as the page needs. */
async function observedKeys(
  scope: Scope,
  number: number,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const behind = columnText(after)
  const ofCheck = (table: string) =>
    sql`${sql.ref(table)}.project_id = ${scope.projectId} and ${sql.ref(table)}.check_number = ${number}`
  // Every customer's key stands before every subject's.
  const payers = customerOfKey(behind) ?? (behind === '' ? '' : null)
  const found =
    payers === null
      ? []
      : (
          await sql<{ key: string }>`select distinct 'customer:' || f.customer_id as key, f.customer_id
            from trueup.observed_fact f where ${ofCheck('f')} and f.customer_id > ${payers}
              and (select count(*) from trueup.link l where ${ofCheck('l')} and l.customer_id = f.customer_id) = 0
            order by f.customer_id limit ${limit}`.execute(scope.db)
        ).rows
  const rest = limit - found.length
  if (rest === 0) return found.map(({ key }) => key)
  const { rows } = await sql<{ key: string }>`select distinct s.subject_key as key
    from trueup.observed_subject s where ${ofCheck('s')} and s.subject_key > ${behind}
    order by s.subject_key limit ${rest}`.execute(scope.db)
  return [...found, ...rows].map(({ key }) => key)
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
