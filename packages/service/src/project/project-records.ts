import type { Clock, ProjectStore } from '@trueup/core'
import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { openProjectStore } from '../store/index.ts'
import { requireConfigVersion } from './config-versions.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'

/** A project as what works on its records alone needs it: none of its sources is opened, and no secret. */
export interface ProjectRecords {
  readonly project: ProjectStore
  /** As it holds now. */
  readonly config: ProjectConfig
  readonly clock: Clock
}

/** @throws ProjectError `config-missing` */
export async function openProjectRecords(
  { database, clock }: Pick<ProjectService, 'database' | 'clock'>,
  tenant: ProjectTenant,
): Promise<ProjectRecords> {
  const { document } = await requireConfigVersion({ database }, tenant)
  return { project: openProjectStore(database, tenant), config: parseConfig(document), clock }
}
