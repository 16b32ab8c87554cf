import type { OnboardingFacts } from '../facts.ts'
import { judgeAccess } from './access.ts'
import { judgeDatabase } from './database.ts'
import { judgeDryRun } from './dry-run.ts'
import { judgeGoLive } from './go-live.ts'
import { judgeIdentity } from './identity.ts'
import { judgePlans } from './plans.ts'
import { judgeStack } from './stack.ts'
import type { Judged, OnboardingStep, StepKey, StepState } from './step.ts'
import { stepKeys } from './step.ts'
import { judgeStripe } from './stripe.ts'

const titles: Readonly<Record<StepKey, string>> = {
  stack: 'Stack',
  stripe: 'Stripe',
  database: 'Database',
  identity: 'Identity mapping',
  plans: 'Plan mapping',
  access: 'Access mapping',
  'dry-run': 'Dry run',
  'go-live': 'Go live',
}

const judges: Readonly<Record<StepKey, (facts: OnboardingFacts) => Judged>> = {
  stack: judgeStack,
  stripe: judgeStripe,
  database: judgeDatabase,
  identity: judgeIdentity,
  plans: judgePlans,
  access: judgeAccess,
  'dry-run': judgeDryRun,
  'go-live': judgeGoLive,
}

/**
 * How far a project is set up, from what is stored of it. There is no other record of the steps: one that is undone
 * anywhere, such as by a source that is disconnected, is not done here.
 */
export function judgeSteps(facts: OnboardingFacts): readonly OnboardingStep[] {
  return stepKeys.map((key, place) => {
    const { isUntouched, ...judged } = judges[key](facts)
    return { number: place + 1, key, title: titles[key], state: stateOf(judged, isUntouched), ...judged }
  })
}

function stateOf({ needed, warnings }: Omit<Judged, 'isUntouched'>, isUntouched: boolean): StepState {
  if (isUntouched) return 'not-started'
  if (needed.length > 0) return 'needs-something'
  return warnings.length > 0 ? 'warnings' : 'done'
}
