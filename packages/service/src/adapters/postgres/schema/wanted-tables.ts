import type { Column, PostgresMapping } from '@trueup/core'
import type { WantedTable } from './table-state.ts'

/** The tables that a mapping reads, each with its columns; the subjects' own table stands first. */
export function wantedTables(mapping: PostgresMapping): readonly [WantedTable, ...WantedTable[]] {
  const { schema, table, entitlements, members } = mapping
  const others: WantedTable[] = []
  if (entitlements && typeof entitlements !== 'string') {
    const { subject, feature, enabled } = entitlements
    others.push({
      schema: entitlements.schema,
      table: entitlements.table,
      columns: unique([subject, feature, ...(enabled === null ? [] : [enabled])]),
    })
  }
  if (members) {
    others.push({ schema: members.schema, table: members.table, columns: [members.organization] })
  }
  return [{ schema, table, columns: ownColumns(mapping) }, ...others]
}

/** The mapped columns of the subjects' own table, its key first, each once. */
export function ownColumns(mapping: PostgresMapping): readonly [Column, ...Column[]] {
  const { key, subject, customerId, email, emailVerified, plan, premium } = mapping
  const { trialEndsAt, entitlements, seats, deletedAt, updatedAt } = mapping
  const columns = [subject, customerId, email, emailVerified, plan, premium, trialEndsAt, entitlements]
    .concat([seats, deletedAt, updatedAt])
    .filter((column) => typeof column === 'string')
  return [key, ...unique(columns).filter((column) => column !== key)]
}

function unique(columns: readonly Column[]): readonly Column[] {
  return [...new Set(columns)]
}
