import type { CheckRun, Rules } from '@trueup/core'
import { componentsOf } from '@trueup/core'
import type { CheckDependencies } from './check-dependencies.ts'

/** The rules of one check: the project's own, at the check's moment, with the prices that billing listed. */
export async function rulesOf(dependencies: CheckDependencies, check: CheckRun): Promise<Rules> {
  return { ...ruleBase(dependencies, check), prices: await dependencies.project.prices(check.id) }
}

/** The rules before prices are read: enough to say what a fact promises, not what it is worth. */
export function ruleBase({ config }: CheckDependencies, check: CheckRun): Rules {
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
