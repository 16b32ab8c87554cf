import type { ExceptionFilter, ExceptionStore } from '../exception-store.ts'
import type { LedgerDraft } from '../ledger/draft.ts'
import type { KeptException } from '../promise/kept-exception.ts'
import { isRunning } from '../promise/kept-exception.ts'
import { subjectKey } from '../subject/subject.ts'
import { compareText } from './store-order.ts'

/** The exceptions of a project in memory: the model of what the stores on a database answer. */
export function exceptionsInMemory(stage: (entries: readonly LedgerDraft[]) => void): ExceptionStore {
  const kept = new Map<string, KeptException>()
  return {
    async exception(id) {
      return kept.get(id) ?? null
    },
    async exceptions(filter) {
      return [...kept.values()]
        .filter((exception) => isMeant(exception, filter))
        .toSorted(inOrderOfEnd)
        .slice(0, filter.limit)
    },
    async exceptionsToWeigh() {
      return [...kept.values()].filter(({ endedAt }) => endedAt === null).toSorted(inOrderOfEnd)
    },
    async addException(exception, entries) {
      if (kept.has(exception.id)) return false
      kept.set(exception.id, exception)
      stage(entries)
      return true
    },
    async changeException(id, decide) {
      const exception = kept.get(id)
      if (!exception) return null
      const decision = decide(exception)
      if (!decision) return exception
      kept.set(id, decision.exception)
      stage(decision.entries)
      return decision.exception
    },
  }
}

type Place = Pick<KeptException, 'id' | 'until'>

function inOrderOfEnd(a: Place, b: Place): number {
  return a.until.getTime() - b.until.getTime() || compareText(a.id, b.id)
}

function isMeant(exception: KeptException, filter: ExceptionFilter): boolean {
  const { state, now, endsBefore, subject, owner, after } = filter
  return (
    (state === undefined || isRunning(exception, now) === (state === 'running')) &&
    (endsBefore === undefined || exception.until < endsBefore) &&
    (subject === undefined || subjectKey(exception.subject) === subject) &&
    (owner === undefined || exception.owner === owner) &&
    (after === undefined || inOrderOfEnd(after, exception) < 0)
  )
}
