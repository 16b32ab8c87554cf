import type { Drift, IncidentKind } from '../check/verdict.ts'
import type { Policy } from '../promise/policy.ts'

/** Pairs that drift in one component and direction. */
export interface DriftTally {
  readonly kind: IncidentKind
  readonly component: string
  readonly hurts: string
  readonly pairs: number
}

/** The number of newly drifting subjects above which repairs are held until a person releases them. */
export function holdLimit(policy: Policy, matched: number): number {
  return policy.brake.hold ?? Math.max(25, Math.floor(matched * 0.005))
}

/** The number of pairs in one component and direction above which one incident stands for them all. */
export function collapseLimit(policy: Policy, matched: number): number {
  return policy.brake.collapse ?? Math.max(20, Math.floor(matched * 0.2))
}

/** Which drifts are so many that a wrong mapping or a half-read source is likelier than so many drifts. */
export function collapsed(
  tally: readonly DriftTally[],
  policy: Policy,
  matched: number,
): readonly DriftTally[] {
  const limit = collapseLimit(policy, matched)
  return tally.filter((line) => line.pairs > limit)
}

/** One incident in place of many alike. */
export function collapseDrift(line: DriftTally, matched: number, examples: readonly Drift[]): Drift {
  return brakeDrift({
    on: `${line.kind}|${line.component}`,
    hurts: examples[0]?.hurts ?? 'both',
    sentence:
      `${line.pairs} of ${matched} matched subjects drift the same way (${line.kind}, ${line.component}): ` +
      'a mapping, the catalogue or a source is likelier to be wrong than all of them.',
    touches: examples.map((example) => example.on),
    evidence: examples.flatMap((example) => example.evidence.slice(0, 6)),
    granted: line.pairs,
    allowed: matched,
  })
}

/** Incidents are filed; repairs wait for a person. */
export function holdDrift(newlyDrifting: number, limit: number, examples: readonly string[]): Drift {
  return brakeDrift({
    on: 'hold',
    hurts: 'both',
    sentence:
      `${newlyDrifting} subjects newly drift in one check, more than ${limit}: ` +
      'repairs are held until a person releases them.',
    touches: examples,
    evidence: [],
    granted: newlyDrifting,
    allowed: limit,
  })
}

function brakeDrift(
  said: Pick<Drift, 'on' | 'hurts' | 'sentence' | 'touches' | 'evidence' | 'granted' | 'allowed'>,
): Drift {
  return {
    kind: 'mass-drift',
    component: 'brake',
    owed: null,
    subject: null,
    customerId: null,
    access: null,
    moneyAtRisk: null,
    moneyNote: 'Summed over the incidents, where they are filed.',
    ...said,
  }
}
