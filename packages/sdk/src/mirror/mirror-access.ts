import type { SubjectId } from '@trueup/core'
import type { AccessReason } from '../access/access-answer.ts'
import type { GrantedAccess } from '../access/granted-access.ts'
import { BillingError } from '../billing-error.ts'
import { stripeCustomerOf } from '../customer/stripe-customer-of.ts'
import type { SharedFrame } from '../frame.ts'
import type { LeasedWork, SubjectRecord } from '../store/store.ts'
import { answerOf } from '../vendor/vendor.ts'
import { workOn } from '../work/work-on.ts'

/**
 * Plan facts as they stand in Clerk's `publicMetadata`, under one key of ours. For looks: gates read the store. What is
 * `null` here is absent there, since a merge patch removes it.
 */
export interface MirroredAccess {
  readonly plan: string
  readonly paid: boolean
  readonly reason: AccessReason
  /** ISO 8601; `null`: no trial. */
  readonly trialEndsAt?: string | null
  readonly entitlements: readonly string[]
  readonly seats?: number | null
}

/**
 * More than this and a session token that carries the metadata outgrows its cookie; Clerk advises to keep custom claims
 * under 1.2 KB. https://clerk.com/docs/backend-requests/resources/session-tokens
 */
const mostBytes = 1_024

/** What is mirrored of an access. Features are left out where they would take too much room. */
export function mirroredAccess(granted: GrantedAccess, reason: AccessReason): MirroredAccess {
  const whole: MirroredAccess = {
    plan: granted.plan,
    paid: granted.paid,
    reason,
    trialEndsAt: granted.trialEndsAt?.toISOString() ?? null,
    entitlements: granted.entitlements === 'every' ? [] : granted.entitlements,
    seats: granted.seats === 'unlimited' ? null : granted.seats,
  }
  const bytes = new TextEncoder().encode(JSON.stringify(whole)).length
  return bytes <= mostBytes ? whole : { ...whole, entitlements: [] }
}

/**
 * Puts what is granted into Clerk's metadata: a merge patch of our own keys, one call, and none where Clerk was told
 * already. Of one subject it is told at most eight times in ten seconds.
 */
export async function mirrorAccess(frame: SharedFrame, subject: SubjectId, work: LeasedWork): Promise<void> {
  const record = await frame.store.subject(subject)
  const wanted = record && !record.deletedAt ? wantedOf(frame, record) : null
  const text = wanted && JSON.stringify(wanted)
  const isTold = text === null || text === record?.mirrored
  if (record && wanted && !isTold) {
    keepRate(record, frame.clock.now())
    await patch(frame, subject, wanted)
  }
  await frame.store.unit(async (unit) => {
    // The subject before the work, in this order everywhere, so that nobody waits for each other.
    const locked = await unit.lockSubject(subject)
    await unit.finishWork(work)
    if (isTold) return
    const now = frame.clock.now()
    await unit.saveSubject({ ...locked, mirrored: text, mirrorWrites: [...recent(locked, now), now] })
    // Whoever wrote meanwhile may have been overtaken on the way to Clerk by what was sent here.
    const isBehind = JSON.stringify(wantedOf(frame, locked)) !== text
    if (isBehind) await unit.putWork(workOn('mirror', subject, new Date(now.getTime() + settleMs)))
  })
}

const windowMs = 10_000
/** Of the ten writes in ten seconds that Clerk takes of one object, some are left to the app. */
const mostInWindow = 8
/** How long a write that may have been overtaken is left to arrive, before it is made good. */
const settleMs = 1_000

function recent({ mirrorWrites }: SubjectRecord, now: Date): readonly Date[] {
  return mirrorWrites.filter((write) => Math.abs(now.getTime() - write.getTime()) < windowMs)
}

function keepRate(record: SubjectRecord, now: Date): void {
  const writes = recent(record, now)
  const [oldest] = writes
  if (!oldest || writes.length < mostInWindow) return
  throw new BillingError({
    code: 'rate-limited',
    message: `Clerk was told of ${record.subject.id} ${writes.length} times in ten seconds, and takes ten writes.`,
    fix: 'It is told again in a moment, by itself.',
    retryable: true,
    retryAfterMs: Math.max(0, oldest.getTime() + windowMs - now.getTime()),
  })
}

interface Wanted {
  readonly publicMetadata: Readonly<Record<string, unknown>>
  readonly privateMetadata: Readonly<Record<string, unknown>>
}

function wantedOf(frame: SharedFrame, record: SubjectRecord): Wanted {
  const { mirror = {} } = frame.options
  const { key = 'billing', customerKey = 'stripe_customer_id' } = mirror === false ? {} : mirror
  const { granted, reason } = record
  const customerId = frame.seller.hasCustomers ? stripeCustomerOf(record) : null
  return {
    publicMetadata: granted && reason ? { [key]: mirroredAccess(granted, reason) } : {},
    privateMetadata: customerId ? { [customerKey]: customerId } : {},
  }
}

async function patch(frame: SharedFrame, subject: SubjectId, wanted: Wanted): Promise<void> {
  try {
    await frame.clerk.call(
      (clerk): Promise<unknown> =>
        subject.type === 'organization'
          ? clerk.organizations.updateOrganizationMetadata(subject.id, { ...wanted })
          : clerk.users.updateUserMetadata(subject.id, { ...wanted }),
    )
  } catch (error) {
    const { status } = answerOf(error)
    // Deleted meanwhile, which Clerk tells by an event of its own.
    if (status === 404) return
    if (status !== 422 && status !== 413) throw error
    throw new BillingError({
      code: 'metadata-full',
      message: `Clerk did not take the plan facts of ${subject.id} into its metadata, which holds at most 8 KB.`,
      fix: 'Keep less in the metadata of the user or organization, or set `mirror: false`.',
      cause: error,
    })
  }
}
