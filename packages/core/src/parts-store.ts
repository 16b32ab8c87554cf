import type { CheckRun, Cursor, PartState } from './check/progress.ts'
import type { LedgerDraft } from './ledger/draft.ts'
import type { ObservedPage, ProjectStore } from './store.ts'

/** A piece of the work of a check, as somebody holds it for a while. */
export interface Lease {
  readonly checkId: string
  readonly unit: number
  readonly source: string
  readonly part: string
  /** Greater than that of every lease of this check before. What comes under another than the last is refused. */
  readonly token: number
  /** The cursors that are to be read on: those of this piece alone, the ones that are done left out. */
  readonly cursors: readonly Cursor[]
  /** Whether the piece is all of its part; then cursors may be added to it under any id. */
  readonly isWhole: boolean
}

/** Somebody else holds what was leased by now, or the check is over: nothing of what was brought was kept. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor({ checkId, source, part }: Pick<Lease, 'checkId' | 'source' | 'part'>) {
    super(`The lease of ${source}/${part} of ${checkId} is held by somebody else, or the check is over.`)
  }
}

/** How far one part of a check has come. */
export interface PartProgress {
  readonly source: string
  readonly part: string
  /** `null`: nobody has begun to read it. */
  readonly state: PartState | null
  /** Rows that were stored. */
  readonly rows: number
  /** Pieces into which the part is divided, and those that are done. */
  readonly pieces: number
  readonly piecesDone: number
  /** Pieces that somebody is reading. */
  readonly readers: number
}

/** The name under which the step from one phase of a check to the next is leased; no source is called so. */
export const advancing = { source: '', part: 'advance' } as const

/** Full checks that several processes read. Every method belongs to one project. */
export interface CheckPartsStore {
  /**
   * Begins a check whose parts are leased. Others of its kind that are unfinished are given up: nothing of theirs is
   * kept any more.
   */
  startCheckInParts(
    check: {
      readonly dryRun: boolean
      readonly asOf: Date
      readonly startedAt: Date
      readonly configFingerprint: string
      readonly acceptsChanges: boolean
    },
    entriesOf: (run: CheckRun) => readonly LedgerDraft[],
  ): Promise<CheckRun>
  /** The newest check in parts that was begun under this configuration and neither finished nor given up. */
  unfinishedCheckInParts(
    configFingerprint: string,
  ): Promise<{ readonly check: CheckRun; readonly acceptsChanges: boolean } | null>
  /** Whether a check in parts is neither finished nor given up; `null`: this is none. */
  checkInParts(
    checkId: string,
  ): Promise<{ readonly isOpen: boolean; readonly acceptsChanges: boolean } | null>
  /** Adds a piece for each of these parts that has none. */
  addUnits(
    checkId: string,
    parts: readonly { readonly source: string; readonly part: string }[],
  ): Promise<void>
  /**
   * Leases a piece that is not done and that nobody holds, for so long by the store's own clock; `null`: there is none.
   * A part whose first piece is leased is `reading` from then on.
   *
   * @param which Only the step between phases, or only parts of sources.
   */
  leaseUnit(checkId: string, which: 'part' | 'advance', leaseMs: number): Promise<Lease | null>
  /** Holds a lease for so much longer. Gives whether it is still held. */
  renewLease(lease: Lease, leaseMs: number): Promise<boolean>
  /**
   * Writes a page under a lease and renews it.
   *
   * @param cursorIds The cursors of the piece that are not done; needed where the piece is not its whole part.
   * @returns whether others, who have nothing to do, asked for a share
   * @throws LeaseLost
   */
  writeUnitPage(
    lease: Lease,
    page: ObservedPage,
    options: {
      readonly leaseMs: number
      readonly cursorIds: readonly string[] | null
      readonly rows: number
    },
  ): Promise<{ readonly askedToShare: boolean }>
  /**
   * Divides a piece: what was leased keeps these cursors, and the others are a new piece that anybody may lease.
   *
   * @throws LeaseLost
   */
  divideUnit(lease: Lease, kept: readonly string[], given: readonly string[]): Promise<void>
  /** Asks whoever reads a piece of these parts, where they come as `source/part`, to divide it. */
  askToShare(checkId: string, parts: readonly string[]): Promise<void>
  /**
   * Ends a lease. A piece that is done ends its part once all pieces of it are; one that failed ends the part at once.
   *
   * @throws LeaseLost
   */
  endUnit(
    lease: Lease,
    end:
      | { readonly state: 'done' }
      | { readonly state: 'released' }
      | Exclude<PartState, { state: 'reading' }>,
  ): Promise<void>
  /**
   * The store as somebody sees it who holds a lease: what is written through it to the check is kept only while the
   * lease is held, and nobody else is leased the piece in the middle of a write.
   *
   * @throws LeaseLost from each of its methods that writes
   */
  heldBy(lease: Lease): ProjectStore
  /** What each part of a check in parts has come to, in the order in which they were begun. */
  partProgress(checkId: string): Promise<readonly PartProgress[]>
  /**
   * Draws requests from the budget of a source that all processes share: at most `count`, of a bucket that fills with
   * `perSecond` and holds what comes in a fifth of a second, at least one: so no second sees many more.
   *
   * @returns how many were drawn, and, where none was, how long until one may be
   */
  drawRequests(
    source: string,
    count: number,
    perSecond: number,
  ): Promise<{ readonly drawn: number; readonly waitMs: number }>
}
