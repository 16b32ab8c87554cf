import type { Json, Metadata } from './objects/wire.ts'
import type { StripeState } from './state.ts'
import type { Table } from './table.ts'

/**
 * Changes fields of a stored object and, when that changed anything, emits the event with the old values of what
 * changed. Of metadata only the keys that changed are told, as Stripe does.
 *
 * @returns whether anything changed.
 * @example change(state, state.customers, customer, { name: 'Ada' }, 'customer.updated')
 */
export function change<T extends { id: string; object: string }>(
  state: StripeState,
  table: Table<T>,
  row: T,
  patch: Partial<T>,
  event: string,
): boolean {
  const before = previousAttributes(row, patch)
  if (Object.keys(before).length === 0) return false
  table.update(row, patch)
  state.emit(event, row, before)
  return true
}

/** The old values of the fields that a patch changes, as the event's `previous_attributes`. */
export function previousAttributes<T extends object>(row: T, patch: Partial<T>): { [field: string]: Json } {
  const before: { [field: string]: Json } = {}
  for (const [field, next] of Object.entries(patch)) {
    const old = (row as { [field: string]: Json | undefined })[field]
    if (JSON.stringify(old) === JSON.stringify(next)) continue
    before[field] =
      field === 'metadata'
        ? previousMetadata(old as Metadata, next as Metadata)
        : structuredClone(old ?? null)
  }
  return before
}

function previousMetadata(old: Metadata, next: Metadata): { [key: string]: Json } {
  const before: { [key: string]: Json } = {}
  for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
    if (old[key] !== next[key]) before[key] = old[key] ?? null
  }
  return before
}
