import type { OnboardingFacts } from '../facts.ts'
import { warningsAt, withoutConfig } from './mapping-lines.ts'
import type { Judged } from './step.ts'
import { line } from './step.ts'

export function judgeIdentity(facts: OnboardingFacts): Judged {
  const { config, preview } = facts
  if (!config) return withoutConfig(facts, 'Which customer is which account')
  const isOnlyClerk = config.access.every(({ kind }) => kind === 'clerk')
  const isByPointer = config.match.some(({ from }) => from.kind === 'customer.id')
  const types = config.access.flatMap(({ mappings }) => Object.keys(mappings))
  const matched = preview?.matching
  return {
    isUntouched: false,
    hint:
      isOnlyClerk && isByPointer
        ? 'Matched automatically'
        : `${config.match.length} match ${config.match.length === 1 ? 'rule' : 'rules'}`,
    found: [
      isOnlyClerk && isByPointer
        ? line('matched-automatically', 'Matched automatically for Clerk')
        : line('match-rules', config.match.map(({ text }) => text).join(', then ')),
      ...(types.includes('organization') ? [line('organizations', 'Organizations are mapped too')] : []),
      ...(matched
        ? [
            line(
              'match-counts',
              `${matched.byRule.reduce((sum, { paying }) => sum + paying, 0)} paying customers found their account, ${matched.unmatched.paying} did not, ${matched.ambiguous.paying} fit several`,
            ),
          ]
        : []),
    ],
    needed: [],
    warnings: warningsAt(facts, 'identity'),
  }
}
