import type { Clock, SubjectId } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import type { AccessAnswer } from '../access/access-answer.ts'
import type { Billing } from '../billing.ts'

/** Answers of billing, kept for a moment in this process. */
export interface AccessCache {
  access(subject: SubjectId): AccessAnswer | Promise<AccessAnswer>
  forget(subject: SubjectId): void
}

interface Kept {
  readonly answer: AccessAnswer
  /** When it is no longer to be given, in milliseconds since 1970. */
  readonly until: number
}

interface Options {
  readonly clock: Clock
  readonly maxAgeMs: number
  readonly mostSubjects: number
}

/**
 * Keeps each answer until it changes by itself, is told to be forgotten, or was kept for `maxAgeMs`. Of many who ask for
 * one subject at once the store is asked once.
 */
export function createAccessCache(read: Billing['access'], options: Options): AccessCache {
  const { clock, maxAgeMs, mostSubjects } = options
  const kept = new Map<string, Kept>()
  const readings = new Map<string, Promise<AccessAnswer>>()

  const readOnce = (key: string, subject: SubjectId): Promise<AccessAnswer> => {
    const underWay = readings.get(key)
    if (underWay) return underWay
    // From before the reading, so that the bound holds for what was true when the store was asked.
    const begun = clock.now().getTime()
    const reading = read(subject).then(
      (answer) => {
        if (readings.get(key) === reading) keep(key, answer, begun)
        return answer
      },
      (error: unknown) => {
        if (readings.get(key) === reading) readings.delete(key)
        throw error
      },
    )
    readings.set(key, reading)
    return reading
  }
  const keep = (key: string, answer: AccessAnswer, begun: number) => {
    readings.delete(key)
    const until = Math.min(begun + maxAgeMs, answer.changesAt?.getTime() ?? Number.POSITIVE_INFINITY)
    kept.delete(key)
    kept.set(key, { answer, until })
    if (kept.size <= mostSubjects) return
    const [oldest] = kept.keys()
    if (oldest !== undefined) kept.delete(oldest)
  }
  return {
    access(subject) {
      const key = subjectKey(subject)
      const now = clock.now().getTime()
      const found = kept.get(key)
      return found && now < found.until ? aged(found.answer, now) : readOnce(key, subject)
    },
    forget(subject) {
      const key = subjectKey(subject)
      kept.delete(key)
      // What is being read may be from before the change; it is given to who asked before, and not kept.
      readings.delete(key)
    },
  }
}

function aged(answer: AccessAnswer, now: number): AccessAnswer {
  return answer.asOf ? { ...answer, ageMs: now - answer.asOf.getTime() } : answer
}
