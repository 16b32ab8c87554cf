import type { OnboardingFacts } from '../facts.ts'
import { warningsAt, withoutConfig } from './mapping-lines.ts'
import type { Judged } from './step.ts'
import { line } from './step.ts'

export function judgePlans(facts: OnboardingFacts): Judged {
  const { config } = facts
  if (!config) return withoutConfig(facts, 'Which price buys which plan')
  const { plans, addOns, seatPacks } = config.catalogue
  const besides = addOns.length + seatPacks.length
  return {
    isUntouched: false,
    hint: `${plans.length} plans`,
    found: [
      line('plans', plans.map(({ id }) => id).join(' < ')),
      ...(besides > 0 ? [line('add-ons', `${besides} add-ons and seat packs`)] : []),
    ],
    needed:
      plans.length > 1
        ? []
        : [line('plans', 'Only the free plan is there.', 'Add each plan that is sold, with its prices.')],
    warnings: warningsAt(facts, 'plans'),
  }
}
