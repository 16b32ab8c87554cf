import type { AnswerOf, Shape } from '../../api/operation.ts'

export type History = AnswerOf<'GET /api/v1/projects/{projectId}/customers/{customerId}/history'>
export type Level = NonNullable<Shape<'AccessLevel'>>
export type Stretch = History['pairs'][number]['stretches'][number]
export type Mark = History['marks'][number]

/** Why nobody knows what was. */
export const unknownWords: Readonly<Record<NonNullable<Shape<'UnknownBecause'>>, string>> = {
  'before-first-look': 'Before the first look',
  'changed-between': 'Changed between two checks',
  'nobody-looked': 'Nobody looked',
  'not-looked-since': 'Not looked at since',
}

/** The part of a history that is drawn. */
export interface Course {
  readonly from: number
  readonly until: number
  readonly stretches: readonly Stretch[]
  readonly marks: readonly Mark[]
}

/**
 * The course of one pair. Of the time before anything is known only a tenth is drawn, so that what is known has room.
 *
 * @returns `null`: nothing is known, and nothing happened
 */
export function courseOf(history: History, key: string | undefined): Course | null {
  const pair = history.pairs.find((one) => one.key === key) ?? history.pairs[0]
  const stretches = pair?.stretches ?? []
  const begins = [
    ...stretches.filter(({ known }) => known).map(({ from }) => Date.parse(from)),
    ...history.marks.map(({ at }) => Date.parse(at)),
  ]
  if (begins.length === 0) return null
  const until = Date.parse(history.to)
  const first = Math.min(...begins)
  const room = Math.max((until - first) / 9, 1_000)
  return { from: Math.max(Date.parse(history.from), first - room), until, stretches, marks: history.marks }
}

/** Which part of the access is drawn. */
export type Component = 'plan' | 'paid' | 'seats' | 'entitlements'

/** The levels of a component from the bottom, and where a value lies among them; `null`: it is not compared. */
export interface Scale {
  readonly levels: readonly string[]
  readonly levelOf: (level: Level) => number | null
}

export function scaleOf(component: Component, plans: History['levels'], course: Course): Scale {
  const all = course.stretches.flatMap((stretch) =>
    stretch.known
      ? [stretch.owed, stretch.allowed, ...stretch.granted.flatMap(({ least, most }) => [least, most])]
      : [],
  )
  const levels = all.filter((level) => level !== null)
  switch (component) {
    case 'paid':
      return {
        levels: ['Not paid', 'Paid'],
        levelOf: ({ paid }) => (paid === null ? null : Number(paid)),
      }
    case 'plan': {
      const ranked = plans.toSorted((one, other) => one.rank - other.rank).map(({ plan }) => plan)
      const others = [...new Set(levels.flatMap(({ plan }) => (plan === null ? [] : [plan])))]
      const names = [...ranked, ...others.filter((plan) => !ranked.includes(plan))]
      return { levels: names, levelOf: ({ plan }) => (plan === null ? null : names.indexOf(plan)) }
    }
    case 'seats': {
      const numbers = levels.flatMap(({ seats }) => (typeof seats === 'number' ? [seats] : []))
      const sorted = [...new Set([0, ...numbers])].toSorted((one, other) => one - other)
      const hasAny = levels.some(({ seats }) => seats === 'unlimited')
      return {
        levels: [...sorted.map(String), ...(hasAny ? ['Any'] : [])],
        levelOf: ({ seats }) => {
          if (seats === null) return null
          return seats === 'unlimited' ? sorted.length : sorted.indexOf(seats)
        },
      }
    }
    case 'entitlements': {
      const names = levels.flatMap(({ entitlements }) =>
        entitlements === 'every' ? [] : (entitlements ?? []),
      )
      const most = new Set(names).size
      const hasEvery = levels.some(({ entitlements }) => entitlements === 'every')
      return {
        levels: [
          'None',
          ...Array.from({ length: most }, (_, place) =>
            place === 0 ? '1 feature' : `${place + 1} features`,
          ),
          ...(hasEvery ? ['Every'] : []),
        ],
        levelOf: ({ entitlements }) => {
          if (entitlements === null) return null
          return entitlements === 'every' ? most + 1 : entitlements.length
        },
      }
    }
  }
}

/** What a source granted, where it is one value; `null`: it could be more than it seems, or cannot be compared. */
export function surely(
  { least, most }: { readonly least: Level; readonly most: Level },
  { levelOf }: Scale,
): number | null {
  const level = levelOf(least)
  return level === levelOf(most) ? level : null
}
