import type { CannotTell, Drift, IncidentKind } from '../check/verdict.ts'
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

/** Among the drifts of a check, those of one component and direction that make one cause likely. */
const alikeShare = 0.6
/** Of all matched subjects, those that must drift alike before their share of the drifts says anything. */
const fewestAlike = (matched: number) => Math.max(25, Math.floor(matched * 0.05))

/**
 * Which drifts are so many that a wrong mapping or a half-read source is likelier than so many drifts: more than the
 * limit, or, where the project sets none, most of all that drift while they are many (one price mapped to the wrong
 * plan touches only those who pay it), or many in both directions of one component (two prices exchanged).
 *
 * @param drifting How many pairs drift in all.
 */
export function collapsed(
  tally: readonly DriftTally[],
  policy: Policy,
  { matched, drifting }: { readonly matched: number; readonly drifting: number },
): readonly DriftTally[] {
  const limit = collapseLimit(policy, matched)
  const isAlike = ({ pairs }: DriftTally) =>
    policy.brake.collapse === null && pairs > fewestAlike(matched) && pairs > drifting * alikeShare
  const suspect = new Set([
    ...tally.filter((line) => line.pairs > limit || isAlike(line)).map(({ component }) => component),
    ...(policy.brake.collapse === null ? exchanged(tally, { matched, drifting, limit }) : []),
  ])
  // Where a component is suspect, what drifts the other way in it has the same cause: two prices exchanged, say.
  const isSwept = ({ component, pairs }: DriftTally) => suspect.has(component) && pairs > fewestAlike(matched)
  return tally.filter((line) => line.pairs > limit || isAlike(line) || isSwept(line))
}

/**
 * Components that drift in both directions, many each way: two prices exchanged show so, and where about as many pay
 * for one as for the other, neither direction alone is large.
 */
function exchanged(
  tally: readonly DriftTally[],
  of: { readonly matched: number; readonly drifting: number; readonly limit: number },
): readonly string[] {
  const many = tally.filter(({ pairs }) => pairs > fewestAlike(of.matched))
  return [...new Set(many.map(({ component }) => component))].filter((component) => {
    const lines = many.filter((line) => line.component === component)
    const pairs = lines.reduce((sum, line) => sum + line.pairs, 0)
    const isBothWays = new Set(lines.map(({ hurts }) => hurts)).size > 1
    return isBothWays && (pairs > of.limit || pairs > of.drifting * alikeShare)
  })
}

/** One incident in place of many alike, whatever the kinds in which their one cause shows. */
export function collapseDrift(
  lines: readonly DriftTally[],
  matched: number,
  examples: readonly Drift[],
): Drift {
  const most = Math.max(...lines.map(({ pairs }) => pairs))
  const kinds = lines.map(({ kind, component, pairs }) => `${kind} (${component}): ${pairs}`)
  return brakeDrift({
    on: 'collapse',
    hurts: examples[0]?.hurts ?? 'both',
    sentence:
      `${most} of ${matched} matched subjects drift the same way, ${kinds.join(', ')}. ` +
      'A mapping, the catalogue or a source is likelier to be wrong than all of them.',
    touches: examples.map((example) => example.on),
    evidence: examples.flatMap((example) => example.evidence.slice(0, 6)),
    granted: most,
    allowed: matched,
  })
}

/** Of so many it could not be told that the mapping or the catalogue is likelier to be wrong than all of them. */
export function undecidedDrift(
  { undecided, matched }: { readonly undecided: number; readonly matched: number },
  examples: readonly { readonly on: string; readonly reason: CannotTell }[],
): Drift {
  const reasons = [...new Set(examples.map(({ reason }) => `${reason.found}; needed: ${reason.needed}`))]
  return brakeDrift({
    on: 'cannot-tell',
    hurts: 'both',
    sentence:
      `Of ${undecided} subjects it could not be told whether they have what was paid for, such as ${reasons.slice(0, 3).join(', ')}. ` +
      'A mapping or the catalogue is likelier to be wrong than all of them.',
    touches: examples.map(({ on }) => on),
    evidence: [],
    granted: undecided,
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

/** The identities of the incidents that stand for many, in whose place none of the many is opened. */
export const collapseIdentities: readonly string[] = [
  'mass-drift|collapse|brake',
  'mass-drift|cannot-tell|brake',
]
