import type { CheckRun } from '../check/progress.ts'
import type { Incident } from '../incident/incident.ts'
import { identityKey } from '../incident/incident.ts'
import type { LedgerDraft } from '../ledger/draft.ts'
import type { Acquaintance, CheckMark, PairFiling, PairStore } from '../pair-store.ts'
import { subjectKey } from '../subject/subject.ts'
import { MemoryCheck } from './store-check.ts'
import { compareText } from './store-order.ts'
import { subjectOfKey } from './store-pair.ts'
import type { KnownSubjects } from './store-pairs-of.ts'

/** What checks of single pairs share with the rest of a store in memory. */
export interface MemoryPairSurroundings {
  readonly incidents: ReadonlyMap<string, Incident>
  readonly known: KnownSubjects
  readonly checkOf: (checkId: string) => MemoryCheck
  readonly nextCheck: () => number
  readonly keepCheck: (check: MemoryCheck) => void
  readonly saveIncidents: (
    incidents: readonly Incident[],
    checkId: string | null,
    entries: readonly LedgerDraft[],
  ) => void
}

/** Checks of single pairs in memory: the model of what the stores on a database answer. */
export function pairFilingInMemory(around: MemoryPairSurroundings): PairStore {
  const { incidents, known, checkOf, saveIncidents } = around
  const tokens = new Map<string, number>()
  const marks = new Map<string, CheckMark>()

  const incidentsAbout = ({ on, identityKeys }: Pick<PairFiling, 'on' | 'identityKeys'>) =>
    [...incidents.values()]
      .filter(({ identity }) => on.includes(identity.on) || identityKeys.includes(identityKey(identity)))
      .toSorted((a, b) => compareText(a.id, b.id))

  return {
    async issueTokens(pairKeys) {
      return [...new Set(pairKeys)].toSorted(compareText).map((pairKey) => {
        const token = (tokens.get(pairKey) ?? 0) + 1
        tokens.set(pairKey, token)
        return { pairKey, token }
      })
    },
    async acquaintances(checkId, of, limit) {
      const candidates = checkId === null ? new Map() : checkOf(checkId).links.ambiguous
      const rows = [...rowsOf(known, of, limit), ...rowsOf(candidates, of, limit)]
      return [...new Map(rows.map((row) => [`${row.customerId} ${subjectKey(row.subject)}`, row])).values()]
        .toSorted((a, b) => compareText(subjectKey(a.subject), subjectKey(b.subject)))
        .toSorted((a, b) => compareText(a.customerId, b.customerId))
    },
    async rememberAcquaintances(pairs) {
      for (const { customerId, subject } of pairs) {
        known.set(customerId, (known.get(customerId) ?? new Set()).add(subjectKey(subject)))
      }
    },
    async incidentsOn(on) {
      return incidentsAbout({ on, identityKeys: [] })
    },
    async filePairs(filing, decide) {
      if (filing.tokens.some(({ pairKey, token }) => tokens.get(pairKey) !== token)) {
        return { kind: 'superseded' }
      }
      const { run } = filing
      const place = around.nextCheck()
      const check =
        'checkId' in run ? checkOf(run.checkId) : new MemoryCheck(place, newRun(`chk_${place}`, run))
      const decision = decide(incidentsAbout(filing), check.run)
      if (decision === null) return { kind: 'filed', checkId: 'checkId' in run ? run.checkId : null }
      if (!('checkId' in run)) around.keepCheck(check)
      saveIncidents(decision.incidents, filing.seenBy, decision.entries)
      return { kind: 'filed', checkId: check.run.id }
    },
    async checkMarks() {
      return [...marks].toSorted(([a], [b]) => compareText(a, b)).map(([, mark]) => mark)
    },
    async moveCheckMarks(moved) {
      for (const mark of moved) {
        const at = `${mark.source}/${mark.part}`
        const before = marks.get(at)
        if (!before || before.until < mark.until) marks.set(at, mark)
      }
    },
  }
}

function newRun(id: string, run: Exclude<PairFiling['run'], { readonly checkId: string }>): CheckRun {
  return { id, ...run, dryRun: false, phase: 'finished', parts: {} }
}

/** Of these subjects by customer, those that were asked for by either side. */
function rowsOf(
  subjectsOf: ReadonlyMap<string, Iterable<string>>,
  of: Parameters<PairStore['acquaintances']>[1],
  limit: number,
): readonly Acquaintance[] {
  const all = [...subjectsOf]
    .flatMap(([customerId, keys]) => [...keys].map((key) => ({ customerId, key })))
    .toSorted((a, b) => compareText(a.customerId, b.customerId) || compareText(a.key, b.key))
  const ofCustomers = of.customerIds.flatMap((id) =>
    all.filter(({ customerId }) => customerId === id).slice(0, limit),
  )
  const ofSubjects = of.subjects.flatMap((subject) =>
    all.filter(({ key }) => key === subjectKey(subject)).slice(0, limit),
  )
  return [...ofCustomers, ...ofSubjects].map(({ customerId, key }) => ({
    customerId,
    subject: subjectOfKey(key),
  }))
}
