import { z } from '@hono/zod-openapi'
import { incidentKinds, severities } from '@trueup/core'
import type { WhatIf, WhatIfChange } from '../../what-if/replay.ts'
import { moneyShape, subjectShape } from './access.ts'
import { checkShape } from './check.ts'
import { driftShape, incidentStates } from './incident.ts'
import { shown } from './shown.ts'

const count = z.number().int()
const money = z
  .object({ customer: z.array(moneyShape), business: z.array(moneyShape), both: z.array(moneyShape) })
  .openapi('MoneyByBearer', { description: 'A month of it, by who bears it, one sum a currency.' })

const sumShape = z
  .object({
    total: count,
    byKind: z.array(z.object({ kind: z.enum(incidentKinds), count, money })),
    money,
    withoutMoney: count.openapi({ description: 'Those of which no sum can be named.' }),
  })
  .openapi('WhatIfSum')

const verdicts = z.object({ agrees: count, drifts: count, cannotTell: count, settling: count })

const changeShape = driftShape
  .extend({
    becomes: z.enum(['opens', 'closes']),
    severity: z.enum(severities),
    subject: z.union([subjectShape, z.null()]),
    customerId: z.string().nullable(),
    incident: z
      .object({ id: z.string(), state: z.enum(incidentStates) })
      .nullable()
      .openapi({ description: 'The incident that there is of it; null: none was filed.' }),
  })
  .openapi('WhatIfChange')

const totalsShape = z
  .object({
    pairs: count.openapi({ description: 'Subjects, and payers without one, that were judged.' }),
    opens: sumShape,
    closes: sumShape,
    stays: z.object({ total: count, moneyBefore: money, moneyAfter: money }),
    verdicts: z.object({ before: verdicts, after: verdicts }),
    brakes: z.object({
      collapsed: z
        .array(
          z.object({ kind: z.enum(incidentKinds), component: z.string(), hurts: z.string(), pairs: count }),
        )
        .openapi({ description: 'So many alike that one incident would be filed in place of them all.' }),
      holds: z.boolean().openapi({ description: 'Repairs would be held until a person releases them.' }),
      holdLimit: count,
    }),
    shared: z.array(changeShape).openapi({
      description: 'Incidents that stand for many at once, such as an unmapped price: the first of them.',
    }),
  })
  .openapi('WhatIfTotals')

export const whatIfShape = z
  .object({
    told: z.boolean().openapi({ description: 'False: what was read does not tell; `because` says why.' }),
    because: z.array(
      z.object({
        code: z.enum([
          'no-check',
          'readings-gone',
          'config-unknown',
          'access-differs',
          'match-differs',
          'billing-differs',
          'purchases-not-read',
        ]),
        message: z.string(),
        fix: z.string(),
      }),
    ),
    check: z
      .union([checkShape, z.null()])
      .openapi({ description: 'The full check whose readings were judged.' }),
    complete: z
      .boolean()
      .openapi({ description: 'False: that check did not read everything, so there may be more.' }),
    totals: z.union([totalsShape, z.null()]).openapi({ description: 'With the first page only.' }),
    items: z.array(changeShape),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Give it as `after` for the next page; null: this is the last.' }),
  })
  .openapi('WhatIf')

/** What a replay found, as it is answered. */
export function shownWhatIf(
  answer: WhatIf,
  shownCheck: (check: Extract<WhatIf, { told: true }>['check']) => z.input<typeof checkShape>,
): z.input<typeof whatIfShape> {
  if (!answer.told) {
    return {
      told: false,
      because: shown([...answer.because]),
      check: null,
      complete: false,
      totals: null,
      items: [],
      next: null,
    }
  }
  const { totals, check, complete, changes, next } = answer
  return {
    told: true,
    because: [],
    check: shownCheck(check),
    complete,
    totals: totals && { ...shown(totals), shared: totals.shared.map(shownChange) },
    items: changes.map(shownChange),
    next: next && cursorOf(check.id, next),
  }
}

function shownChange({ becomes, severity, incident, drift }: WhatIfChange) {
  return { ...shown(drift), becomes, severity, incident }
}

/** Where a page ended: behind this pair of this check. */
export function cursorOf(checkId: string, pairKey: string): string {
  return Buffer.from(JSON.stringify([checkId, pairKey])).toString('base64url')
}

/** `null`: it is none. */
export function readCursor(cursor: string): { readonly checkId: string; readonly pairKey: string } | null {
  try {
    const [checkId, pairKey] = z
      .tuple([z.string(), z.string()])
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { checkId, pairKey }
  } catch {
    return null
  }
}
