import type { Catalogue, PostgresMapping } from '@trueup/core'
import { rulesOfFields } from '../../repair-rule.ts'
import type { RepairTable } from './repair-policy.ts'

/**
 * What repairs have to be able to write for these mappings: the mapped columns that say who has paid access, with the
 * plans and features of the catalogue. Two mappings of one table come as one. Rows of an entitlements table are not
 * among them: a repair changes a row that is there, and adds none.
 *
 * @example
 * repairFunctionSql({ tables: repairTablesOf([mapping], catalogue) })
 */
export function repairTablesOf(
  mappings: readonly PostgresMapping[],
  catalogue: Catalogue,
): readonly RepairTable[] {
  const tables: RepairTable[] = []
  for (const { schema, table, key, ...mapping } of mappings) {
    const rules = rulesOfFields(
      {
        customerId: mapping.customerId,
        plan: mapping.plan,
        premium: mapping.premium,
        trialEndsAt: mapping.trialEndsAt,
        entitlements: typeof mapping.entitlements === 'string' ? mapping.entitlements : null,
        seats: mapping.seats,
      },
      catalogue,
    )
    // The key is what a record is found by, and is never written.
    rules.delete(key)
    const known = tables.findIndex((other) => other.schema === schema && other.table === table)
    const columns = [...rules].map(([column, rule]) => ({ column, rule }))
    const before = tables[known]?.columns ?? []
    const added = columns.filter(({ column }) => !before.some((other) => other.column === column))
    const merged = { schema, table, key, columns: [...before, ...added] }
    if (known < 0) tables.push(merged)
    else tables[known] = merged
  }
  return tables.filter(({ columns }) => columns.length > 0)
}
