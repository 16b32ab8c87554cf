import type { Clock, RepairStore } from '@trueup/core'

/**
 * A clock that shows the time of the store, so that processes on several machines count the same hours of an approval
 * and the same seconds to a deadline. What is written never rests on it: the target looks at its own clock.
 *
 * @param clock of this machine; used as it is where the store has no time of its own
 */
export async function storeClock(store: Pick<RepairStore, 'storeTime'>, clock: Clock): Promise<Clock> {
  const time = await store.storeTime()
  if (time === null) return clock
  const aheadMs = time.getTime() - clock.now().getTime()
  return { now: () => new Date(clock.now().getTime() + aheadMs) }
}
