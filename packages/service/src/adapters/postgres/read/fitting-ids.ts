import type { ColumnState } from '../schema/table-state.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const wholeNumber = /^(0|-?[1-9]\d{0,18})$/
const bits: Readonly<Record<string, bigint>> = { int2: 16n, int4: 32n, int8: 64n }

/**
 * The ids that a column of this type can hold, written as it writes them. Others belong to no row, and to ask for one
 * of them would fail the whole question.
 *
 * @example
 * fittingIds(['7', 'user_1'], integerColumn) // ['7']
 */
export function fittingIds(ids: readonly string[], { base: { name } }: ColumnState): readonly string[] {
  return ids.filter((id) => fits(id, name))
}

function fits(id: string, type: string): boolean {
  if (id.includes('\0')) return false
  if (type === 'uuid') return uuid.test(id)
  if (type === 'numeric') return /^-?\d{1,100}(\.\d{1,100})?$/.test(id)
  const width = bits[type]
  if (width === undefined) return true
  return wholeNumber.test(id) && BigInt.asIntN(Number(width), BigInt(id)) === BigInt(id)
}
