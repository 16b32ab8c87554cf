import { resyncSubject } from '../access/resync.ts'
import { listSubjects, subjectsPage } from '../work/list-subjects.ts'
import type { ClerkFrame } from './clerk-frame.ts'

/** What a backfill came to; where it was stopped and called again, since then. */
export interface ClerkBackfillReport {
  /** Users or organizations of Clerk whose billing was read. */
  readonly subjects: number
}

const cursorName = 'clerk-backfill'

/** Reads the billing of every subject of Clerk. Goes on where it was stopped; once through, the next call begins anew. */
export async function clerkBackfill(frame: ClerkFrame): Promise<ClerkBackfillReport> {
  let subjects = 0
  let offset = Number(await frame.store.unit((unit) => unit.cursor(cursorName)))
  for (;;) {
    const ids = await listSubjects(frame, offset)
    for (const id of ids) await resyncSubject(frame, { type: frame.subjectType, id })
    subjects += ids.length
    const isLast = ids.length < subjectsPage
    offset = isLast ? 0 : offset + subjectsPage
    await frame.store.unit((unit) => unit.setCursor(cursorName, String(offset)))
    if (isLast) return { subjects }
  }
}
