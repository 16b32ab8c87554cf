import type { OnboardingFacts } from '../facts.ts'
import { isAccepted, mappingLine, withoutConfig } from './mapping-lines.ts'
import type { Judged } from './step.ts'
import { line } from './step.ts'

export function judgeDryRun(facts: OnboardingFacts): Judged {
  const { config, dryRun, preview, fullCheck } = facts
  if (!config) return withoutConfig(facts, 'What would be filed')
  // A check that filed under this configuration says more than a dry run.
  const isFiled = fullCheck !== null && fullCheck.configFingerprint === config.fingerprint
  const isRunning = dryRun !== null && dryRun.finishedAt === null
  return {
    isUntouched: dryRun === null && !isFiled,
    hint: preview
      ? `${preview.total} would be filed`
      : isFiled
        ? 'Checked'
        : isRunning
          ? 'Running'
          : 'What would be filed',
    found: [
      ...(preview
        ? [
            line(
              'dry-run-result',
              `${preview.total} incidents would be filed, ${preview.counts.agrees} accounts agree`,
            ),
          ]
        : []),
      ...(isFiled && !preview
        ? [line('dry-run-result', 'A full check was made under this configuration')]
        : []),
    ],
    needed: [
      ...(isRunning ? [line('dry-run-running', 'The dry run is under way.')] : []),
      ...(dryRun === null && !isFiled
        ? [
            line(
              'dry-run-missing',
              'Nothing was checked under this configuration yet.',
              'Start the dry run: it files nothing.',
            ),
          ]
        : []),
    ],
    warnings: (preview?.warnings ?? []).filter((warning) => !isAccepted(facts, warning)).map(mappingLine),
  }
}
