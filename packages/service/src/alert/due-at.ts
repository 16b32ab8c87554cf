import type { HeldFor } from '../outgoing/delivery/delivery-tables.ts'
import type { AlertRule } from './alert-rule.ts'
import { quietUntil } from './quiet-hours.ts'

/**
 * When a message is to go out: after the time in which more of its kind are gathered, not too soon after the last one
 * about the same, and outside of quiet hours, unless it is critical and the rule lets that pass.
 *
 * @param when.lastAt when the last message of this kind was due; `null`: there was none
 */
export function dueAt(
  {
    quietHours,
    gatherSeconds,
    againAfterMinutes,
  }: Pick<AlertRule, 'quietHours' | 'gatherSeconds' | 'againAfterMinutes'>,
  when: { readonly now: Date; readonly lastAt: Date | null; readonly isCritical: boolean },
): { readonly at: Date; readonly heldFor: HeldFor | null } {
  const gathered = when.now.getTime() + gatherSeconds * 1000
  const again = when.lastAt === null ? 0 : when.lastAt.getTime() + againAfterMinutes * 60_000
  const at = new Date(Math.max(gathered, again))
  const passes = quietHours === null || (when.isCritical && quietHours.criticalPasses)
  const quiet = passes ? null : quietUntil(quietHours, at)
  if (quiet) return { at: quiet, heldFor: 'quiet-hours' }
  return { at, heldFor: at > when.now ? 'gathering' : null }
}
