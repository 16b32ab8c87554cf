import type { OnboardingFacts } from '../facts.ts'
import { warningsAt, withoutConfig } from './mapping-lines.ts'
import type { Judged } from './step.ts'
import { line } from './step.ts'

export function judgeAccess(facts: OnboardingFacts): Judged {
  const { config, preview } = facts
  if (!config) return withoutConfig(facts, 'Which fields say who has paid')
  const fields = preview?.fields ?? []
  return {
    isUntouched: false,
    hint: config.access.map(({ name }) => name).join(', '),
    found: [
      ...config.access.map((source) =>
        line(
          'fields',
          `${source.name}: ${Object.keys(source.mappings)
            .map((type) => `${type}s`)
            .join(' and ')}`,
        ),
      ),
      ...fields.map(({ path, seen, sampled }) => line('fields', `${path}: on ${seen} of ${sampled}`)),
    ],
    needed: [],
    warnings: warningsAt(facts, 'access'),
  }
}
