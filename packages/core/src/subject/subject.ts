/** Whom access is about. */
export type SubjectType = 'user' | 'organization'

export interface SubjectId {
  readonly type: SubjectType
  readonly id: string
}

/** One text for a subject, unique within a project: `user:user_1`. */
export function subjectKey(subject: SubjectId): string {
  return `${subject.type}:${subject.id}`
}
