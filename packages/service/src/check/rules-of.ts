import type { CheckRun, Rules } from '@trueup/core'
import { asException, componentsOf } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'

/** The rules of one check: the project's own, at the check's moment, with the prices that billing listed. */
export async function rulesOf(
  dependencies: Pick<CheckDependencies, 'project' | 'config'>,
  check: CheckRun,
): Promise<Rules> {
  const { project } = dependencies
  const [prices, rules] = await Promise.all([project.prices(check.id), rulesUnpriced(dependencies, check)])
  return { ...rules, prices }
}

/** The rules where billing has not listed its prices: what is open unpaid cannot be said in money. */
export async function rulesUnpriced(
  dependencies: Pick<CheckDependencies, 'project' | 'config'>,
  check: Pick<CheckRun, 'asOf'>,
): Promise<Rules> {
  const { project, config } = dependencies
  // The team's own exceptions are read anew for each check and each repair, so that none rests on one that has ended.
  const kept = await project.exceptionsToWeigh()
  return { ...ruleBase(dependencies, check), exceptions: [...config.exceptions, ...kept.map(asException)] }
}

/** The rules before prices are read: enough to say what a fact promises, not what it is worth. */
export function ruleBase(
  { config }: Pick<CheckDependencies, 'config'>,
  check: Pick<CheckRun, 'asOf'>,
): Rules {
  return {
    catalogue: config.catalogue,
    policy: config.policy,
    match: config.match,
    exceptions: config.exceptions,
    mapped: config.access.map(componentsOf),
    prices: [],
    now: check.asOf,
  }
}
