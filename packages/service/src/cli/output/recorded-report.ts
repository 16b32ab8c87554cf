import type { CheckRun, RepairContext } from '@trueup/core'
import { goRound } from '@trueup/core'
import {
  nothingGranted,
  now,
  pair,
  payer,
  payerAlone,
  prices,
  reading,
  rules,
  subscription,
} from '../../../../core/src/check/recorded-pairs.ts'
import { incidentId } from '../../incident-id.ts'
import type { Matching } from './matching.ts'
import type { CheckReport, ReportedHold } from './report.ts'
import { reportOf } from './report.ts'

/*
 * A whole report for the tests of the formats: three incidents of different severity, made by the loop itself.
 */

export const context: RepairContext = {
  catalogue: rules.catalogue,
  access: [
    {
      kind: 'clerk',
      name: 'clerk',
      mappings: {
        user: {
          customerId: {
            container: 'public_metadata',
            keys: ['stripe_customer_id'],
            text: 'public_metadata.stripe_customer_id',
          },
          plan: { container: 'public_metadata', keys: ['plan'], text: 'public_metadata.plan' },
          premium: { container: 'public_metadata', keys: ['is_premium'], text: 'public_metadata.is_premium' },
          trialEndsAt: null,
          entitlements: null,
          seats: null,
        },
      },
    },
  ],
  clerkApiUrl: 'https://api.clerk.com',
}

const pairs = [
  pair({
    readings: [reading({ granted: nothingGranted, fields: [{ path: 'public_metadata.plan', found: null }] })],
  }),
  payerAlone({ payers: [payer([subscription()], { rule: null })] }),
  pair({
    subject: { type: 'user', id: 'user_<&">' },
    readings: [
      reading({
        subject: { type: 'user', id: 'user_<&">' },
        granted: { ...reading().granted, entitlements: { state: 'value', value: ['reports', 'sso'] } },
      }),
    ],
  }),
]

const check: CheckRun = {
  id: 'check_1',
  kind: 'full',
  dryRun: false,
  asOf: now,
  startedAt: now,
  finishedAt: new Date(now.getTime() + 2_500),
  phase: 'finished',
  configFingerprint: 'f',
  parts: { 'stripe/subscriptions': { state: 'complete' }, 'clerk/users': { state: 'complete' } },
  requests: { stripe: 12, clerk: 4 },
  counts: { customers: 300, subjects: 310, agrees: 307, drifts: 3, cannotTell: 0, settling: 0 },
}

export function report(
  change: {
    readonly parts?: CheckRun['parts']
    readonly complete?: boolean
    readonly holds?: readonly ReportedHold[]
  } = {},
): CheckReport {
  const incidents = pairs.flatMap(
    (each) =>
      goRound(
        each,
        { ...rules, prices },
        new Map(),
        (key) => incidentId('local', key),
        { by: 'check:check_1', at: now },
        context,
      ).incidents,
  )
  return reportOf(
    {
      check: { ...check, parts: change.parts ?? check.parts },
      complete: change.complete ?? true,
      resumed: false,
      incidents,
    },
    context,
    { cannotTell: [], matching, holds: change.holds ?? [] },
  )
}

const line = { customers: 0, paying: 0, monthly: [], withoutSum: 0 }
const matching: Matching = {
  rules: [
    {
      ...line,
      rule: 'customer.id -> customerId',
      customers: 290,
      paying: 280,
      monthly: [
        { currency: 'eur', amount: 1900 },
        { currency: 'usd', amount: 560_000 },
      ],
      withoutSum: 3,
    },
    { ...line, rule: 'customer.metadata.user_id -> id' },
  ],
  ambiguous: line,
  unmatched: { ...line, customers: 10, paying: 1, monthly: [{ currency: 'usd', amount: 2000 }] },
}
