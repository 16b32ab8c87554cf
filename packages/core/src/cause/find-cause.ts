import type { IncidentKind } from '../check/verdict.ts'
import type { Cause, CauseCandidate, CauseKind, CauseLine } from './cause.ts'
import { causeKinds, confidences } from './cause.ts'
import type { CauseEvidence } from './cause-evidence.ts'
import { changeInConfig, deployBefore, priceWithoutMapping } from './causes-by-record.ts'
import { appliedLate, changeByHand, editByHand, notDelivered, withoutEffect } from './causes-by-time.ts'

type NamedKind = Exclude<CauseKind, 'unknown'>

const rules: Readonly<Record<NamedKind, (evidence: CauseEvidence) => CauseCandidate | null>> = {
  'price-without-mapping': priceWithoutMapping,
  'config-change': changeInConfig,
  'event-not-delivered': notDelivered,
  deploy: deployBefore,
  'event-applied-late': appliedLate,
  'event-without-effect': withoutEffect,
  'manual-edit': editByHand,
  'dashboard-change': changeByHand,
}

const ofAccess: readonly NamedKind[] = [
  'config-change',
  'event-not-delivered',
  'deploy',
  'event-applied-late',
  'event-without-effect',
  'manual-edit',
  'dashboard-change',
]
const ofLinks: readonly NamedKind[] = ['config-change', 'deploy', 'manual-edit']

/** What can be behind each kind. What cannot be is not looked for, however well the times would fit. */
const possible: Readonly<Record<IncidentKind, readonly NamedKind[]>> = {
  'paid-without-access': ofAccess,
  'access-without-payment': ofAccess,
  'plan-too-low': ofAccess,
  'plan-too-high': ofAccess,
  'trial-cut-short': ofAccess,
  'trial-overstayed': ofAccess,
  'entitlement-missing': ofAccess,
  'entitlement-extra': ofAccess,
  'seats-short': ofAccess,
  'seats-over': ofAccess,
  'grants-disagree': ofLinks,
  'payer-unmatched': [
    'config-change',
    'event-not-delivered',
    'deploy',
    'event-without-effect',
    'dashboard-change',
  ],
  'payer-deleted-subject': ['deploy', 'manual-edit'],
  'customer-not-found': ofLinks,
  'customer-shared': ofLinks,
  'customer-duplicate': ofLinks,
  'double-billing': ['deploy', 'dashboard-change'],
  'price-unmapped': ['price-without-mapping', 'config-change'],
  'plan-unknown': ofLinks,
  'mode-mismatch': ['config-change', 'deploy'],
  'grant-client-writable': ['config-change'],
  'refund-review': ['dashboard-change'],
  'source-unreadable': ['deploy'],
  'mass-drift': ['config-change', 'deploy'],
}

/**
 * What probably broke, decided by what was found and by nothing else. Of several that fit the surest is given, and the
 * others are named; where none fits, the cause is unknown, and the evidence says what was looked at.
 *
 * @example
 * findCause(evidence).kind // 'event-not-delivered'
 */
export function findCause(evidence: CauseEvidence): Cause {
  const fitting = possible[evidence.incident.kind]
    .flatMap((kind) => rules[kind](evidence) ?? [])
    .toSorted((a, b) => rankOf(a) - rankOf(b))
  const [first, ...others] = fitting
  if (!first) {
    return { kind: 'unknown', on: '', confidence: null, evidence: lookedAt(evidence), others: [] }
  }
  return {
    ...first,
    evidence: inOrder([...framing(evidence), ...first.evidence]),
    others: others.map(({ kind, on, confidence }) => ({ kind, on, confidence })),
  }
}

function rankOf({ kind, confidence }: CauseCandidate): number {
  return confidences.indexOf(confidence) * causeKinds.length + causeKinds.indexOf(kind)
}

/** Between when it was in order and when it was not. */
function framing({ openedAt, inOrderAt }: CauseEvidence): readonly CauseLine[] {
  return [
    ...(inOrderAt
      ? [
          {
            fact: 'last-found-in-order',
            at: inOrderAt,
            text: 'A check did not find it.',
            object: null,
          } as const,
        ]
      : []),
    { fact: 'drift-found', at: openedAt, text: 'A check found it.', object: null },
  ]
}

function lookedAt(evidence: CauseEvidence): readonly CauseLine[] {
  const { billingChangedAt, appChanged, events, eventsNotAsked } = evidence
  const lines: CauseLine[] = [...framing(evidence)]
  if (billingChangedAt) {
    lines.push({ fact: 'billing-changed', at: billingChangedAt, text: 'Billing last changed.', object: null })
  }
  if (appChanged) {
    lines.push({
      fact: 'app-changed',
      at: appChanged.at,
      text: `The app’s record last changed in ${appChanged.source}.`,
      object: null,
    })
  }
  for (const { id, type, createdAt } of events.slice(0, 5)) {
    lines.push({ fact: 'event', at: createdAt, text: `${type} was created.`, object: id })
  }
  if (eventsNotAsked !== null) {
    lines.push({
      fact: 'not-asked',
      at: null,
      text: `Stripe’s list of events is not part of this: ${eventsNotAsked}.`,
      object: null,
    })
  }
  return inOrder(lines)
}

/** As it happened; what has no moment comes last. */
function inOrder(lines: readonly CauseLine[]): readonly CauseLine[] {
  const placeOf = ({ at }: CauseLine) => at?.getTime() ?? Number.POSITIVE_INFINITY
  return lines.toSorted((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)))
}
