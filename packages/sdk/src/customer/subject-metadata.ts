import type { SubjectId } from '@trueup/core'

const keyOfType = { organization: 'organization_id', user: 'user_id' } as const

/** The metadata by which objects of Stripe name their subject: `{ organization_id: 'org_1' }`. */
export function subjectMetadata(subject: SubjectId): Record<string, string> {
  return { [keyOfType[subject.type]]: subject.id }
}

/** The subject that metadata names; `null`: none of this type. */
export function subjectInMetadata(
  metadata: Readonly<Record<string, string>> | null | undefined,
  type: SubjectId['type'],
): SubjectId | null {
  const id = metadata?.[keyOfType[type]]
  return id ? { type, id } : null
}
