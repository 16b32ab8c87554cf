import type { OnboardingFacts } from '../facts.ts'
import type { MappingWarning } from '../mapping-warnings.ts'
import type { Judged, StepLine } from './step.ts'
import { line } from './step.ts'

export function withoutConfig({ kept, configVersion }: OnboardingFacts, hint: string): Judged {
  const isKept = configVersion !== null
  return {
    isUntouched: kept.draft === null && !isKept,
    hint,
    found: [],
    needed: [
      isKept
        ? line(
            'config-unreadable',
            'The configuration is not one that this version takes.',
            'Look at what is wrong with it, and save it again.',
          )
        : line(
            'config-missing',
            'No configuration is saved yet.',
            'Map identity, plans and access, then save.',
          ),
    ],
    warnings: [],
  }
}

export function warningsAt(facts: OnboardingFacts, step: MappingWarning['step']): readonly StepLine[] {
  const { preview } = facts
  return (preview?.warnings ?? [])
    .filter((warning) => warning.step === step && !isAccepted(facts, warning))
    .map(mappingLine)
}

export function mappingLine({ message, fix }: MappingWarning): StepLine {
  return line('mapping-warning', message, fix)
}

/** A person looked at it and takes it for right. */
export function isAccepted({ kept }: OnboardingFacts, { code, on }: MappingWarning): boolean {
  return kept.answers.acceptedWarnings.includes(on === null ? code : `${code}:${on}`)
}
