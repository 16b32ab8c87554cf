import type { SubjectId } from '@trueup/core'
import type { SharedFrame } from '../frame.ts'
import { workOn } from './work-on.ts'

/** Events are remembered for so long, since replays and twins may come late. */
const rememberedMs = 45 * 86_400_000
const hourMs = 3_600_000
const sweepLimit = 100

/** Has subjects read whose billing was not read for `sweepHours`, and forgets events of long ago. */
export async function sweep(frame: SharedFrame): Promise<void> {
  const now = frame.clock.now()
  const before = new Date(now.getTime() - frame.sweepHours * hourMs)
  await frame.store.unit(async (unit) => {
    const subjects: readonly SubjectId[] = await unit.subjectsReadBefore(before, sweepLimit)
    for (const subject of subjects) await unit.putWork(workOn('read', subject, now))
  })
  await frame.store.unit((unit) => unit.forgetEvents(new Date(now.getTime() - rememberedMs)))
}
