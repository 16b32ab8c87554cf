import type { LedgerDraft } from './ledger/draft.ts'
import type { KeptException } from './promise/kept-exception.ts'

export interface ExceptionFilter {
  /** `running`: neither ended nor past its time at `now`. */
  readonly state?: 'running' | 'over'
  /** Judged at this moment. */
  readonly now: Date
  /** Runs out before this moment. */
  readonly endsBefore?: Date
  /** A subject's key. */
  readonly subject?: string
  readonly owner?: string
  /** Those after this one, by when they end and then by id. */
  readonly after?: Pick<KeptException, 'id' | 'until'>
  readonly limit: number
}

/** The exceptions that a team keeps beside its configuration. Every method belongs to one project. */
export interface ExceptionStore {
  exception(id: string): Promise<KeptException | null>
  /** In the order in which they end, those of one moment by id. */
  exceptions(filter: ExceptionFilter): Promise<readonly KeptException[]>
  /** All that nobody ended, for the rules of a check; what has run out by itself may be among them. */
  exceptionsToWeigh(): Promise<readonly KeptException[]>
  /** Keeps a new one with its entries; one whose id is known is left as it is. Gives whether it is new. */
  addException(exception: KeptException, entries: readonly LedgerDraft[]): Promise<boolean>
  /**
   * Changes one while nobody else can. `decide` is pure; `null` leaves it as it is, and so does an error.
   *
   * @returns the exception as it stands afterwards; `null`: it is not known
   */
  changeException(
    id: string,
    decide: (exception: KeptException) => {
      readonly exception: KeptException
      readonly entries: readonly LedgerDraft[]
    } | null,
  ): Promise<KeptException | null>
}
