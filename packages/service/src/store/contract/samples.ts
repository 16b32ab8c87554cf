import type {
  Customer,
  Drift,
  Finding,
  Incident,
  IncidentKind,
  MatchRule,
  MatchValue,
  ObservedCustomer,
  ObservedFact,
  ObservedPage,
  ObservedSubject,
  ProjectStore,
  Purchase,
  Read,
  SubjectId,
  Subscription,
  Verdict,
} from '@trueup/core'
import { subjectKey } from '@trueup/core'

export const time = (minute: number): Date => new Date(Date.UTC(2026, 0, 15, 12, minute))

export const rules: readonly MatchRule[] = [
  { from: { kind: 'customer.id' }, to: 'customerId', text: 'customer.id -> customerId' },
  { from: { kind: 'customer.metadata', key: 'user_id' }, to: 'id', text: 'customer.metadata.user_id -> id' },
  { from: { kind: 'customer.email' }, to: 'email', text: 'customer.email -> email' },
]

export function aCustomer(id: string, parts: Partial<Customer> = {}): Customer {
  return { id, email: null, name: null, metadata: {}, livemode: true, createdAt: time(0), ...parts }
}

export function aSubscription(
  id: string,
  customerId: string,
  parts: Partial<Subscription> = {},
): Subscription {
  return {
    kind: 'subscription',
    id,
    customerId,
    livemode: true,
    status: 'active',
    items: [],
    itemsComplete: true,
    createdAt: time(1),
    currentPeriodEnd: time(40),
    trialEndsAt: null,
    cancelsAt: null,
    endedAt: null,
    pausedCollection: null,
    latestInvoice: null,
    discounts: [],
    metadata: {},
    changedAt: time(2),
    readAt: time(3),
    problems: [],
    ...parts,
  }
}

export function aPurchase(id: string, customerId: string, parts: Partial<Purchase> = {}): Purchase {
  return {
    kind: 'purchase',
    id,
    customerId,
    livemode: true,
    prices: [],
    paidAt: time(1),
    currency: 'eur',
    amountPaid: 9900,
    paymentIds: [],
    reversal: null,
    clientReferenceId: null,
    changedAt: time(1),
    readAt: time(3),
    problems: [],
    ...parts,
  }
}

export function observedCustomer(id: string, matchValues: readonly MatchValue[] = []): ObservedCustomer {
  return { customer: aCustomer(id), matchValues: [{ rule: 0, value: id }, ...matchValues] }
}

/** A subscription that pays for `key`, to users and organizations alike. */
export function observedFact(
  id: string,
  customerId: string,
  parts: Partial<ObservedFact> & { readonly key?: string | null } = {},
): ObservedFact {
  const { key = 'plan=pro', ...rest } = parts
  return {
    fact: aSubscription(id, customerId),
    keys: { user: key, organization: key },
    entitling: key !== '',
    monthly: key === '' ? null : { currency: 'eur', amount: 1900 },
    matchValues: [],
    ...rest,
  }
}

export function observedSubject(
  id: string,
  parts: {
    readonly type?: SubjectId['type']
    readonly source?: string
    readonly key?: string | null
    readonly pointsTo?: string | null
    readonly pointer?: Read<string>
    readonly deleted?: boolean
    readonly matchValues?: readonly MatchValue[]
  } = {},
): ObservedSubject {
  const { type = 'user', source = 'clerk', key = 'plan=pro', pointsTo = null, deleted = false } = parts
  const customerId: Read<string> =
    parts.pointer ?? (pointsTo === null ? { state: 'absent' } : { state: 'value', value: pointsTo })
  const own = pointsTo === null ? [] : [{ rule: 0, value: pointsTo }]
  return {
    reading: {
      subject: { type, id },
      source,
      customerId,
      externalId: null,
      emails: [],
      name: null,
      granted: {
        plan: { state: 'value', value: 'pro' },
        paid: { state: 'unmapped' },
        trialEndsAt: { state: 'value', value: time(30) },
        entitlements: { state: 'absent' },
        seats: { state: 'unmapped' },
        members: { state: 'unmapped' },
        unknownPlanValue: null,
      },
      deleted,
      updatedAt: null,
      readAt: time(3),
      fields: [{ path: 'public_metadata.plan', found: '"pro"' }],
    },
    key,
    matchValues: [...own, { rule: 1, value: id }, ...(parts.matchValues ?? [])],
  }
}

export function aDrift(kind: IncidentKind, parts: Partial<Drift> = {}): Drift {
  return {
    kind,
    component: 'plan',
    hurts: 'customer',
    owed: 'pro',
    granted: 'free',
    allowed: 'pro',
    subject: null,
    customerId: null,
    access: null,
    sentence: 'Pro is owed, free is granted.',
    touches: [],
    evidence: [{ source: 'stripe', object: 'sub_1', field: 'status', value: 'active', readAt: time(3) }],
    moneyAtRisk: { currency: 'eur', amount: 1900 },
    moneyNote: null,
    on: 'user:u1',
    ...parts,
  }
}

export function aFinding(pairKey: string, verdict: Verdict, parts: Partial<Finding> = {}): Finding {
  return {
    pairKey,
    subject: null,
    customerId: null,
    customerIds: [],
    verdict,
    notices: [],
    settling: false,
    confirmed: true,
    ...parts,
  }
}

export function anIncident(id: string, parts: Partial<Incident> = {}): Incident {
  const kind = parts.kind ?? 'plan-too-low'
  const identity = parts.identity ?? { kind, on: `user:${id}`, component: 'plan' }
  return {
    id,
    identity,
    kind,
    severity: 'high',
    state: 'open',
    subject: { type: 'user', id },
    customerId: null,
    component: 'plan',
    sentence: 'Pro is owed, free is granted.',
    hurts: 'customer',
    owed: 'pro',
    granted: 'free',
    allowed: 'pro',
    access: null,
    evidence: [],
    moneyAtRisk: null,
    moneyNote: null,
    touched: [],
    touchedCount: 0,
    openedAt: time(5),
    lastSeenAt: time(5),
    resolvedAt: null,
    ignoredUntil: null,
    assignee: null,
    openings: 1,
    history: [{ act: 'incident-opened', at: time(5), by: 'check:chk_1', note: null }],
    ...parts,
  }
}

/** A page of a world that is read in one go. */
export function aPage(parts: Partial<ObservedPage>): ObservedPage {
  return { source: 'stripe', part: 'subscriptions', cursors: [], ...parts }
}

export async function beginCheck(
  project: ProjectStore,
  parts: { readonly kind?: 'full' | 'recent' | 'single' } = {},
) {
  const check = await project.startCheck(
    {
      kind: parts.kind ?? 'full',
      dryRun: false,
      asOf: time(0),
      startedAt: time(1),
      configFingerprint: 'config-1',
    },
    () => [],
  )
  return check.id
}

/** A check with one page, every part read to its end, and matched. */
export async function readWorld(project: ProjectStore, world: Partial<ObservedPage>): Promise<string> {
  const checkId = await beginCheck(project)
  await project.writePage(checkId, aPage(world))
  await project.setPart(checkId, 'stripe', 'subscriptions', { state: 'complete' })
  await project.setPart(checkId, 'clerk', 'users', { state: 'complete' })
  await project.match(checkId, rules)
  await project.rememberPointers(checkId)
  await project.rememberLinks(checkId)
  return checkId
}

export const freeKeys = { user: 'plan=free', organization: 'plan=free' }

/** The keys of all pairs that can differ. */
export async function differingKeys(project: ProjectStore, checkId: string): Promise<readonly string[]> {
  const { pairs } = await project.differing(checkId, freeKeys, null, 1000)
  return pairs.map((pair) =>
    pair.subject ? subjectKey(pair.subject) : `customer:${pair.payers[0]?.customer.id}`,
  )
}

/** The keys of the ledger entries that are staged, in their order. */
export async function stagedKeys(project: ProjectStore): Promise<readonly string[]> {
  const keys: string[] = []
  await project.sequenceEntries(1000, (drafts) => {
    keys.push(...drafts.map(({ key }) => key))
    return []
  })
  return keys
}
