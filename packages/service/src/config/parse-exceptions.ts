import type { Access, Exception } from '@trueup/core'
import { readTrialEnd } from '@trueup/core'
import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import type { exceptionsSchema } from './config-schema.ts'
import { nearestWord } from './nearest-word.ts'
import { foundConfig, placeText } from './shape-problems.ts'

type ShapedException = z.output<typeof exceptionsSchema>[number]

/** Reads the exceptions. `planIds` are those of the catalogue; `null` when it could not be read. */
export function parseExceptions(
  shaped: readonly ShapedException[],
  planIds: readonly string[] | null,
): { readonly exceptions: readonly Exception[]; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const exceptions = shaped.map((exception, index): Exception => {
    const dateAt = (value: string | Date | undefined, ...steps: string[]): Date | null => {
      const read = dateOf(value)
      if (read !== 'unreadable') return read
      problems.push({
        code: 'date-unreadable',
        path: placeText(['exceptions', index, ...steps]),
        found: foundConfig(value),
        needed: 'an ISO 8601 date or date-time',
        fix: "Write it such as '2027-01-01'.",
      })
      return null
    }
    const { plan } = exception.allowed
    if (plan !== undefined && planIds && !planIds.includes(plan))
      problems.push(unknownPlan(plan, index, planIds))
    const trialEndsAt = dateAt(exception.allowed.trialEndsAt, 'allowed', 'trialEndsAt')
    return {
      subject: exception.subject,
      allowed: allowedOf(exception.allowed, trialEndsAt),
      reason: exception.reason,
      author: exception.author ?? null,
      until: dateAt(exception.until, 'until'),
    }
  })
  return { exceptions, problems }
}

function allowedOf(allowed: ShapedException['allowed'], trialEndsAt: Date | null): Partial<Access> {
  const { plan, paid, entitlements, seats } = allowed
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(paid === undefined ? {} : { paid }),
    ...(trialEndsAt ? { trialEndsAt } : {}),
    ...(entitlements === undefined
      ? {}
      : { entitlements: entitlements === 'every' ? entitlements : [...new Set(entitlements)].toSorted() }),
    ...(seats === undefined ? {} : { seats }),
  }
}

function dateOf(value: string | Date | undefined): Date | null | 'unreadable' {
  if (value === undefined) return null
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'unreadable' : value
  const read = readTrialEnd(value)
  return read.state === 'value' ? read.value : 'unreadable'
}

function unknownPlan(plan: string, index: number, planIds: readonly string[]): ConfigProblem {
  const nearest = nearestWord(plan, planIds)
  return {
    code: 'plan-unknown',
    path: placeText(['exceptions', index, 'allowed', 'plan']),
    found: JSON.stringify(plan),
    needed: `the id of a plan of the catalogue: ${planIds.join(', ')}`,
    fix: nearest ? `Did you mean ${nearest}?` : 'Name a plan of the catalogue.',
  }
}
