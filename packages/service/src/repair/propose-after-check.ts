import { SourceError } from '@trueup/core'
import type { ProjectConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import type { OpenedProject } from '../main.ts'
import { openRepairTargets } from '../repair-targets.ts'
import type { OpenedRepairs } from './open-repairs.ts'
import type { Proposals } from './propose-repairs.ts'
import { heldBackBy, proposeRepairs } from './propose-repairs.ts'
import type { RepairDependencies } from './repair-dependencies.ts'
import { storeClock } from './store-clock.ts'

/**
 * Proposes repairs for what a check has just found, where the environment says what may be written to. That nothing
 * could be proposed takes nothing away from the check: `trueup repair propose` does it later.
 *
 * @returns `null` where nothing may be written to, a brake holds proposals back, or a target does not answer
 */
export async function proposeAfterCheck(
  environment: Environment,
  config: ProjectConfig,
  project: OpenedProject,
): Promise<Proposals | null> {
  return await unlessItCannotBe(async () => {
    const clock = await storeClock(project.project, project.clock)
    const { targets, close } = await openRepairTargets(environment, config, project.project, clock)
    try {
      return await proposeOn({ ...project, clock, targets, reached: async () => {} })
    } finally {
      await close()
    }
  })
}

/** The same with targets that are open. */
export async function proposeWithTargets(project: OpenedRepairs): Promise<Proposals | null> {
  return await unlessItCannotBe(() => proposeOn(project))
}

async function proposeOn(dependencies: RepairDependencies): Promise<Proposals | null> {
  return dependencies.targets.length === 0 ? null : await proposeRepairs(dependencies)
}

async function unlessItCannotBe(propose: () => Promise<Proposals | null>): Promise<Proposals | null> {
  try {
    return await propose()
  } catch (error) {
    if (error instanceof SourceError || heldBackBy(error)) return null
    throw error
  }
}
