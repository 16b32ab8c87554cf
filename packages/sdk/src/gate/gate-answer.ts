import type { SubjectId } from '@trueup/core'
import type { AccessAnswer, AccessReason } from '../access/access-answer.ts'

/** Why a gate is closed. Closed list. */
export const gateCodes = [
  /** 401: nobody is signed in. */
  'signed-out',
  /** 401: signed in, with no organization active where organizations are billed. */
  'organization-missing',
  /** 402: what was bought does not stand any more. */
  'subscription-inactive',
  /** 403: the plan does not have what is asked for. */
  'plan-upgrade-required',
  /** 403: more seats are needed than there are. */
  'seats-exhausted',
  /** 403: billing holds something that cannot be told, or was not read for too long, and what is sure is not enough. */
  'access-unknown',
  /** 404: the user or organization was deleted, or billing does not know it. */
  'subject-unknown',
  /** 503: the store did not answer, and nothing recent enough is in the cache. */
  'access-unreadable',
] as const
export type GateCode = (typeof gateCodes)[number]

export interface GatePass {
  readonly open: true
  readonly status: 200
  readonly access: AccessAnswer
}

export interface GateRefusal {
  readonly open: false
  readonly status: 401 | 402 | 403 | 404 | 503
  readonly code: GateCode
  /** For people, in English: "Plan upgrade required". */
  readonly message: string
  readonly subject: SubjectId | null
  /** What the subject has; `null` where nobody is known of whom it could be told. */
  readonly current: { readonly plan: string; readonly seats: AccessAnswer['seats'] } | null
  readonly required: Required
  /** Why access is what it is; `null`: it was not read. */
  readonly reason: AccessReason | null
  /** How long ago billing was read for this, in milliseconds; `null`: never. */
  readonly ageMs: number | null
}

/** What would open a gate. */
interface Required {
  /** Plans that would, lowest first. Empty: none does by itself, as where an add-on sells the feature. */
  readonly plans: readonly string[]
  /** Features that were asked for, all of them; empty where a plan or seats were. */
  readonly features: readonly string[]
  /** Seats that were asked for. */
  readonly seats: number | null
}

/** What a gate says: open with the access, or closed with the reason. A gate that cannot tell is closed. */
export type GateAnswer = GatePass | GateRefusal

/** Asks whether somebody may pass. `Auth` is what Clerk's own SDK says of the session; `null` is nobody. */
export type Gate<Auth> = (auth: Auth | null) => Promise<GateAnswer>
