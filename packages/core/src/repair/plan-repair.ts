import type { Catalogue } from '../access/catalogue.ts'
import type { IncidentKind } from '../check/verdict.ts'
import type { AccessMapping } from '../grant/access-mapping.ts'
import type { Incident } from '../incident/incident.ts'
import type { SubjectId } from '../subject/subject.ts'
import { clerkRequests } from './clerk-requests.ts'
import { guidedSteps, isOfClerk } from './guided-steps.ts'
import type { RepairAct, RepairChange, RepairPlan } from './plan.ts'
import type { PlannedRecord } from './planned-record.ts'
import { planRecord, recordInEvidence } from './planned-record.ts'
import { storedText } from './repair.ts'
import { entitlementStatements, updateStatement } from './repair-sql.ts'
import { wantedValues } from './wanted-values.ts'

/** What planning a repair needs to know of the project. */
export interface RepairContext {
  readonly catalogue: Catalogue
  /** The access sources of the project, in its order. */
  readonly access: readonly AccessMapping[]
  /** Where Clerk's Backend API is, without a slash at the end. */
  readonly clerkApiUrl: string
}

const actByKind: Readonly<Record<IncidentKind, RepairAct>> = {
  'paid-without-access': 'grant',
  'access-without-payment': 'revoke',
  'plan-too-low': 'set-plan',
  'plan-too-high': 'set-plan',
  'trial-cut-short': 'set-trial-end',
  'trial-overstayed': 'set-trial-end',
  'entitlement-missing': 'set-features',
  'entitlement-extra': 'set-features',
  'seats-short': 'set-seats',
  'seats-over': 'set-seats',
  'payer-unmatched': 'link',
  'payer-deleted-subject': 'steps',
  'customer-not-found': 'steps',
  'customer-shared': 'steps',
  'customer-duplicate': 'relink',
  'double-billing': 'steps',
  'price-unmapped': 'map',
  'plan-unknown': 'map',
  'mode-mismatch': 'steps',
  'grants-disagree': 'set-mirror',
  'grant-client-writable': 'steps',
  'refund-review': 'steps',
  'source-unreadable': 'steps',
  'mass-drift': 'steps',
}

/** What the repair of an incident does, whoever carries it out. */
export function repairActOf(kind: IncidentKind): RepairAct {
  return actByKind[kind]
}

/**
 * The repair that would end an incident, as steps for a person: what to set in each access source whose reading is
 * wrong, with the exact requests and statements where there is one safe answer. Access that is missing is brought up
 * to what is owed; access that is unpaid is brought down to what is allowed.
 */
export function planRepair(incident: Incident, context: RepairContext): RepairPlan {
  const act = repairActOf(incident.kind)
  const records = recordsOf(incident, context)
  const statements = [
    ...records.filter(({ kind }) => kind === 'postgres').map(updateStatement),
    ...rowStatements(incident, context),
  ]
  if (incident.subject && (records.length > 0 || statements.length > 0)) {
    return valuesPlan(act, incident.subject, records, statements, context)
  }
  const steps = guidedSteps(incident)
  return {
    act,
    how: 'guided',
    summary: steps[0] ?? incident.sentence,
    steps: [...steps, 'Check again.'],
    changes: [],
    request: null,
    furtherRequests: [],
    statements: [],
    link: incident.customerId ? customerPage(incident.customerId) : null,
  }
}

/** Customers of Clerk Billing are users and organizations of Clerk. */
function customerPage(customerId: string): string {
  if (!isOfClerk(customerId)) return `https://dashboard.stripe.com/customers/${customerId}`
  const place = customerId.startsWith('org_') ? 'organizations' : 'users'
  return `https://dashboard.clerk.com/last-active?path=${place}/${customerId}`
}

function recordsOf(incident: Incident, context: RepairContext): readonly PlannedRecord[] {
  const { subject } = incident
  if (!subject) return []
  const wanted = wantedValues(incident)
  return wrongSources(incident, context.access).flatMap((access) => {
    const read = recordInEvidence(incident, access)
    const planned = read && planRecord(access, subject, wanted, read, context.catalogue)
    return planned ? [planned] : []
  })
}

/**
 * The sources whose reading is wrong: those that the incident quotes. Where sources disagree and billing decides
 * nothing, the first one is taken at its word and the others are its mirrors.
 */
export function wrongSources(incident: Incident, access: readonly AccessMapping[]): readonly AccessMapping[] {
  const quoted = access.filter(({ name }) => incident.evidence.some(({ source }) => source === name))
  return incident.kind === 'grants-disagree' ? quoted.slice(1) : quoted
}

/** Features that are kept as rows of their own. */
function rowStatements(incident: Incident, { access }: RepairContext): readonly string[] {
  const { subject } = incident
  if (!subject) return []
  return wrongSources(incident, access).flatMap((source) => {
    const mapping = source.kind === 'postgres' ? source.mappings[subject.type] : undefined
    const read = mapping && recordInEvidence(incident, source)
    return read ? entitlementStatements(mapping, read.record, wantedValues(incident)) : []
  })
}

function valuesPlan(
  act: RepairAct,
  subject: SubjectId,
  records: readonly PlannedRecord[],
  statements: readonly string[],
  context: RepairContext,
): RepairPlan {
  const [request = null, ...furtherRequests] = records.flatMap((record) =>
    record.kind === 'clerk' ? clerkRequests(record, context.clerkApiUrl) : [],
  )
  const changes = records.flatMap(changesOf)
  const values = changes.map((change) => `${change.field} to ${JSON.stringify(change.after)}`).join(', ')
  const isInClerk = records.some(({ kind }) => kind === 'clerk')
  const folder = subject.type === 'user' ? 'users' : 'organizations'
  return {
    act,
    how: 'guided',
    summary: values ? `Set ${values} on ${subject.id}.` : `Change the features of ${subject.id}.`,
    steps: [
      ...records.flatMap((record) => stepsOf(record, subject)),
      ...(statements.length > 0 ? ['Run the SQL; each statement says how many rows it changed.'] : []),
      'Check again.',
    ],
    changes,
    request,
    furtherRequests,
    statements,
    link: isInClerk ? `https://dashboard.clerk.com/last-active?path=${folder}/${subject.id}` : null,
  }
}

function stepsOf({ kind, container, record, changes, source }: PlannedRecord, subject: SubjectId) {
  const place =
    kind === 'clerk' ? `Open ${subject.id} in Clerk.` : `Find ${record} in ${container} (${source}).`
  return [
    place,
    ...changes.map(
      ({ field, before, after }) =>
        `Set ${field} from ${before === undefined ? 'absent' : storedText(before)} to ${JSON.stringify(after)}.`,
    ),
  ]
}

function changesOf({ source, record, changes }: PlannedRecord): readonly RepairChange[] {
  return changes.map(({ field, before, after }) => ({
    source,
    target: record,
    field,
    before: before === undefined || before === null ? null : storedText(before),
    after: after ?? null,
  }))
}
