import type { IncidentOrder, IncidentPlace } from '@trueup/core'
import { incidentSorts, severities } from '@trueup/core'
import { z } from 'zod'
import { ApiError } from '../http/api-error.ts'

const written = z.tuple([
  z.enum(incidentSorts),
  z.boolean(),
  z.string(),
  z.enum(severities),
  z.iso.datetime(),
  z.iso.datetime(),
  z.number(),
])

/** Where a page ended, as one text for its reader to hand back. */
export function incidentCursor({ sort, reversed }: IncidentOrder, place: IncidentPlace): string {
  const { id, severity, openedAt, lastSeenAt, amount } = place
  const parts = [sort, reversed, id, severity, openedAt.toISOString(), lastSeenAt.toISOString(), amount]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * Reads back a cursor of a list in this order.
 *
 * @throws ApiError `request-invalid` when it is none, or of another order
 */
export function readIncidentCursor(cursor: string, { sort, reversed }: IncidentOrder): IncidentPlace {
  const read = written.safeParse(parsed(cursor))
  if (!read.success || read.data[0] !== sort || read.data[1] !== reversed) {
    throw new ApiError({
      code: 'request-invalid',
      message: '`after` is not the `next` of a page of this list in this order.',
      fix: 'Hand back `next` as it was given, with the same order, or begin without it.',
    })
  }
  const [, , id, severity, openedAt, lastSeenAt, amount] = read.data
  return { id, severity, openedAt: new Date(openedAt), lastSeenAt: new Date(lastSeenAt), amount }
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
