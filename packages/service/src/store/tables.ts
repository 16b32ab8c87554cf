import type {
  CheckCounts,
  CheckPhase,
  CheckRun,
  Cursor,
  Finding,
  Incident,
  IncidentState,
  LedgerAct,
  LedgerDraft,
  MatchRule,
  MatchValue,
  PartState,
  PointedCustomer,
  Price,
  Reversal,
} from '@trueup/core'
import type { ColumnType, Generated, Kysely } from 'kysely'

/** A `json` column: written as text by `toJson`, read back by the pool as the value that was written. */
type Json<T> = ColumnType<T, string, string>

/** A reading as `packing/` writes it. */
type Packed = string

interface Owned {
  readonly project_id: string
  readonly workspace_id: string
}
interface OfCheck extends Owned {
  readonly check_number: number
}

/** The tables of the schema `trueup`, as the statements of this folder see them. */
export interface Tables {
  readonly 'trueup.project': { readonly project_id: string; readonly workspace_id: Generated<string> }
  readonly 'trueup.check_run': Owned & {
    readonly check_number: Generated<number>
    readonly kind: CheckRun['kind']
    readonly dry_run: boolean
    readonly as_of: Date
    readonly started_at: Date
    readonly finished_at: Date | null
    readonly phase: Generated<CheckPhase>
    readonly config_fingerprint: string
    readonly packing_version: number
    readonly counts: ColumnType<CheckCounts | null, string | null, string | null>
    readonly compared_up_to: string | null
    readonly match_rules: ColumnType<readonly MatchRule[], string | undefined, string>
    readonly sought: Generated<boolean>
    readonly forgotten: Generated<boolean>
    readonly in_parts: Generated<boolean>
    readonly accepts_changes: Generated<boolean>
  }
  readonly 'trueup.check_part': OfCheck & {
    readonly source: string
    readonly part: string
    readonly state: Json<PartState>
  }
  readonly 'trueup.check_requests': OfCheck & {
    readonly source: string
    readonly part: string
    readonly sent: number
  }
  readonly 'trueup.check_rows': OfCheck & {
    readonly source: string
    readonly part: string
    readonly row_count: number
  }
  readonly 'trueup.check_cursor': OfCheck & {
    readonly source: string
    readonly part: string
    readonly cursor_id: string
    readonly cursor: Json<Cursor>
  }
  readonly 'trueup.observed_price': OfCheck & { readonly price_id: string; readonly price: Json<Price> }
  readonly 'trueup.observed_reversal': OfCheck & {
    readonly payment_id: string
    readonly reversal_ids: string
    readonly reversal: Json<{ readonly paymentId: string } & Reversal>
  }
  readonly 'trueup.observed_customer': OfCheck & {
    readonly customer_id: string
    readonly match_values: Json<readonly MatchValue[]>
    readonly customer: Packed
  }
  readonly 'trueup.observed_fact': OfCheck & {
    readonly fact_id: string
    readonly customer_id: string
    readonly user_key: string | null
    readonly organization_key: string | null
    readonly entitling: boolean
    readonly match_values: Json<readonly MatchValue[]>
    readonly fact: Packed
  }
  readonly 'trueup.observed_subject': OfCheck & {
    readonly subject_key: string
    readonly source: string
    readonly subject_type: string
    readonly agreement_key: string | null
    readonly points_to: string | null
    readonly pointer_unreadable: boolean
    readonly deleted: boolean
    readonly match_values: Json<readonly MatchValue[]>
    readonly reading: Packed
  }
  readonly 'trueup.pointed_customer': OfCheck & {
    readonly customer_id: string
    readonly found: PointedCustomer['found']
    readonly pointed: Json<PointedCustomer>
  }
  readonly 'trueup.link': OfCheck & {
    readonly subject_key: string
    readonly customer_id: string
    readonly rule: number
  }
  readonly 'trueup.candidate': OfCheck & {
    readonly customer_id: string
    readonly subject_key: string
    readonly rule: number
  }
  readonly 'trueup.known_subject': Owned & { readonly customer_id: string; readonly subject_key: string }
  readonly 'trueup.finding': OfCheck & {
    readonly pair_key: string
    readonly verdict: string
    readonly settling: boolean
    readonly drifts: Json<readonly unknown[]>
    readonly finding: Json<Finding>
  }
  readonly 'trueup.incident': Owned & {
    readonly incident_id: string
    readonly identity_key: string
    readonly state: IncidentState
    readonly severity_rank: number
    readonly opened_at: Date
    readonly incident: Json<Incident>
  }
  readonly 'trueup.incident_seen': OfCheck & { readonly incident_id: string }
  readonly 'trueup.ledger_draft': Owned & {
    readonly draft_number: Generated<number>
    readonly key: string
    readonly draft: Json<LedgerDraft>
  }
  readonly 'trueup.ledger_entry': Owned & {
    readonly sequence: number
    readonly key: string
    readonly act: LedgerAct
    readonly at: Date
    readonly incident_id: string | null
    readonly entry: Buffer
    readonly hash: Buffer
  }
  readonly 'trueup.ledger_personal': Owned & {
    readonly sequence: number
    readonly salt: Buffer
    readonly personal: string
  }
  readonly 'trueup.ledger_person': Owned & { readonly person: string; readonly sequence: number }
  readonly 'trueup.ledger_checkpoint': Owned & {
    readonly size: number
    readonly root: Buffer
    readonly range: Buffer
    readonly note: string
    readonly signed_at: Date
  }
}

/** What every statement of a project needs. */
export interface Scope {
  readonly db: Kysely<Tables>
  readonly projectId: string
  readonly workspaceId: string
  /** Nobody else cleans up after deletions: the embedded database has no background workers. */
  readonly vacuumsItself: boolean
}
