/** What JSON can hold. Numbers are finite. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** Every act that the ledger records. Closed list. */
export const ledgerActs = [
  'project-created',
  'check-started',
  'check-finished',
  'incident-opened',
  'incident-seen-again',
  'incident-reopened',
  'incident-acknowledged',
  'incident-ignored',
  'incident-assigned',
  'incident-commented',
  'incident-resolved',
  'cause-found',
  'deploy-marked',
  'repair-proposed',
  'repair-approved',
  'repair-rejected',
  'repair-intended',
  'repair-applied',
  'repair-conflicted',
  'repair-superseded',
  'repair-expired',
  'repair-denied',
  'repair-abandoned',
  'repair-verified',
  'repair-failed',
  'repair-undone',
  'repairs-switched',
  'repairs-released',
  'exception-created',
  'exception-extended',
  'exception-ended',
  'subjects-imported',
  'project-changed',
  'source-connected',
  'source-reconnected',
  'source-disconnected',
  'config-changed',
  'mapping-changed',
  'catalogue-changed',
  'policy-changed',
  'schedule-changed',
  'push-secret-added',
  'push-secret-removed',
  'webhook-secret-added',
  'webhook-secret-removed',
  'webhook-refused',
  'event-replayed',
  'alerts-changed',
  'webhooks-changed',
  'key-created',
  'key-revoked',
  'signing-key-changed',
] as const
export type LedgerAct = (typeof ledgerActs)[number]

/**
 * An act as the code that does it hands it to the store, which keeps it in the same transaction as the state that it
 * explains. The ledger's sequencer then gives it its number and its hashes.
 */
export interface LedgerDraft {
  /** What makes the act itself: the same key is entered once, however often it is handed over. */
  readonly key: string
  readonly act: LedgerAct
  readonly at: Date
  /** `check:<id>`, `repair:<id>`, or a person. */
  readonly by: string
  /** Ids of our own that the act is about. */
  readonly about: {
    readonly check?: string
    readonly incident?: string
    readonly repair?: string
    readonly source?: string
    readonly exception?: string
  }
  /** What stands in the entry for good: kinds, states, sums, hashes. Nothing that could be traced to a person. */
  readonly facts: { readonly [key: string]: JsonValue }
  /**
   * What may have to be erased one day: ids and values of subjects and customers. It stands beside the chain; the
   * entry holds a salted commitment to it. An entry is found by whom it names here: `subject` (a subject key such as
   * `user:user_1`), `customer` (a customer's id), and `touched` (any number of both).
   */
  readonly personal: { readonly [key: string]: JsonValue } | null
}
