import { z } from '@hono/zod-openapi'
import { incidentKinds, severities } from '@trueup/core'
import { accessShape, evidenceShape, moment, moneyShape, sideShape, subjectShape } from './access.ts'
import { causeShape } from './cause.ts'

export const incidentStates = ['open', 'acknowledged', 'resolved', 'ignored'] as const

const historyShape = z
  .object({
    act: z.enum([
      'incident-opened',
      'incident-seen-again',
      'incident-reopened',
      'incident-acknowledged',
      'incident-ignored',
      'incident-assigned',
      'incident-commented',
      'incident-resolved',
    ]),
    at: moment,
    by: z.string().openapi({ description: '`check:<id>`, `repair:<id>`, or a person or key.' }),
    note: z.string().nullable(),
    assignee: z.string().nullable().optional(),
  })
  .openapi('IncidentEntry')

export const incidentShape = z
  .object({
    id: z.string(),
    identity: z
      .object({ kind: z.enum(incidentKinds), on: z.string(), component: z.string() })
      .openapi({ description: 'What makes it one incident, however often it is found.' }),
    kind: z.enum(incidentKinds),
    severity: z.enum(severities),
    state: z.enum(incidentStates),
    subject: z.union([subjectShape, z.null()]),
    customerId: z.string().nullable(),
    component: z.string(),
    sentence: z.string().openapi({ description: 'What is wrong, in one sentence.' }),
    hurts: z.enum(['customer', 'business', 'both']),
    owed: sideShape,
    granted: sideShape,
    allowed: sideShape,
    access: z.object({ owed: accessShape, granted: accessShape, allowed: accessShape }).nullable(),
    evidence: z.array(evidenceShape),
    moneyAtRisk: z.union([moneyShape, z.null()]),
    moneyNote: z.string().nullable(),
    touched: z.array(z.string()),
    touchedCount: z.number(),
    openedAt: moment,
    lastSeenAt: moment,
    resolvedAt: moment.nullable(),
    ignoredUntil: moment.nullable(),
    assignee: z.string().nullable(),
    openings: z.number(),
    history: z.array(historyShape),
  })
  .openapi('Incident')

export const causedIncidentShape = incidentShape
  .extend({
    cause: z.union([causeShape, z.null()]).openapi({ description: 'Null: it is not worked out yet.' }),
  })
  .openapi('IncidentWithCause')

export const driftShape = z
  .object({
    kind: z.enum(incidentKinds),
    component: z.string(),
    hurts: z.enum(['customer', 'business', 'both']),
    owed: sideShape,
    granted: sideShape,
    allowed: sideShape,
    sentence: z.string(),
    evidence: z.array(evidenceShape),
    moneyAtRisk: z.union([moneyShape, z.null()]),
    moneyNote: z.string().nullable(),
  })
  .openapi('Drift')

const count = z.number().int()

export const incidentCountsShape = z
  .object({
    total: count,
    byState: z.partialRecord(z.enum(incidentStates), count),
    bySeverity: z.partialRecord(z.enum(severities), count),
    byKind: z.partialRecord(z.enum(incidentKinds), count),
    moneyAtRisk: z
      .object({
        customer: z.array(moneyShape),
        business: z.array(moneyShape),
        both: z.array(moneyShape),
      })
      .openapi({ description: 'In what is open or acknowledged, by who bears it.' }),
  })
  .openapi('IncidentCounts')
