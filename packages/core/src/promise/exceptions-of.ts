import type { SubjectId } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import type { Exception } from './promised.ts'

/** By the list itself: a check asks the same one for every subject, and a team may have thousands of exceptions. */
const indexes = new WeakMap<readonly Exception[], ReadonlyMap<string, readonly Exception[]>>()

/** The exceptions made for a subject, named by its id or by its key. */
export function exceptionsOf(exceptions: readonly Exception[], subject: SubjectId): readonly Exception[] {
  if (exceptions.length === 0) return exceptions
  const index = indexes.get(exceptions) ?? indexOf(exceptions)
  const byId = index.get(subject.id) ?? []
  const byKey = index.get(subjectKey(subject)) ?? []
  return byId.length === 0 ? byKey : byKey.length === 0 ? byId : [...byId, ...byKey]
}

function indexOf(exceptions: readonly Exception[]): ReadonlyMap<string, readonly Exception[]> {
  const index = new Map<string, Exception[]>()
  for (const exception of exceptions) {
    const same = index.get(exception.subject)
    if (same) same.push(exception)
    else index.set(exception.subject, [exception])
  }
  indexes.set(exceptions, index)
  return index
}
