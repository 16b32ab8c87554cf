import type {
  Access,
  CannotTell,
  Drift,
  Evidence,
  Incident,
  IncidentEntry,
  JsonValue,
  Money,
  Repair,
  RepairChange,
  Side,
  SubjectId,
} from '@trueup/core'
import { causeKinds, components, confidences, incidentKinds, repairStates, severities } from '@trueup/core'
import { z } from 'zod'
import type { IncidentCause } from '../cause/causes-of.ts'
import type { ShownPair } from '../customer/customer-state.ts'
import type { CustomerLine } from '../customer/search-customers.ts'
import type { ShownEntry } from '../ledger/list-entries.ts'
import { idShape, outsideId, outsideKey, untrusted, untrustedShape } from './untrusted.ts'

/*
 * What tools hand to an agent. Words of closed lists, ids that we or a machine made, numbers and moments stand as they
 * are; every other text stands in a field that says that it came from outside.
 */

const moment = z.string().describe('ISO 8601, UTC')

export const moneyShape = z.object({
  currency: z.union([z.string(), untrustedShape]),
  amount: z.number().describe('In minor units: cents of a dollar, yen.'),
})

export function shownMoney({ currency, amount }: Money) {
  return { currency: /^[a-z]{3}$/i.test(currency) ? currency : untrusted(currency), amount }
}

export const subjectShape = z.object({ type: z.enum(['user', 'organization']), id: idShape })

function subject({ type, id }: SubjectId) {
  return { type, id: outsideId(id) }
}

const accessShape = z.object({
  plan: untrustedShape,
  paid: z.boolean(),
  trialEndsAt: moment.nullable(),
  entitlements: z.union([z.array(untrustedShape), z.literal('every')]),
  seats: z.union([z.number(), z.literal('unlimited')]).nullable(),
})

/** Features that are named; the rest is counted. */
const mostNamed = 50

function access({ plan, paid, trialEndsAt, entitlements, seats }: Access) {
  return {
    plan: untrusted(plan),
    paid,
    trialEndsAt: trialEndsAt?.toISOString() ?? null,
    entitlements: entitlements === 'every' ? entitlements : entitlements.slice(0, mostNamed).map(untrusted),
    seats,
  }
}

const sideShape = z.union([z.number(), z.boolean(), z.null(), untrustedShape, z.array(untrustedShape)])

function side(value: Side): z.output<typeof sideShape> {
  if (typeof value === 'string') return untrusted(value)
  if (typeof value === 'object' && value !== null) return value.slice(0, mostNamed).map(untrusted)
  return value
}

const componentShape = z.union([z.string(), z.object({ entitlement: untrustedShape })])

const namedComponents: readonly string[] = [
  ...components,
  'customer',
  'subscription',
  'price',
  'plan-value',
  'refund',
  'source',
  'field',
  'brake',
]

function component(text: string) {
  return namedComponents.includes(text) ? text : { entitlement: untrusted(text.replace(/^entitlement:/, '')) }
}

const evidenceShape = z.object({
  source: untrustedShape,
  object: idShape,
  field: untrustedShape,
  value: untrustedShape.nullable(),
  readAt: moment,
})

const mostEvidence = 40

function evidence(lines: readonly Evidence[]) {
  return lines.slice(0, mostEvidence).map(({ source, object, field, value, readAt }) => ({
    source: untrusted(source),
    object: outsideId(object),
    field: untrusted(field),
    value: value === null ? null : untrusted(value),
    readAt: readAt.toISOString(),
  }))
}

/** Checks, repairs, keys and people by their ids as they are; any other name is a text of the team. */
function actor(by: string) {
  return /^(?:check:chk_\d+|repair:rep_\w+|key:\w+|person:per_\w+)$/.test(by) ? by : untrusted(by)
}

const causeShape = z.object({
  kind: z.enum(causeKinds),
  confidence: z.enum(confidences).nullable().describe('Null: the cause is unknown.'),
  sentence: untrustedShape,
  fix: z.string().describe('The one thing that ends it for all whom it touches.'),
})

function shownCause({ kind, confidence, sentence, fix }: IncidentCause): z.output<typeof causeShape> {
  return { kind, confidence, sentence: untrusted(sentence), fix }
}

export const incidentBriefShape = z.object({
  id: z.string(),
  kind: z.enum(incidentKinds),
  severity: z.enum(severities),
  state: z.enum(['open', 'acknowledged', 'resolved', 'ignored']),
  subject: subjectShape.nullable(),
  customerId: idShape.nullable(),
  component: componentShape,
  hurts: z.enum(['customer', 'business', 'both']),
  moneyAtRisk: moneyShape.nullable(),
  touchedCount: z.number(),
  openedAt: moment,
  lastSeenAt: moment,
  openings: z.number(),
  assigned: z.boolean(),
  cause: causeShape.nullable().describe('What probably broke; null: it is not worked out yet.'),
})

export function incidentBrief(
  incident: Incident,
  cause: IncidentCause | null,
): z.output<typeof incidentBriefShape> {
  const { id, kind, severity, state, hurts, openings, touchedCount } = incident
  return {
    id,
    kind,
    severity,
    state,
    subject: incident.subject && subject(incident.subject),
    customerId: incident.customerId === null ? null : outsideId(incident.customerId),
    component: component(incident.component),
    hurts,
    moneyAtRisk: incident.moneyAtRisk && shownMoney(incident.moneyAtRisk),
    touchedCount,
    openedAt: incident.openedAt.toISOString(),
    lastSeenAt: incident.lastSeenAt.toISOString(),
    openings,
    assigned: incident.assignee !== null,
    cause: cause && shownCause(cause),
  }
}

const sidesShape = { owed: sideShape, granted: sideShape, allowed: sideShape }

function sides({ owed, granted, allowed }: Pick<Incident, 'owed' | 'granted' | 'allowed'>) {
  return { owed: side(owed), granted: side(granted), allowed: side(allowed) }
}

const historyShape = z.object({
  act: z.string(),
  at: moment,
  by: z.union([z.string(), untrustedShape]),
  note: untrustedShape.nullable(),
})

function history(lines: readonly IncidentEntry[]) {
  return lines.slice(-mostEvidence).map(({ act, at, by, note }) => ({
    act,
    at: at.toISOString(),
    by: actor(by),
    note: note === null ? null : untrusted(note),
  }))
}

const repairBriefShape = z.object({
  id: z.string(),
  act: z.string(),
  state: z.enum(repairStates),
  takesAway: z.boolean(),
  proposedAt: moment,
  endedAt: moment.nullable(),
})

function repairBrief({ id, act, state, takesAway, proposedAt, endedAt }: Repair) {
  return {
    id,
    act,
    state,
    takesAway,
    proposedAt: proposedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }
}

export const incidentShape = incidentBriefShape.extend({
  sentence: untrustedShape,
  ...sidesShape,
  evidence: z.array(evidenceShape),
  history: z.array(historyShape),
  repairs: z.array(repairBriefShape),
})

export function incidentWhole(
  incident: Incident,
  repairs: readonly Repair[],
  cause: IncidentCause | null,
): z.output<typeof incidentShape> {
  return {
    ...incidentBrief(incident, cause),
    sentence: untrusted(incident.sentence),
    ...sides(incident),
    evidence: evidence(incident.evidence),
    history: history(incident.history),
    repairs: repairs.map(repairBrief),
  }
}

const driftShape = z.object({
  kind: z.enum(incidentKinds),
  component: componentShape,
  hurts: z.enum(['customer', 'business', 'both']),
  ...sidesShape,
  moneyAtRisk: moneyShape.nullable(),
})

function drift(one: Drift): z.output<typeof driftShape> {
  return {
    kind: one.kind,
    component: component(one.component),
    hurts: one.hurts,
    ...sides(one),
    moneyAtRisk: one.moneyAtRisk && shownMoney(one.moneyAtRisk),
  }
}

function cannotTell({ reason, component: of, found, needed }: CannotTell) {
  return { reason, component: of, found: untrusted(found), needed: untrusted(needed) }
}

export const pairShape = z.object({
  key: z.union([z.string(), untrustedShape]),
  subject: subjectShape.nullable(),
  customerIds: z.array(idShape),
  verdict: z.enum(['agrees', 'drifts', 'cannot-tell']),
  settling: z.boolean().describe('A side changed minutes ago; the other may still follow.'),
  complete: z.boolean().describe('False: something was not read, so absence means nothing.'),
  owed: accessShape.describe('The least that it must have.'),
  allowed: accessShape.describe('The most that it may have.'),
  granted: z.array(
    z.object({
      source: untrustedShape,
      record: z.enum(['live', 'deleted', 'missing']),
      least: accessShape,
      most: accessShape,
    }),
  ),
  drifts: z.array(driftShape),
  cannotTell: z.array(
    z.object({
      reason: z.string(),
      component: z.enum(components).nullable(),
      found: untrustedShape,
      needed: untrustedShape,
    }),
  ),
  readings: z.array(
    z.object({
      side: z.enum(['billing', 'access']),
      source: untrustedShape,
      readAt: moment,
      ageSeconds: z.number(),
    }),
  ),
})

export function shownPair(shown: ShownPair): z.output<typeof pairShape> {
  return {
    key: outsideKey(shown.key),
    subject: shown.subject && subject(shown.subject),
    customerIds: shown.customerIds.slice(0, mostNamed).map(outsideId),
    verdict: shown.verdict,
    settling: shown.settling,
    complete: shown.complete,
    owed: access(shown.promised.owed),
    allowed: access(shown.promised.allowed),
    granted: shown.granted.map(({ source, record, least, most }) => ({
      source: untrusted(source),
      record,
      least: access(least),
      most: access(most),
    })),
    drifts: shown.drifts.map(drift),
    cannotTell: shown.cannotTell.map(cannotTell),
    readings: shown.readings.map(({ side: of, source, readAt, ageSeconds }) => ({
      side: of,
      source: untrusted(source),
      readAt: readAt.toISOString(),
      ageSeconds,
    })),
  }
}

export const namesShape = z.object({
  key: z.union([z.string(), untrustedShape]),
  names: z.array(untrustedShape),
  emails: z.array(untrustedShape),
})

export function shownNames({ key, name, emails, customers }: CustomerLine): z.output<typeof namesShape> {
  const all = [name, ...customers.map((customer) => customer.name)].filter((one) => one !== null)
  const addresses = [...emails, ...customers.flatMap(({ email }) => (email === null ? [] : [email]))]
  return {
    key: outsideKey(key),
    names: [...new Set(all)].slice(0, mostNamed).map(untrusted),
    emails: [...new Set(addresses)].slice(0, mostNamed).map(untrusted),
  }
}

export const entryShape = z.object({
  sequence: z.number(),
  at: moment,
  act: z.string(),
  by: z.union([z.string(), untrustedShape]),
  incident: z.string().nullable(),
  repair: z.string().nullable(),
  check: z.string().nullable(),
  exception: z.string().nullable(),
  kind: z.enum(incidentKinds).nullable(),
  state: z.string().nullable(),
  sentence: untrustedShape.nullable(),
  note: untrustedShape.nullable(),
  erased: z.boolean(),
})

export function shownToAgent(shown: ShownEntry): z.output<typeof entryShape> {
  const { sequence, at, act, by, about, facts, personal, erased } = shown
  const kind = incidentKinds.find((known) => known === facts.kind) ?? null
  return {
    sequence,
    at: at.toISOString(),
    act,
    by: actor(by),
    incident: about.incident ?? null,
    repair: about.repair ?? null,
    check: about.check ?? null,
    exception: about.exception ?? null,
    kind,
    state: stateIn(facts.state),
    sentence: textIn(personal, 'sentence') ?? textIn(personal, 'summary'),
    note: textIn(personal, 'note') ?? textIn(personal, 'reason'),
    erased,
  }
}

const knownStates: readonly string[] = ['open', 'acknowledged', 'resolved', 'ignored', ...repairStates]

function stateIn(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && knownStates.includes(value) ? value : null
}

function textIn(beside: JsonValue, name: string) {
  if (typeof beside !== 'object' || beside === null || Array.isArray(beside)) return null
  const value: JsonValue | undefined = (beside as { readonly [key: string]: JsonValue })[name]
  return typeof value === 'string' ? untrusted(value) : null
}

export const changeShape = z.object({
  source: untrustedShape,
  target: untrustedShape,
  field: untrustedShape,
  before: untrustedShape.nullable(),
  after: untrustedShape.nullable(),
})

export function shownChange({ source, target, field, before, after }: RepairChange) {
  return {
    source: untrusted(source),
    target: untrusted(target),
    field: untrusted(field),
    before: before === null ? null : untrusted(before),
    after: after === null ? null : untrusted(typeof after === 'string' ? after : JSON.stringify(after)),
  }
}
