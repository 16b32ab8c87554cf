import type { AnswerOf, Shape } from '../../api/operation.ts'
import type { Pair } from './verdict.ts'

type Access = Shape<'Access'>
type Step = AnswerOf<'GET /api/v1/projects/{projectId}/customers/{customerId}/timeline'>['steps'][number]

/** What was promised and granted from one moment until another; `null`: nobody knows. */
export interface Stretch {
  readonly from: number
  readonly until: number
  readonly access: { readonly owed: Access; readonly allowed: Access; readonly granted: Access } | null
}

/** Something that happened, drawn where it did. */
export interface Mark {
  readonly at: number
  readonly kind: 'event' | 'incident' | 'repair'
  readonly act: string
  readonly id: string | null
}

/** What a customer was promised and granted over time. */
export interface Course {
  readonly from: number
  readonly until: number
  readonly stretches: readonly Stretch[]
  readonly marks: readonly Mark[]
}

/**
 * The course of a customer's access, from what the ledger holds and what was read last. A reading holds until the next;
 * what was between a drift that ended and the next reading, and before the first, nobody knows.
 */
export function courseOf(steps: readonly Step[], last: Pair | undefined, now: Date): Course | null {
  const readings: { readonly at: number; readonly access: Stretch['access'] }[] = []
  for (const { act, at, access } of steps) {
    if (act === 'incident-resolved') readings.push({ at: Date.parse(at), access: null })
    else if (access && isReading(access) && /^incident-(?:opened|reopened|seen-again)$/.test(act))
      readings.push({ at: Date.parse(at), access })
  }
  const read = last && readingOf(last)
  if (read) readings.push(read)
  const marks = steps.flatMap(({ act, at, incident, repair }): readonly Mark[] => {
    if (act === 'cause-found' || act === 'incident-seen-again') return []
    if (act.startsWith('repair-')) return [{ at: Date.parse(at), kind: 'repair', act, id: repair }]
    if (act.startsWith('incident-')) return [{ at: Date.parse(at), kind: 'incident', act, id: incident }]
    return [{ at: Date.parse(at), kind: 'event', act, id: null }]
  })
  const times = [...readings, ...marks].map(({ at }) => at)
  if (times.length === 0) return null
  const until = now.getTime()
  const first = Math.min(...times)
  // Room before the first: at least a tenth of the whole, so that what is not known is seen to be so.
  const from = first - Math.max((until - first) / 9, 60_000)
  const sorted = readings.toSorted((one, other) => one.at - other.at)
  const stretches: Stretch[] = [{ from, until: sorted[0]?.at ?? until, access: null }]
  for (const [place, { at, access }] of sorted.entries()) {
    stretches.push({ from: at, until: sorted[place + 1]?.at ?? until, access })
  }
  return { from, until, stretches: stretches.filter((stretch) => stretch.until > stretch.from), marks }
}

function readingOf({ promised, granted, readings, cannotTell }: Pair) {
  const [grant] = granted
  const at = Math.max(...readings.map(({ readAt }) => Date.parse(readAt)))
  if (!Number.isFinite(at)) return null
  const isSure =
    grant && cannotTell.length === 0 && JSON.stringify(grant.least) === JSON.stringify(grant.most)
  return {
    at,
    access: isSure ? { owed: promised.owed, allowed: promised.allowed, granted: grant.least } : null,
  }
}

function isReading(
  access: NonNullable<Step['access']>,
): access is { readonly owed: Access; readonly granted: Access; readonly allowed: Access } {
  return [access.owed, access.granted, access.allowed].every(isAccess)
}

function isAccess(value: unknown): value is Access {
  return typeof value === 'object' && value !== null && 'plan' in value && 'paid' in value
}

/** Which part of the access is drawn, and how high each of its values lies. */
export type Component = 'plan' | 'paid' | 'seats' | 'entitlements'

/** The levels of a component from the bottom, and where a value lies among them. */
export interface Scale {
  readonly levels: readonly string[]
  readonly levelOf: (access: Access) => number
}

/** @param plans of the catalogue, the lowest first */
export function scaleOf(component: Component, plans: readonly string[], course: Course): Scale {
  const all = course.stretches.flatMap(({ access }) =>
    access ? [access.owed, access.granted, access.allowed] : [],
  )
  switch (component) {
    case 'paid':
      return { levels: ['Not paid', 'Paid'], levelOf: ({ paid }) => (paid ? 1 : 0) }
    case 'plan': {
      const others = [...new Set(all.map(({ plan }) => plan))].filter((plan) => !plans.includes(plan))
      const levels = [...plans, ...others]
      return { levels, levelOf: ({ plan }) => levels.indexOf(plan) }
    }
    case 'seats': {
      const known = all.flatMap(({ seats }) => (typeof seats === 'number' ? [seats] : []))
      const numbers = [...new Set(known)].toSorted((one, other) => one - other)
      const hasAny = all.some(({ seats }) => seats === 'unlimited')
      return {
        levels: [
          'None',
          ...numbers.filter((number) => number > 0).map(String),
          ...(hasAny ? ['Any number'] : []),
        ],
        levelOf: ({ seats }) => {
          if (seats === 'unlimited') return numbers.filter((number) => number > 0).length + 1
          return seats === null ? 0 : numbers.filter((number) => number > 0 && number <= seats).length
        },
      }
    }
    case 'entitlements': {
      const names = [
        ...new Set(all.flatMap(({ entitlements }) => (entitlements === 'every' ? [] : entitlements))),
      ]
      return {
        levels: Array.from({ length: names.length + 1 }, (_, count) =>
          count === 1 ? '1 feature' : `${count} features`,
        ),
        levelOf: ({ entitlements }) => (entitlements === 'every' ? names.length : entitlements.length),
      }
    }
  }
}
