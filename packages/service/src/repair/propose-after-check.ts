import { SourceError } from '@trueup/core'
import type { ProjectConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import type { OpenedProject } from '../main.ts'
import { openRepairTargets } from '../repair-targets.ts'
import type { Proposals } from './propose-repairs.ts'
import { heldBackBy, proposeRepairs } from './propose-repairs.ts'
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
  try {
    const clock = await storeClock(project.project, project.clock)
    const { targets, close } = await openRepairTargets(environment, config, project.project, clock)
    try {
      if (targets.length === 0) return null
      return await proposeRepairs({ ...project, clock, targets, reached: async () => {} })
    } finally {
      await close()
    }
  } catch (error) {
    if (error instanceof SourceError || heldBackBy(error)) return null
    throw error
  }
}
