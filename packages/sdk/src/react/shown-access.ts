import type { AccessReason } from '../access/access-answer.ts'
import { accessReasons } from '../access/access-answer.ts'

/** What a subject may use, as a page holds it. A copy for looks: whoever uses the browser can change it. */
export interface ShownAccess {
  readonly plan: string
  readonly paid: boolean
  readonly reason: AccessReason
  /** ISO 8601; `null`: no trial. */
  readonly trialEndsAt: string | null
  /** When the plan ends unless something happens in billing, ISO 8601; `null`: it goes on, or that is not known. */
  readonly endsAt: string | null
  /** `every`: all that there is. */
  readonly entitlements: 'every' | readonly string[]
  readonly seats: number | 'unlimited' | null
}

/**
 * Reads access from what a server or Clerk gave: the answer of `billing.access()`, the same as JSON, or the `billing`
 * of `publicMetadata` (`useOrganization().organization?.publicMetadata.billing`). `null`: it is none of these.
 */
export function readShownAccess(value: unknown): ShownAccess | null {
  const { plan, paid, reason, trialEndsAt, endsAt, entitlements, seats } = Object(value)
  const known = accessReasons.find((each) => each === reason)
  if (typeof plan !== 'string' || typeof paid !== 'boolean' || known === undefined) return null
  return {
    plan,
    paid,
    reason: known,
    trialEndsAt: moment(trialEndsAt),
    endsAt: moment(endsAt),
    entitlements: entitlements === 'every' ? 'every' : texts(entitlements),
    seats: seats === 'unlimited' || typeof seats === 'number' ? seats : null,
  }
}

function moment(value: unknown): string | null {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
