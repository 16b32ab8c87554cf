import type { CauseCandidate, CauseLine } from './cause.ts'
import type { CauseEvidence, SeenEvent } from './cause-evidence.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** An app may be this late with what an event asks of it. */
const followMs = 15 * minuteMs
/** Where it is not known when all was in order, events of this time before the opening are looked at. */
const lookBackMs = 7 * dayMs
/** Billing dates events by the second, and the app's clock is another one. */
const clockMs = minuteMs
/** Requests of an app that are known to carry a key, before one without tells anything. */
const enoughRequests = 3

/** Billing counts an event about it that an endpoint other than ours has not taken. */
export function notDelivered(evidence: CauseEvidence): CauseCandidate | null {
  const missed = recent(evidence).filter(({ undelivered }) => (undelivered ?? 0) > 0)
  const [first] = missed
  if (!first) return null
  const stayed = new Set(unfollowed(evidence))
  return {
    kind: 'event-not-delivered',
    on: dayOf(first.createdAt),
    // A record that changed since may have been changed in something else.
    confidence: missed.some((event) => stayed.has(event)) ? 'likely' : 'possible',
    evidence: [
      ...missed.map((event) =>
        line('event-undelivered', event, `has ${event.undelivered} endpoint(s) that did not take it`),
      ),
      ...(missed.some((event) => stayed.has(event)) ? stayedLines(evidence) : changedLines(evidence)),
    ],
  }
}

/** Billing has nothing left to deliver of what it told about it, and the app's record is older than that. */
export function withoutEffect(evidence: CauseEvidence): CauseCandidate | null {
  const events = unfollowed(evidence)
  const [first] = events
  if (!first || events.some(({ undelivered }) => (undelivered ?? 0) > 0)) return null
  const isKnown = events.every(({ undelivered }) => undelivered === 0)
  return {
    kind: 'event-without-effect',
    on: dayOf(first.createdAt),
    confidence: isKnown && evidence.appChanged ? 'likely' : 'possible',
    evidence: [
      ...events.map((event) =>
        event.undelivered === 0
          ? line('event-delivered', event, 'is counted by Stripe as taken by every endpoint that is on')
          : line('event-delivery-unknown', event, 'was created; whether the app got it is not known'),
      ),
      ...stayedLines(evidence),
    ],
  }
}

/** The app last wrote when an event arrived that was older than one which had arrived before. */
export function appliedLate(evidence: CauseEvidence): CauseCandidate | null {
  const { appChanged } = evidence
  const events = recent(evidence)
  for (const late of events) {
    const arrivedAt = late.lastDeliveredAt
    if (!arrivedAt) continue
    const newer = events.find(
      (one) =>
        one.createdAt > late.createdAt && one.firstDeliveredAt !== null && one.firstDeliveredAt < arrivedAt,
    )
    if (!newer) continue
    const apartMs = appChanged && appChanged.at.getTime() - arrivedAt.getTime()
    if (apartMs !== null && (apartMs < -clockMs || apartMs > followMs)) continue
    return {
      kind: 'event-applied-late',
      on: dayOf(late.createdAt),
      confidence: appChanged ? 'likely' : 'possible',
      evidence: [
        {
          fact: 'event-out-of-order',
          at: arrivedAt,
          text: `${late.type} of ${late.createdAt.toISOString()} arrived after ${newer.type} of ${newer.createdAt.toISOString()}.`,
          object: late.id,
        },
        ...changedLines(evidence),
      ],
    }
  }
  return null
}

/**
 * The app's record changed after all was in order, with no event of billing, no repair and no deploy near. Where it is
 * not known when all was in order, it is only possible.
 */
export function editByHand(evidence: CauseEvidence): CauseCandidate | null {
  const { appChanged, openedAt, inOrderAt, billingChangedAt, events, eventsNotAsked, repairedAt, deploys } =
    evidence
  if (!appChanged) return null
  const { at, source } = appChanged
  const isAfterBilling = billingChangedAt === null || at.getTime() > billingChangedAt.getTime() + followMs
  if (!isAfterBilling || at <= (inOrderAt ?? new Date(openedAt.getTime() - lookBackMs))) return null
  // Without all events of the time, that there was none says nothing.
  if (inOrderAt === null && eventsNotAsked !== null) return null
  const isNear = (moment: Date | null) =>
    moment !== null && moment.getTime() > at.getTime() - followMs && moment.getTime() < at.getTime() + clockMs
  const isAsked =
    isNear(repairedAt) ||
    deploys.some((deploy) => isNear(deploy.at)) ||
    events.some(({ createdAt, firstDeliveredAt, lastDeliveredAt }) =>
      [createdAt, firstDeliveredAt, lastDeliveredAt].some(isNear),
    )
  // Billing that moved on since it was in order is what the app should have followed.
  const hasBillingMoved = inOrderAt !== null && events.some(({ createdAt }) => createdAt > inOrderAt)
  if (isAsked || hasBillingMoved) return null
  return {
    kind: 'manual-edit',
    on: `${source} ${at.toISOString().slice(0, 13)}h`,
    confidence: inOrderAt === null ? 'possible' : 'likely',
    evidence: [
      ...changedLines(evidence),
      {
        fact: 'nothing-asked-for-it',
        at,
        text: 'No event, repair or deploy is known of the quarter of an hour before.',
        object: null,
      },
    ],
  }
}

/**
 * The change in billing was asked for by a request without an idempotency key, where the app's requests carry one.
 * Stripe does not say who sent a request, so this is never more than possible.
 */
export function changeByHand(evidence: CauseEvidence): CauseCandidate | null {
  if (evidence.requestsWithKey < enoughRequests) return null
  const [event] = recent(evidence).filter(
    // Deletions carry no key, whoever asks for them.
    ({ askedBy, type }) => askedBy === 'request-without-key' && !type.endsWith('.deleted'),
  )
  if (!event) return null
  return {
    kind: 'dashboard-change',
    on: dayOf(event.createdAt),
    confidence: 'possible',
    evidence: [
      line(
        'event-without-idempotency-key',
        event,
        `was asked for by a request without an idempotency key; ${evidence.requestsWithKey} others of this project carry one`,
      ),
    ],
  }
}

/** Events since it was in order, the newest first. */
function recent({ events, inOrderAt, openedAt }: CauseEvidence): readonly SeenEvent[] {
  const from = inOrderAt ? inOrderAt.getTime() - followMs : openedAt.getTime() - lookBackMs
  return events
    .filter(({ createdAt }) => createdAt.getTime() >= from && createdAt <= openedAt)
    .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
}

/** Those since which the app's record is not known to have changed. */
function unfollowed(evidence: CauseEvidence): readonly SeenEvent[] {
  const changedAt = evidence.appChanged?.at.getTime()
  return recent(evidence).filter(
    ({ createdAt }) => changedAt === undefined || changedAt < createdAt.getTime() - clockMs,
  )
}

function line(fact: CauseLine['fact'], { id, type, createdAt }: SeenEvent, says: string): CauseLine {
  return { fact, at: createdAt, text: `${type} ${says}.`, object: id }
}

function stayedLines({ appChanged }: CauseEvidence): readonly CauseLine[] {
  if (!appChanged) return []
  const text = `The app’s record in ${appChanged.source} has not changed since then.`
  return [{ fact: 'app-not-changed-since', at: appChanged.at, text, object: null }]
}

function changedLines({ appChanged }: CauseEvidence): readonly CauseLine[] {
  if (!appChanged) return []
  const text = `The app’s record in ${appChanged.source} last changed.`
  return [{ fact: 'app-changed', at: appChanged.at, text, object: null }]
}

/** As UTC counts days, like Stripe's own list. */
function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
