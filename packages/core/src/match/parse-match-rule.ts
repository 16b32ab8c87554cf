import type { Parsed } from '../refusal.ts'
import type { MatchRule } from './rule.ts'

export type MatchRuleRefusalCode = 'match-from-unknown' | 'match-to-unknown' | 'match-malformed'

const examples = [
  'customer.id',
  'customer.metadata.user_id',
  'subscription.metadata.org_id',
  'checkout.client_reference_id',
  'customer.email',
] as const

/** What each left side may answer to, its default first. */
const targets: Readonly<Record<MatchRule['from']['kind'], readonly [MatchRule['to'], ...MatchRule['to'][]]>> =
  {
    'customer.id': ['customerId', 'id', 'externalId'],
    'customer.metadata': ['id', 'externalId', 'email'],
    'subscription.metadata': ['id', 'externalId', 'email'],
    'checkout.client_reference_id': ['id', 'externalId', 'email'],
    'customer.email': ['email'],
  }

/**
 * Reads a match rule: what billing says of the customer, and, after an arrow, the field of the subject that it is
 * compared with. Without an arrow it is `customerId` for the customer's id, `email` for its address, else `id`.
 *
 * @example
 * parseMatchRule('customer.metadata.user_id -> externalId')
 */
export function parseMatchRule(text: string): Parsed<MatchRule, MatchRuleRefusalCode> {
  const [left = '', right, ...more] = text.split('->').map((side) => side.trim())
  if (more.length > 0 || right === '') {
    return {
      ok: false,
      refusal: {
        code: 'match-malformed',
        found: JSON.stringify(text),
        needed: 'one field of billing, and at most one arrow with a field of the subject after it',
        fix: "Write it such as 'customer.metadata.user_id -> externalId'.",
      },
    }
  }
  const from = fromOf(left)
  if (!from) {
    return {
      ok: false,
      refusal: {
        code: 'match-from-unknown',
        found: JSON.stringify(left),
        needed: `one of ${examples.join(', ')} (with any metadata key)`,
        fix: 'Name the field of billing that tells whose customer it is.',
      },
    }
  }
  const allowed = targets[from.kind]
  const to = right === undefined ? allowed[0] : allowed.find((target) => target === right)
  if (!to) {
    return {
      ok: false,
      refusal: {
        code: 'match-to-unknown',
        found: JSON.stringify(right),
        needed: `one of ${allowed.join(', ')} after ${left} ->`,
        fix: `Write '${left} -> ${allowed[0]}', or leave the arrow out.`,
      },
    }
  }
  return { ok: true, value: { from, to, text: `${left} -> ${to}` } }
}

function fromOf(left: string): MatchRule['from'] | null {
  if (left === 'customer.id' || left === 'customer.email' || left === 'checkout.client_reference_id') {
    return { kind: left }
  }
  for (const kind of ['customer.metadata', 'subscription.metadata'] as const) {
    const key = left.startsWith(`${kind}.`) ? left.slice(kind.length + 1) : ''
    if (key !== '') return { kind, key }
  }
  return null
}
