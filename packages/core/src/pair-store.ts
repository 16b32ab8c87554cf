import type { CheckCounts, CheckRun } from './check/progress.ts'
import type { Incident } from './incident/incident.ts'
import type { LedgerDraft } from './ledger/draft.ts'
import type { SubjectId } from './subject/subject.ts'

/** The reading of one customer or subject, by the order in which readings of it were begun. */
export interface CheckToken {
  /** `customer:cus_1`, `user:user_1`. */
  readonly pairKey: string
  readonly token: number
}

/** A customer and a subject that have, or had, to do with each other. */
export interface Acquaintance {
  readonly customerId: string
  readonly subject: SubjectId
}

/** What a check of a few pairs hands over to be filed. */
export interface PairFiling {
  /** The readings that it rests on: where one of them was begun again since, nothing is filed. */
  readonly tokens: readonly CheckToken[]
  /** The incidents to be decided on: all that stand on one of these (see `IncidentIdentity.on`) ... */
  readonly on: readonly string[]
  /** ... and those with one of these identities. */
  readonly identityKeys: readonly string[]
  /** The run that files: one that was begun, or one that is kept only where something is filed. */
  readonly run:
    | { readonly checkId: string }
    | {
        readonly kind: 'single'
        readonly asOf: Date
        readonly startedAt: Date
        readonly finishedAt: Date
        readonly configFingerprint: string
        readonly counts: CheckCounts
        readonly requests: Readonly<Record<string, number>>
      }
  /** A check that counts as having seen what is filed now: the last full one, whose word repairs are proposed by. */
  readonly seenBy: string | null
}

/** What is kept of a filing. */
export interface PairDecision {
  /** Those among the known ones that were changed, and new ones. */
  readonly incidents: readonly Incident[]
  readonly entries: readonly LedgerDraft[]
}

/** What became of a filing. */
export type PairFiled =
  /** The same was begun to be read again since: what that reading finds is newer. */
  | { readonly kind: 'superseded' }
  /** `checkId`: the run that filed; `null`: there was nothing to file, and no run is kept. */
  | { readonly kind: 'filed'; readonly checkId: string | null }

/** Up to when the changes of one part of a source were looked at. */
export interface CheckMark {
  readonly source: string
  readonly part: string
  readonly until: Date
}

/** Checks of single pairs, and of those that changed. Every method belongs to one project. */
export interface PairStore {
  /** Begins a reading of each of these: it gets a token greater than all before. Ask before reading, not after. */
  issueTokens(pairKeys: readonly string[]): Promise<readonly CheckToken[]>
  /**
   * Who had to do with these customers and subjects in any check, and whom the last matching of `checkId` could not
   * choose among, in the order of customer and subject; for each that is asked for at most `limit`.
   */
  acquaintances(
    checkId: string | null,
    of: { readonly customerIds: readonly string[]; readonly subjects: readonly SubjectId[] },
    limit: number,
  ): Promise<readonly Acquaintance[]>
  /** Keeps who has to do with whom, for checks to come. */
  rememberAcquaintances(pairs: readonly Acquaintance[]): Promise<void>
  /** Incidents that stand on one of these, in any state. */
  incidentsOn(on: readonly string[]): Promise<readonly Incident[]>
  /**
   * Files in one transaction. `decide` is pure; it is told the incidents as they stand while nobody else can change
   * them, and the run that files; `null`: there is nothing to file.
   */
  filePairs(
    filing: PairFiling,
    decide: (known: readonly Incident[], run: CheckRun) => PairDecision | null,
  ): Promise<PairFiled>
  checkMarks(): Promise<readonly CheckMark[]>
  /** Moves these marks on; a mark never goes back. */
  moveCheckMarks(marks: readonly CheckMark[]): Promise<void>
}
