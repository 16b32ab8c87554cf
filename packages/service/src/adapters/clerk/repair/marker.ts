import { isTree, type JsonTree } from './merge-patch.ts'

/** What the last repair of a record left in its `private_metadata`, in the same request as its values. */
export interface RepairMarker {
  readonly id: string
  readonly token: number
  readonly at: Date
}

export const markerKey = 'trueup_repair'

export function readMarker(privateMetadata: JsonTree): RepairMarker | null {
  const found = privateMetadata[markerKey]
  if (!isTree(found)) return null
  const { id, token, at } = found
  if (typeof id !== 'string' || typeof token !== 'number' || typeof at !== 'string') return null
  const moment = new Date(at)
  return Number.isNaN(moment.getTime()) ? null : { id, token, at: moment }
}

export function markerOf({ id, token, at }: RepairMarker): JsonTree {
  return { id, token, at: at.toISOString() }
}
