import type { Access } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { freeAccess, joinAccess, latestDate, planRank, sortedUnique } from '../access/order.ts'
import type { Exception, Promised } from './promised.ts'

/**
 * Widens what is allowed by the exceptions made for this subject: a comped account, staff, a partner. What is owed
 * stays, since nobody pays for an exception. An exception that has run out does nothing.
 *
 * A plan brings along what it sells: the paid flag, its entitlements, its seats.
 *
 * @param exceptions Those of this subject.
 *
 * @example
 * withExceptions(promised, [{ subject: 'user_1', allowed: { plan: 'pro' }, reason: 'partner', ... }], now, catalogue)
 *   .allowed.plan // 'pro'
 */
export function withExceptions(
  promised: Promised,
  exceptions: readonly Exception[],
  now: Date,
  catalogue: Catalogue,
): Promised {
  const running = exceptions.filter(({ until }) => until === null || until > now)
  if (running.length === 0) return promised
  const allowed = running
    .map((exception) => exceptionAccess(exception, catalogue))
    .reduce((a, b) => joinAccess(a, b, catalogue), promised.allowed)
  return { ...promised, allowed }
}

function exceptionAccess({ allowed }: Exception, catalogue: Catalogue): Access {
  const free = freeAccess(catalogue)
  const rank = allowed.plan === undefined ? 0 : planRank(catalogue, allowed.plan)
  const plan = catalogue.plans[rank]
  if (rank === 0 || !plan) return { ...free, ...allowed }
  const entitlements =
    allowed.entitlements === 'every'
      ? 'every'
      : sortedUnique([...plan.entitlements, ...(allowed.entitlements ?? [])])
  return {
    plan: plan.id,
    paid: allowed.paid ?? true,
    // As for whoever pays, a trial end still on record decides nothing.
    trialEndsAt: allowed.trialEndsAt === undefined ? latestDate : allowed.trialEndsAt,
    entitlements,
    // A plan without a fixed number of seats gives none that an exception could be held to.
    seats: allowed.seats ?? (typeof plan.seats === 'number' ? plan.seats : 'unlimited'),
  }
}
