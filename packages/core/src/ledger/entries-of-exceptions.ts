import type { ExceptionActor, ExceptionTransition } from '../promise/kept-exception.ts'
import { subjectKey } from '../subject/subject.ts'
import type { JsonValue, LedgerDraft } from './draft.ts'

/** What the ledger holds of an act on an exception: all that the exception is after it. */
export function entriesOfException(
  { exception, act }: ExceptionTransition,
  { by, at }: ExceptionActor,
): readonly LedgerDraft[] {
  if (act === null) return []
  const { id, version, owner, createdAt, until, endedAt, subject, allowed, reason } = exception
  return [
    {
      key: `${act}:${id}:${version}`,
      act,
      at,
      by,
      about: { exception: id },
      facts: {
        owner,
        createdAt: createdAt.toISOString(),
        until: until.toISOString(),
        endedAt: endedAt?.toISOString() ?? null,
      },
      personal: { subject: subjectKey(subject), allowed: asJson(allowed), reason },
    },
  ]
}

/** A value as JSON has it: dates as texts. */
function asJson(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value))
}
