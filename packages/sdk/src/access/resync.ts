import type { SubjectId } from '@trueup/core'
import type { SharedFrame } from '../frame.ts'
import { doWork } from '../work/do-work.ts'
import { workOn } from '../work/work-on.ts'
import type { AccessAnswer } from './access-answer.ts'
import { deriveAccess } from './derive-access.ts'

const tries = 3
/** What a change asks for besides; done at once, and kept where it fails. */
const followUps = ['row', 'mirror'] as const

/**
 * Reads a subject's billing now and writes what follows. Where other readings get in between again and again, the
 * answer is what was read here, and the writing is left to the last of them and to work that is kept.
 */
export async function resyncSubject(frame: SharedFrame, subject: SubjectId): Promise<AccessAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const { written, answer } = await deriveAccess(frame, subject, null)
    if (written) {
      await doWork(frame, { keys: followUps.map((kind) => workOn(kind, subject, frame.clock.now()).key) })
      return answer
    }
    if (attempt < tries) continue
    await frame.store.unit((unit) => unit.putWork(workOn('read', subject, frame.clock.now())))
    return answer
  }
}
