import type { FeatureRow, PostgresMapping, PostgresRow } from '@trueup/core'
import type { TextRow } from '../connection/index.ts'
import type { TableState } from '../schema/table-state.ts'
import { ownColumns } from '../schema/wanted-tables.ts'
import { cellKindOf, decodeCell, jsonOf } from './decode-cell.ts'
import { columnOf } from './page-sql.ts'

/** Turns the rows of a page's statement into rows by column, for core to read. */
export function rowDecoder(mapping: PostgresMapping, own: TableState): (cells: TextRow) => PostgresRow {
  const columns = ownColumns(mapping).map((name, place) => ({
    name,
    // The key is text in every case: a number of 64 bits would not survive being one.
    kind: place === 0 || name === mapping.subject ? ('text' as const) : cellKindOf(columnOf(own, name)),
  }))
  const hasFeatures = mapping.entitlements !== null && typeof mapping.entitlements !== 'string'
  const membersAt = columns.length + (hasFeatures ? 1 : 0)
  return (cells) => {
    const values: Record<string, unknown> = {}
    for (const [place, { name, kind }] of columns.entries())
      values[name] = decodeCell(cells[place] ?? null, kind)
    return {
      values,
      features: hasFeatures ? featuresOf(cells[columns.length] ?? null) : null,
      members: mapping.members ? (cells[membersAt] ?? null) : null,
    }
  }
}

/** `null`, which core takes for not read, where the list was cut off. */
function featuresOf(text: string | null): readonly FeatureRow[] | null {
  if (text === null) return []
  const listed = jsonOf(text)
  if (!Array.isArray(listed)) return null
  return listed.map((row: unknown) => {
    const [feature, enabled]: unknown[] = Array.isArray(row) ? row : []
    return { feature, enabled: enabled ?? null }
  })
}
