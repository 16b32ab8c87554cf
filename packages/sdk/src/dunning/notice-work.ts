import { decodeJson, encodeJson } from '../store/json.ts'
import type { WorkDraft } from '../store/store.ts'
import type { Notice } from './notice.ts'

/** A notice as work: told once, since it is written in the transaction that remembers it as told. */
export function writeNotice(notice: Pick<Notice, 'id' | 'subject'>, dueAt: Date): WorkDraft {
  return {
    key: `notice:${notice.id}`,
    kind: 'notice',
    subject: notice.subject,
    detail: encodeJson(notice),
    dueAt,
  }
}

/** The notice that work holds; written by {@link writeNotice} and by nobody else. */
export function readNotice(detail: string | null): Notice {
  if (detail === null) throw new Error('Work of the kind notice holds a notice.')
  return decodeJson(detail) as Notice
}
