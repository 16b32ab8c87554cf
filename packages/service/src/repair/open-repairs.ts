import type { ProjectConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import type { OpenedProject, ProjectOptions } from '../main.ts'
import { openProject } from '../main.ts'
import { openRepairTargets } from '../repair-targets.ts'
import type { RepairDependencies } from './repair-dependencies.ts'
import { repairPoints } from './repair-points.ts'
import { storeClock } from './store-clock.ts'

export type OpenedRepairs = OpenedProject & RepairDependencies

/**
 * Puts a project together with what its repairs may be written to.
 *
 * @throws UsageError, SourceError, StoreError as `openProject` and `openRepairTargets` do
 */
export async function openRepairs(
  environment: Environment,
  config: ProjectConfig,
  options: ProjectOptions,
): Promise<OpenedRepairs> {
  const project: OpenedProject = await openProject(environment, config, options)
  try {
    const clock = await storeClock(project.project, project.clock)
    const { targets, close } = await openRepairTargets(environment, config, project.project, clock)
    return {
      ...project,
      clock,
      targets,
      reached: endAt(environment),
      close: async () => {
        await close()
        await project.close()
      },
    }
  } catch (error) {
    await project.close()
    throw error
  }
}

/**
 * Ends the process as a power cut would, at the n-th time that it reaches a point: `CRASH_AT=after-write:1`. It is for
 * trials of what is left behind then.
 */
function endAt(environment: Environment): RepairDependencies['reached'] {
  const [point, time = '1'] = environment.secretNamed('CRASH_AT')?.reveal().split(':') ?? []
  if (!repairPoints.some((known) => known === point)) return async () => {}
  let times = 0
  return async (reached) => {
    if (reached === point && ++times === Number(time)) process.kill(process.pid, 'SIGKILL')
  }
}
