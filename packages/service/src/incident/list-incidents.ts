import type { Incident, IncidentCounts, IncidentFilter, IncidentOrder, IncidentStore } from '@trueup/core'
import { countsOf, placeOfIncident } from '@trueup/core'
import { incidentCursor, readIncidentCursor } from './incident-cursor.ts'

export interface IncidentPage {
  readonly items: readonly Incident[]
  /** `after` of the next page; `null`: this is the last. */
  readonly next: string | null
}

/**
 * A page of the incidents that a filter means. What is filed or changed between two pages neither loses nor doubles
 * one that stays where it is.
 *
 * @throws ApiError `request-invalid` when `after` is no cursor of this order
 */
export async function listIncidents(
  project: Pick<IncidentStore, 'listIncidents'>,
  wanted: {
    readonly filter: IncidentFilter
    readonly order: IncidentOrder
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<IncidentPage> {
  const { filter, order, after, limit } = wanted
  const place = after === undefined ? null : readIncidentCursor(after, order)
  const found = await project.listIncidents(filter, order, place, limit + 1)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last ? incidentCursor(order, placeOfIncident(last)) : null }
}

/** How many incidents a filter means, each way that they are looked at. */
export async function countIncidents(
  project: Pick<IncidentStore, 'countIncidents'>,
  filter: IncidentFilter,
): Promise<IncidentCounts> {
  return countsOf(await project.countIncidents(filter))
}
