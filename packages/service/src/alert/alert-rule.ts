import { z } from '@hono/zod-openapi'
import type { Incident, Severity } from '@trueup/core'
import { incidentKinds, severities } from '@trueup/core'
import { quietHours } from './quiet-hours.ts'

/** Which incidents are told to whom, and how. */
export const alertRule = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** Told from this severity on. */
  minSeverity: z.enum(severities).default('high'),
  /** Only these kinds; `null`: all. */
  kinds: z.array(z.enum(incidentKinds)).min(1).max(incidentKinds.length).nullable().default(null),
  /**
   * Only where at least so much a month is at risk, in minor units by currency. What comes to no fixed sum, or is in
   * a currency that is not named, is told: unknown is not small.
   */
  moneyAtLeast: z
    .record(z.string().regex(/^[a-z]{3}$/, 'a currency is written as usd'), z.int().min(0))
    .nullable()
    .default(null),
  channels: z.array(z.string().min(1).max(64)).min(1).max(20),
  /** Whether it is told as well that an incident has ended. PagerDuty is always told. */
  recovery: z.boolean().default(true),
  /** `null`: none. */
  quietHours: quietHours.nullable().default(null),
  /** How long incidents of one kind are gathered before the first message. */
  gatherSeconds: z.int().min(0).max(600).default(10),
  /** How long the next message about the same kind waits after the last one. */
  againAfterMinutes: z.int().min(0).max(1_440).default(15),
})
export type AlertRule = z.output<typeof alertRule>

/** What a rule looks at in an incident. */
export type RuledIncident = Pick<Incident, 'kind' | 'severity' | 'moneyAtRisk'>

/** Whether a rule tells of an incident. */
export function ruleTells(
  rule: Pick<AlertRule, 'minSeverity' | 'kinds' | 'moneyAtLeast'>,
  { kind, severity, moneyAtRisk }: RuledIncident,
): boolean {
  if (rankOf(severity) < rankOf(rule.minSeverity)) return false
  if (rule.kinds !== null && !rule.kinds.includes(kind)) return false
  if (rule.moneyAtLeast === null || moneyAtRisk === null) return true
  const least = rule.moneyAtLeast[moneyAtRisk.currency]
  return least === undefined || moneyAtRisk.amount >= least
}

function rankOf(severity: Severity): number {
  return severities.indexOf(severity)
}
