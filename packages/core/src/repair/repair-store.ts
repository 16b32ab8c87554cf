import type { CheckRun } from '../check/progress.ts'
import type { Incident } from '../incident/incident.ts'
import type { LedgerDraft } from '../ledger/draft.ts'
import type { Repair, RepairState } from './repair.ts'
import type { BrakeReadings, RepairSwitch } from './repair-brakes.ts'

/** A repair as it stands and what its brakes look at, read under one lock in one transaction. */
export interface RepairSituation extends BrakeReadings {
  readonly repair: Repair
  /** The incident that it is to end. */
  readonly incident: Incident | null
  /** Greater than every token of this project before. */
  readonly nextToken: number
}

/** What is kept of a change: the repair, the incident where it changes too, and the entries that say so. */
export interface RepairDecision {
  readonly repair: Repair
  readonly incident?: Incident
  readonly entries: readonly LedgerDraft[]
}

export interface RepairFilter {
  readonly states?: readonly RepairState[]
  readonly incidentId?: string
  readonly batchId?: string
  /** Repairs that take this one back. */
  readonly undoes?: string
  /** Those after this one, in the order in which they were proposed. */
  readonly after?: string
  readonly limit: number
}

/** The records of repairs. Every method belongs to one project. */
export interface RepairStore {
  repair(id: string): Promise<Repair | null>
  /** In the order in which they were proposed, those of one moment by their ids. */
  repairs(filter: RepairFilter): Promise<readonly Repair[]>
  /**
   * Keeps new repairs with their entries. One whose id is known is left out, and so is one of an incident and record
   * (or an undoing of a repair) for which another is open. Gives the ids of those that were kept.
   */
  addRepairs(
    proposed: readonly { readonly repair: Repair; readonly entries: readonly LedgerDraft[] }[],
  ): Promise<readonly string[]>
  /**
   * Changes these repairs together, or none of them. `decide` is pure; it is asked for each, in the order given, while
   * nobody else can change a repair of this project. `null` leaves one as it is; an error leaves all as they are.
   *
   * @param at the moment of the change: the brake of writes looks at the hour before it
   * @returns the repairs as they stand afterwards; one that is not known is left out
   */
  changeRepairs(
    ids: readonly string[],
    at: Date,
    decide: (situation: RepairSituation) => RepairDecision | null,
  ): Promise<readonly Repair[]>
  /** How many repairs wrote a field of a container since a moment; those that are under way are not among them. */
  countWritten(source: string, container: string, field: string, since: Date): Promise<number>
  /** For this project and for all. */
  repairSwitches(): Promise<readonly RepairSwitch[]>
  /** Switches repairs off, or on again with `null`. */
  switchRepairs(
    scope: RepairSwitch['scope'],
    off: RepairSwitch | null,
    entries: readonly LedgerDraft[],
  ): Promise<void>
  /** Open incidents that hold all repairs of the project. */
  repairHolds(): Promise<readonly Incident[]>
  /** The newest full check that was finished; `filing`: that was no dry run. */
  newestFinishedCheck(which: { readonly filing: boolean }): Promise<CheckRun | null>
  /** Open and acknowledged incidents that this check saw, by id. */
  incidentsSeenBy(checkId: string, after: string | null, limit: number): Promise<readonly Incident[]>
  /** The time of the database, by which approvals and deadlines are counted; `null`: it has none of its own. */
  storeTime(): Promise<Date | null>
}
