import type { SubjectId } from '@trueup/core'
import type { Work } from '../store/store.ts'

/** The subject of work whose kind needs one. */
export function subjectOfWork({ subject, key }: Pick<Work, 'subject' | 'key'>): SubjectId {
  if (subject) return subject
  throw new Error(`The work ${key} names no subject, and its kind needs one.`)
}
