import { UnreadableAnswer } from '../clerk/errors.ts'

/** One object of a list, as Clerk sent it. */
export interface RawObject {
  readonly id: string
  /** Milliseconds since 1970; `null` where Clerk does not say. */
  readonly createdAt: number | null
  readonly raw: Readonly<Record<string, unknown>>
}

/** A page of objects with the number of all that there are under the same filters. */
export interface RawPage {
  readonly rows: readonly RawObject[]
  readonly total: number
}

/**
 * Takes the objects out of a list.
 *
 * @throws UnreadableAnswer for what is no list of Clerk's.
 */
export function rawPage(answer: unknown): RawPage {
  if (!isObject(answer) || !Array.isArray(answer.data) || typeof answer.total_count !== 'number') {
    throw new UnreadableAnswer('a list and a count were needed')
  }
  return { rows: answer.data.map(rawObject), total: answer.total_count }
}

function rawObject(object: unknown): RawObject {
  if (!isObject(object) || typeof object.id !== 'string' || object.id === '') {
    throw new UnreadableAnswer('the list holds something without an id')
  }
  return {
    id: object.id,
    createdAt: typeof object.created_at === 'number' ? object.created_at : null,
    raw: object,
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
