import { subjectOfKey } from '@trueup/core'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import { runSingleCheck } from '../check/single/run-single-check.ts'
import type { CheckDueOptions } from './check-due.ts'
import type { ProjectTenant } from './tables.ts'

/**
 * A single check as {@link checkDue} wants it: checks, says when a side that is settling is to be read again, and leaves
 * it to the later of two checks of one pair to count.
 *
 * @param using opens the sources of a project, hands them on and closes them again
 * @example
 * const recheck = recheckWith((tenant, work) => withServiceProject(service, tenant, work))
 */
export function recheckWith(
  using: <T>(tenant: ProjectTenant, work: (dependencies: CheckDependencies) => Promise<T>) => Promise<T>,
): CheckDueOptions['recheck'] {
  return (tenant, target) =>
    using(tenant, async (dependencies) => {
      const asked =
        target.kind === 'customer' ? { customerId: target.id } : { subject: subjectOfKey(target.id) }
      const outcome = await runSingleCheck(dependencies, asked, { dryRun: false })
      return outcome.superseded ? { kind: 'superseded' } : { kind: 'checked', againAt: outcome.settlesAt }
    })
}
