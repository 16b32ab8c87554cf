import type { ExceptionStore, KeptException } from '@trueup/core'
import { unknownException } from '@trueup/core'
import { z } from 'zod'
import { ApiError } from '../http/api-error.ts'

const dayMs = 86_400_000

export interface ExceptionPage {
  readonly items: readonly KeptException[]
  readonly next: string | null
}

export interface ExceptionsWanted {
  readonly state?: 'running' | 'over' | undefined
  /** Running ones that end within so many days. */
  readonly endsWithinDays?: number | undefined
  /** A subject's key. */
  readonly subject?: string | undefined
  readonly owner?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/**
 * A page of exceptions, those that end first before the others.
 *
 * @throws ApiError `request-invalid` when `after` is no cursor
 * @example
 * await listExceptions(project, { endsWithinDays: 14, limit: 25 }, clock.now())
 */
export async function listExceptions(
  project: Pick<ExceptionStore, 'exceptions'>,
  wanted: ExceptionsWanted,
  now: Date,
): Promise<ExceptionPage> {
  const { endsWithinDays, subject, owner, after, limit } = wanted
  const state = endsWithinDays === undefined ? wanted.state : 'running'
  const found = await project.exceptions({
    now,
    limit: limit + 1,
    ...(state === undefined ? {} : { state }),
    ...(endsWithinDays === undefined ? {} : { endsBefore: new Date(now.getTime() + endsWithinDays * dayMs) }),
    ...(subject === undefined ? {} : { subject }),
    ...(owner === undefined ? {} : { owner }),
    ...(after === undefined ? {} : { after: readCursor(after) }),
  })
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last ? cursorOf(last) : null }
}

/** @throws ExceptionError `exception-unknown` */
export async function requireException(
  project: Pick<ExceptionStore, 'exception'>,
  id: string,
): Promise<KeptException> {
  const exception = await project.exception(id)
  if (!exception) throw unknownException(id)
  return exception
}

function cursorOf({ until, id }: KeptException): string {
  return Buffer.from(JSON.stringify([until.toISOString(), id])).toString('base64url')
}

const written = z.tuple([z.iso.datetime(), z.string()])

function readCursor(cursor: string): Pick<KeptException, 'until' | 'id'> {
  try {
    const [until, id] = written.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { until: new Date(until), id }
  } catch (error) {
    throw new ApiError({
      code: 'request-invalid',
      message: '`after` is not the `next` of a page of this list.',
      fix: 'Hand back `next` as it was given, or begin without it.',
      cause: error,
    })
  }
}
