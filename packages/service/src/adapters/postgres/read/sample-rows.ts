import { type ClerkFieldSample, sampleFields } from '@trueup/core'
import type { TableReader } from './table-reader.ts'

/** What stands in the mapped places of the latest rows, by the order of their keys. */
export async function sampleRows(reader: TableReader, count: number): Promise<readonly ClerkFieldSample[]> {
  const tables = await reader.look(null)
  const { readings } = await reader.rows(tables, { kind: 'latest' }, [], count)
  return sampleFields(readings)
}
