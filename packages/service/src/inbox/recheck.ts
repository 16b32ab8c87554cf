import { subjectOfKey } from '@trueup/core'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import { runSingleCheck } from '../check/single/run-single-check.ts'
import type { CheckDueOptions } from './check-due.ts'

/**
 * A single check as `checkDue` wants it, of a project that is open: checks, says when a side that is settling is to be
 * read again, and leaves it to the later of two checks of one pair to count.
 *
 * @example
 * await checkDue({ ...service, recheck: recheckOf(opened), payerOf: payersOf(service.projects) }, tenant, signal)
 */
export function recheckOf(dependencies: CheckDependencies): CheckDueOptions['recheck'] {
  return async (_, target) => {
    const asked =
      target.kind === 'customer' ? { customerId: target.id } : { subject: subjectOfKey(target.id) }
    const outcome = await runSingleCheck(dependencies, asked, { dryRun: false })
    return outcome.superseded ? { kind: 'superseded' } : { kind: 'checked', againAt: outcome.settlesAt }
  }
}
