import type { SubjectId, SubjectType } from '@trueup/core'
import { jsonText } from './json-field.ts'

/** `organization.*` and `user.*` of Clerk name their object; `null`: another event, or one of nobody who is billed. */
export function subjectInEvent(type: string, event: unknown, billed: SubjectType): SubjectId | null {
  const [noun, verb] = type.split('.')
  if (noun !== billed || !verb) return null
  const id = jsonText(event, 'data', 'id')
  return id ? { type: billed, id } : null
}
