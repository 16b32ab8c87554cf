import type { PlanId } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { foundText } from './found-text.ts'
import type { Read } from './granted.ts'
import { isAbsent } from './read-path.ts'

export interface PlanReading {
  readonly plan: Read<PlanId>
  /** A word that no plan of the catalogue goes by, without its case, so that it is reported once for all subjects. */
  readonly unknownPlanValue: string | null
}

/**
 * Reads the plan that the app stored, by the ids and values of the catalogue, compared without case and outer blanks.
 *
 * @example
 * readPlan('PRO', catalogue).plan // { state: 'value', value: 'pro' }
 */
export function readPlan(value: unknown, catalogue: Catalogue): PlanReading {
  if (isAbsent(value)) return { plan: { state: 'absent' }, unknownPlanValue: null }
  if (typeof value !== 'string') {
    return {
      plan: { state: 'unreadable', found: foundText(value), needed: 'the name of a plan, as text' },
      unknownPlanValue: null,
    }
  }
  const word = planWord(value)
  const known = catalogue.plans.find((plan) =>
    [plan.id, ...plan.values].some((name) => planWord(name) === word),
  )
  if (known) return { plan: { state: 'value', value: known.id }, unknownPlanValue: null }
  return {
    plan: {
      state: 'unreadable',
      found: foundText(value),
      needed: `one of ${planNames(catalogue).join(', ')}`,
    },
    unknownPlanValue: foundText(word).slice(1, -1),
  }
}

/** The one spelling under which two names of a plan are the same. */
export function planWord(name: string): string {
  return name.trim().toLowerCase()
}

function planNames(catalogue: Catalogue): readonly string[] {
  return [...new Set(catalogue.plans.flatMap((plan) => [plan.id, ...plan.values].map(planWord)))]
}
