import { UnreadableAnswer } from './errors.ts'

/** One object of a list, with the JSON that Clerk sent. */
export interface RawSubject {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly raw: unknown
}

/** A page of objects with the number of all that there are under the same filters. */
export interface RawPage {
  readonly rows: readonly RawSubject[]
  readonly total: number
}

/**
 * Takes the raw objects from a list of the client, which makes something of any answer.
 *
 * @throws UnreadableAnswer for what is no list of Clerk's.
 */
export function rawPage(answer: unknown): RawPage {
  if (!isList(answer)) throw new UnreadableAnswer('a list and a count were needed')
  return { rows: answer.data.map(rawSubject), total: answer.totalCount }
}

function isList(
  answer: unknown,
): answer is { readonly data: readonly unknown[]; readonly totalCount: number } {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'data' in answer &&
    Array.isArray(answer.data) &&
    'totalCount' in answer &&
    typeof answer.totalCount === 'number'
  )
}

function rawSubject(object: unknown): RawSubject {
  if (
    typeof object === 'object' &&
    object !== null &&
    'id' in object &&
    typeof object.id === 'string' &&
    'createdAt' in object &&
    typeof object.createdAt === 'number' &&
    'raw' in object &&
    object.raw !== null
  ) {
    return { id: object.id, createdAt: object.createdAt, raw: object.raw }
  }
  throw new UnreadableAnswer('the list holds something without an id and a time of creation')
}
