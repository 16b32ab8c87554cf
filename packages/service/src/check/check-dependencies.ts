import type { AccessSource, BillingSource, Clock, ProjectStore } from '@trueup/core'
import type { ProjectConfig } from '../config/project-config.ts'

/** Everything a check works with; chosen in one place, `open-project.ts`. */
export interface CheckDependencies {
  readonly project: ProjectStore
  readonly billing: BillingSource
  readonly access: readonly AccessSource[]
  readonly config: ProjectConfig
  readonly clock: Clock
  readonly incidentId: (identityKey: string) => string
}
