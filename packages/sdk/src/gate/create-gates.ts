import type { Clock, SubjectId } from '@trueup/core'
import type { AccessAnswer } from '../access/access-answer.ts'
import type { Billing } from '../billing.ts'
import { BillingError } from '../billing-error.ts'
import type { Actor } from '../subject/actor.ts'
import { systemClock } from '../system.ts'
import { createAccessCache } from './access-cache.ts'
import type { Gate } from './gate-answer.ts'
import { judge, refuse } from './judge.ts'
import type { Requirement } from './requirement.ts'
import { featureRequirement, planRequirement, seatsRequirement } from './requirement.ts'

export interface GateOptions {
  /**
   * How long an answer is kept in this process, in milliseconds, 0 to 60,000. Other processes' changes are seen after at
   * most so long; those that this process writes, such as by a webhook, at once. Default 5,000. 0: nothing is kept.
   */
  readonly maxAgeMs?: number
  /** Of how many subjects answers are kept. Default 10,000. */
  readonly mostSubjects?: number
  /** Time, for tests. Default: the machine's. */
  readonly clock?: Clock
}

export interface Gates {
  /**
   * Open for whoever has one of these plans or one above the lowest of them.
   *
   * @throws BillingError `options-invalid` for a plan that the catalogue does not have
   */
  requirePlan(...plans: readonly [string, ...string[]]): Gate<Actor>
  /** Open for whoever has all of these features, by plan or by add-on. */
  requireFeature(...features: readonly [string, ...string[]]): Gate<Actor>
  /**
   * Open where there is room for so many seats: those in use and those that are to be added. Where a plan says nothing
   * of seats they play no part.
   *
   * @example
   * gates.requireSeats(async ({ id }) => (await countMembers(id)) + 1)
   */
  requireSeats(seats: number | ((subject: SubjectId) => number | Promise<number>)): Gate<Actor>
  /** What a subject may use, from the cache where it is recent enough. */
  access(subject: SubjectId): Promise<AccessAnswer>
  /** Ends listening to billing. */
  close(): void
}

/**
 * Server-side gates over `billing.access`, with a short cache in this process that webhooks invalidate.
 *
 * They answer 401, 402, 403 or 404 with a code, the current and the required plans, the reason and the age of the
 * knowledge. Where the store does not answer they are closed, with 503.
 *
 * @throws BillingError `options-invalid`
 *
 * @example
 * const gates = createGates(billing)
 * const pro = gates.requirePlan('pro')
 * const answer = await pro(await auth())
 * if (!answer.open) return refusalResponse(answer)
 */
export function createGates(
  billing: Pick<Billing, 'access' | 'catalogue' | 'onChange' | 'subjectOf'>,
  options: GateOptions = {},
): Gates {
  const { maxAgeMs = 5_000, mostSubjects = 10_000, clock = systemClock } = options
  checkBound('maxAgeMs', maxAgeMs, 0, 60_000)
  checkBound('mostSubjects', mostSubjects, 1, 1_000_000)
  const cache = createAccessCache(billing.access, { maxAgeMs, mostSubjects, clock })
  const close = billing.onChange(({ subject }) => cache.forget(subject))
  const { catalogue } = billing

  type Asked = Requirement | ((subject: SubjectId) => Promise<Requirement>)
  const gateFor =
    (asked: Asked): Gate<Actor> =>
    async (actor) => {
      const subject = actor && billing.subjectOf(actor)
      const isFixed = typeof asked !== 'function'
      if (!subject) return refuse(unknownActor(actor), isFixed ? asked : null)
      const requirement = isFixed ? asked : await asked(subject)
      try {
        const found = cache.access(subject)
        return judge(requirement, 'plan' in found ? found : await found)
      } catch (error) {
        if (!(error instanceof BillingError && error.code === 'store-failed')) throw error
        return refuse('access-unreadable', requirement, { subject })
      }
    }
  return {
    requirePlan: (...plans) => gateFor(planRequirement(catalogue, plans)),
    requireFeature: (...features) => gateFor(featureRequirement(catalogue, features)),
    requireSeats: (seats) =>
      gateFor(
        typeof seats === 'number'
          ? seatsRequirement(catalogue, seats)
          : async (subject) => seatsRequirement(catalogue, await seats(subject)),
      ),
    access: async (subject) => cache.access(subject),
    close,
  }
}

function unknownActor(actor: Actor | null): 'signed-out' | 'organization-missing' {
  return actor && 'userId' in actor && actor.userId ? 'organization-missing' : 'signed-out'
}

function checkBound(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  throw new BillingError({
    code: 'options-invalid',
    message: `${name} is ${value}; it takes a whole number from ${least} to ${most}.`,
    fix: 'Give a number in these bounds, or leave it out.',
  })
}
