import type { RepairTarget } from '@trueup/core'
import type { CheckDependencies } from '../check/check-dependencies.ts'
import type { RepairPoint } from './repair-points.ts'

/** Everything that repairs work with: what a check works with, and where may be written. */
export interface RepairDependencies extends CheckDependencies {
  /** One for each access source that may be written to; without one, repairs of that source are steps for a person. */
  readonly targets: readonly RepairTarget[]
  /** Told at each named point of a repair, so that a trial can end the process there. */
  readonly reached: (point: RepairPoint) => Promise<void>
}
