import type { AgreementKey } from './access/agreement-key.ts'
import type { AccessStepStore } from './access-step-store.ts'
import type { Finding } from './check/finding.ts'
import type { CheckCounts, CheckPhase, CheckRun, Cursor, PartState } from './check/progress.ts'
import type { IncidentKind, Severity } from './check/verdict.ts'
import type { ExceptionStore } from './exception-store.ts'
import type { SubjectReading } from './grant/granted.ts'
import type { Incident, IncidentState } from './incident/incident.ts'
import type { IncidentCount, IncidentFilter, IncidentOrder, IncidentPlace } from './incident/incident-list.ts'
import type { LedgerDraft } from './ledger/draft.ts'
import type { EnterDrafts, LedgerCheckpoint, LedgerHead, SequencedEntry } from './ledger/sequenced.ts'
import type { MatchCounts } from './match/coverage.ts'
import type { Pair, PointedCustomer } from './match/pair.ts'
import type { MatchRule, MatchValue } from './match/rule.ts'
import type { PairStore } from './pair-store.ts'
import type { CheckPartsStore } from './parts-store.ts'
import type { Money } from './price/money.ts'
import type { Price } from './price/price.ts'
import type { BillingFact, Customer, Reversal } from './promise/billing.ts'
import type { PushedSubjectStore } from './pushed-store.ts'
import type { RepairStore } from './repair/repair-store.ts'
import type { SubjectId, SubjectType } from './subject/subject.ts'

export interface ObservedFact {
  readonly fact: BillingFact
  /** By type of subject, since users and organizations may map different components. */
  readonly keys: Readonly<Record<SubjectType, AgreementKey>>
  /** Whether it promises, or may promise, anything paid. */
  readonly entitling: boolean
  /** What it comes to a month; `null`: it entitles to nothing, or comes to no fixed sum. */
  readonly monthly: Money | null
  readonly matchValues: readonly MatchValue[]
}

/** A pair by one of its sides. A customer that is linked stands in the pair of its first subject. */
export type PairName = { readonly subject: SubjectId } | { readonly customerId: string }

export interface ObservedCustomer {
  readonly customer: Customer
  readonly matchValues: readonly MatchValue[]
}

export interface ObservedSubject {
  readonly reading: SubjectReading
  readonly key: AgreementKey
  /** The same at all rules that point to the same of a subject. */
  readonly matchValues: readonly MatchValue[]
}

/** What one page adds, written in one transaction with the cursors that read it. Rows seen before are replaced. */
export interface ObservedPage {
  readonly source: string
  readonly part: string
  readonly cursors: readonly Cursor[]
  /** Requests that the source sent since the last page. */
  readonly requests?: number
  readonly prices?: readonly Price[]
  readonly reversals?: readonly ({ readonly paymentId: string } & Reversal)[]
  readonly customers?: readonly ObservedCustomer[]
  readonly facts?: readonly ObservedFact[]
  readonly subjects?: readonly ObservedSubject[]
}

/** Observations and progress of checks. Every method belongs to one project. */
export interface CheckStore {
  /** `entriesOf` says what the ledger is to hold of the run; it is entered in the same transaction. */
  startCheck(
    check: {
      readonly kind: CheckRun['kind']
      readonly dryRun: boolean
      readonly asOf: Date
      readonly startedAt: Date
      readonly configFingerprint: string
    },
    entriesOf: (run: CheckRun) => readonly LedgerDraft[],
  ): Promise<CheckRun>
  /** The newest full check of one process that was begun under this configuration and neither finished nor abandoned. */
  unfinishedCheck(configFingerprint: string): Promise<CheckRun | null>
  loadCheck(checkId: string): Promise<CheckRun | null>
  setPhase(checkId: string, phase: CheckPhase): Promise<void>
  setPart(checkId: string, source: string, part: string, state: PartState): Promise<void>
  addRequests(checkId: string, source: string, count: number): Promise<void>
  /** `entries` are entered in the same transaction. */
  finishCheck(
    checkId: string,
    counts: CheckCounts,
    finishedAt: Date,
    entries: readonly LedgerDraft[],
  ): Promise<void>
  /**
   * Deletes the observations of all checks of this project but these, and but those that were begun after all of these;
   * of all checks where none is named. Incidents stay.
   */
  keepObservationsOf(checkIds: readonly string[]): Promise<void>

  cursors(checkId: string, source: string, part: string): Promise<readonly Cursor[]>
  writePage(checkId: string, page: ObservedPage): Promise<void>
  prices(checkId: string): Promise<readonly Price[]>
  /** Refunds summed and the worst dispute for each of these payments that has any. */
  reversals(checkId: string, paymentIds: readonly string[]): Promise<ReadonlyMap<string, Reversal>>

  /** Customer ids that subjects point to and that were not read. */
  unreadCustomerIds(checkId: string, after: string | null, limit: number): Promise<readonly string[]>
  countUnreadCustomers(checkId: string): Promise<number>
  writePointedCustomers(checkId: string, pointed: readonly PointedCustomer[]): Promise<void>

  /**
   * Links customers to subjects, rule by rule, in sets: a customer takes the first rule that finds any subject.
   * Several subjects at that rule are all linked when the rule is `customer.id` (the customer is shared), else the
   * match is ambiguous and nobody is linked. May be called again; the answer is the same.
   */
  match(checkId: string, rules: readonly MatchRule[]): Promise<void>
  /**
   * Keeps which subjects point to which customer in this check, so that a later check can name the subject of a payer
   * after it is gone. What is said of this check does not depend on it.
   */
  rememberPointers(checkId: string): Promise<void>
  /** The same of the subjects that are linked to a customer, after {@link match} and {@link rememberPointers}. */
  rememberLinks(checkId: string): Promise<void>
  /** Customers that were read, and those that only their facts name. */
  countCustomers(checkId: string): Promise<number>
  /** What was read, and how far the match rules reach, after {@link match}. */
  counts(checkId: string): Promise<MatchCounts>
  /**
   * The pairs that can differ, in the order of their key, at most `limit` after `after`. A subject is left out, and
   * so agrees, only when all of this holds: each of its readings has a key; none of its linked facts has the key
   * `null`; at most one has a key that is not empty, and each reading's is among those that it holds (none: among
   * those of `freeKeys`; see `keysIn`); no source that was read whole for its type lacks it, or no fact has a key
   * that is not empty; it is linked to at most one customer, and its readings point to at most one; no other subject
   * points to or is linked to the same customer; the customer it points to was read, or it points to none; it is not
   * marked deleted.
   * A customer with an entitling fact and no link is handed on without a subject.
   */
  differing(
    checkId: string,
    freeKeys: Readonly<Record<SubjectType, string>>,
    after: string | null,
    limit: number,
  ): Promise<{ readonly pairs: readonly Pair[]; readonly next: string | null }>
  /**
   * Every pair that was observed, whether or not it can differ, in the order of their keys, at most `limit` after
   * `after`: each subject, and each customer that has any fact and no link.
   */
  observedPairs(
    checkId: string,
    after: string | null,
    limit: number,
  ): Promise<{ readonly pairs: readonly Pair[]; readonly next: string | null }>
  /** The pair of this subject or customer, whether or not it can differ; `null`: it was not observed. */
  pair(checkId: string, of: PairName): Promise<Pair | null>
  /** The same for many at once, in the order in which they are asked for. */
  pairs(checkId: string, of: readonly PairName[]): Promise<readonly (Pair | null)[]>
  /** Forgets what this source said of these subjects earlier in this check: it was asked again and no longer has them. */
  forgetReadings(checkId: string, source: string, subjects: readonly SubjectId[]): Promise<void>
  /**
   * Counts and keeps the rows that each part of the sources gave, by `source/part`: subscriptions (with all other
   * facts) and customers of the source `billing`, users and organizations of each that has any. `before` holds the
   * same of the last full check under the same configuration that was finished and read everything, dry runs included;
   * `null`: there is none.
   */
  rowCounts(
    checkId: string,
    billing: string,
  ): Promise<{
    readonly now: Readonly<Record<string, number>>
    readonly before: Readonly<Record<string, number>> | null
  }>
  /** Keeps what the tables behind these parts are, by `source/part`, for the next check to notice a change. */
  keepShapes(checkId: string, shapes: Readonly<Record<string, string>>): Promise<void>
  /** The shapes that the last full check under this configuration kept which was finished and read everything. */
  lastShapes(configFingerprint: string): Promise<Readonly<Record<string, string>>>

  /** Keeps what was said of these pairs, and how far the comparing has come. A finding said before is replaced. */
  writeFindings(checkId: string, findings: readonly Finding[], comparedUpTo: string | null): Promise<void>
  comparedUpTo(checkId: string): Promise<string | null>
  /** What was said of the pairs behind `after`, by their keys; with `verdict`, of those alone of whom it was said. */
  findings(
    checkId: string,
    after: string | null,
    limit: number,
    verdict?: Finding['verdict']['kind'],
  ): Promise<{ readonly findings: readonly Finding[]; readonly next: string | null }>
  /** How many pairs drift, for the brakes: by kind, component and who is hurt; settling ones are left out. */
  tally(checkId: string): Promise<{
    readonly drifts: number
    readonly cannotTell: number
    readonly settling: number
    readonly byDrift: readonly {
      readonly kind: IncidentKind
      readonly component: string
      readonly hurts: string
      readonly pairs: number
    }[]
  }>
}

/** The records of drift. Every method belongs to one project. */
export interface IncidentStore {
  /** Incidents with these identities, in any state. */
  incidentsByIdentity(identityKeys: readonly string[]): Promise<ReadonlyMap<string, Incident>>
  incident(id: string): Promise<Incident | null>
  /**
   * Writes these incidents whole; the same id is replaced. `checkId` marks them as seen by that check. `entries` say
   * what was done to them and are entered in the same transaction.
   */
  saveIncidents(
    incidents: readonly Incident[],
    checkId: string | null,
    entries: readonly LedgerDraft[],
  ): Promise<void>
  incidents(filter: {
    readonly states?: readonly IncidentState[]
    readonly minSeverity?: Severity
    readonly after?: string
    readonly limit: number
  }): Promise<readonly Incident[]>
  /**
   * Changes incidents together, or none of them, while nobody else can change an incident of this project: a check and
   * a person, or two persons, lose nothing of each other's. `decide` is pure and is given those that there are, as they
   * stand then. `checkId` marks what it gives as seen by that check.
   *
   * @returns what was written
   */
  changeIncidents(
    which: { readonly ids: readonly string[] } | { readonly identityKeys: readonly string[] },
    checkId: string | null,
    decide: (found: readonly Incident[]) => {
      readonly incidents: readonly Incident[]
      readonly entries: readonly LedgerDraft[]
    },
  ): Promise<readonly Incident[]>
  /** The next `limit` of these behind `after`, in this order. */
  listIncidents(
    filter: IncidentFilter,
    order: IncidentOrder,
    after: IncidentPlace | null,
    limit: number,
  ): Promise<readonly Incident[]>
  countIncidents(filter: IncidentFilter): Promise<readonly IncidentCount[]>
  /** Open and acknowledged incidents that this check did not see. */
  unseenIncidents(checkId: string, after: string | null, limit: number): Promise<readonly Incident[]>
  /** Of these pair keys, those of which this check could not tell or said nothing final. */
  undecided(checkId: string, pairKeys: readonly string[]): Promise<ReadonlySet<string>>
}

/**
 * The Access Ledger of a project. It only ever grows: there is no method that changes or takes away an entry, and the
 * database refuses it as well.
 *
 * Acts come in as drafts, in the transaction of the state that they explain; a draft is kept once for each key. The
 * sequencer then gives them their numbers. Readers see numbered entries alone.
 */
export interface LedgerStore {
  /** Stages acts that explain no state of this store. */
  stageEntries(drafts: readonly LedgerDraft[]): Promise<void>
  /**
   * Numbers at most `limit` staged drafts, in the order in which they were staged, one caller at a time. Gives how
   * many staged drafts it took away; 0: none is left.
   */
  sequenceEntries(limit: number, enter: EnterDrafts): Promise<number>
  /** How many acts are staged and have no number yet. */
  countStagedEntries(): Promise<number>
  ledgerHead(): Promise<LedgerHead>
  /** Entries in order, from this sequence on. */
  ledgerEntries(from: number, limit: number): Promise<readonly SequencedEntry[]>
  /** Entries about one person (`user:user_1`, `customer:cus_1`) or incident, in order, from this sequence on. */
  ledgerEntriesAbout(
    about: { readonly person: string } | { readonly incident: string },
    from: number,
    limit: number,
  ): Promise<readonly SequencedEntry[]>
  /** The hashes of entries alone, in order, from this sequence on. */
  ledgerHashes(from: number, limit: number): Promise<readonly Uint8Array[]>
  /** Keeps a checkpoint; one of the same size that is there already stays. */
  saveCheckpoint(checkpoint: LedgerCheckpoint): Promise<void>
  /** The checkpoint of the largest size, or of exactly this size. */
  checkpoint(size?: number): Promise<LedgerCheckpoint | null>
  /** Takes away, for good, what stands beside the entries about this person. Gives how many entries that were. */
  erasePersonal(person: string): Promise<number>
}

export interface ProjectStore
  extends CheckStore,
    IncidentStore,
    PairStore,
    CheckPartsStore,
    RepairStore,
    LedgerStore,
    PushedSubjectStore,
    ExceptionStore,
    AccessStepStore {
  readonly projectId: string
}

/** A store for any number of projects. */
export interface Store {
  project(projectId: string): Promise<ProjectStore>
  close(): Promise<void>
}
