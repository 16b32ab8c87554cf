import type { InputOf } from '../../api/operation.ts'
import {
  type Hurts,
  hurtsWords,
  type IncidentKind,
  type IncidentState,
  kindWords,
  namesOf,
  type Severity,
  severityWords,
  stateWords,
} from './words.ts'

type Query = NonNullable<InputOf<'GET /api/v1/projects/{projectId}/incidents'>['query']>
export type IncidentQuery = Omit<Query, 'after' | 'limit'>
export type Sort = NonNullable<Query['sort']>

/** Which incidents are listed, and in which order. All of it stands in the address. */
export interface IncidentSearch {
  readonly states: readonly IncidentState[]
  readonly severities: readonly Severity[]
  readonly kinds: readonly IncidentKind[]
  readonly hurts: Hurts | null
  readonly cause: string | null
  readonly assignee: string | null
  readonly about: string | null
  /** In minor units of `currency`, or of whichever. */
  readonly moneyAtLeast: number | null
  readonly currency: string | null
  readonly text: string
  readonly sort: Sort
  readonly isReversed: boolean
}

/** What is to be done is what is open or acknowledged: the list begins with it. */
export const firstSearch: IncidentSearch = {
  states: ['open', 'acknowledged'],
  severities: [],
  kinds: [],
  hurts: null,
  cause: null,
  assignee: null,
  about: null,
  moneyAtLeast: null,
  currency: null,
  text: '',
  sort: 'severity',
  isReversed: false,
}

const sorts: readonly Sort[] = ['severity', 'opened', 'seen', 'money']

/** What stands behind `?`. What is as at first stands there not at all; what makes no sense counts as not there. */
export function readSearch(search: Readonly<Record<string, unknown>>): IncidentSearch {
  const one = (name: string) => {
    const value = search[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }
  const list = <Name extends string>(name: string, known: readonly Name[]) => {
    const words = one(name)?.split(',') ?? []
    return known.filter((word) => words.includes(word))
  }
  const number = Number(one('min') ?? Number.NaN)
  const states = list('state', namesOf(stateWords))
  return {
    states: states.length > 0 ? states : one('state') === 'all' ? [] : firstSearch.states,
    severities: list('severity', namesOf(severityWords)),
    kinds: list('kind', namesOf(kindWords)),
    hurts: namesOf(hurtsWords).find((hurts) => hurts === one('hurts')) ?? null,
    cause: one('cause'),
    assignee: one('assignee'),
    about: one('about'),
    moneyAtLeast: Number.isSafeInteger(number) && number > 0 ? number : null,
    currency: /^[a-z]{3}$/.exec(one('currency') ?? '')?.[0] ?? null,
    text: one('q') ?? '',
    sort: sorts.find((sort) => sort === one('sort')) ?? 'severity',
    isReversed: one('reversed') === 'yes' || one('reversed') === 'true',
  }
}

/** The same for an address. */
export function writeSearch(search: IncidentSearch): Record<string, string | number> {
  const isFirst = search.states.join() === firstSearch.states.join()
  const parts: Record<string, string | number | null> = {
    state: isFirst ? null : search.states.join() || 'all',
    severity: search.severities.join(),
    kind: search.kinds.join(),
    hurts: search.hurts,
    cause: search.cause,
    assignee: search.assignee,
    about: search.about,
    min: search.moneyAtLeast,
    currency: search.moneyAtLeast === null ? null : search.currency,
    q: search.text,
    sort: search.sort === 'severity' ? null : search.sort,
    reversed: search.isReversed ? 'yes' : null,
  }
  return Object.fromEntries(
    Object.entries(parts).filter((part): part is [string, string | number] => Boolean(part[1])),
  )
}

/** The same as the API takes it, with only what says something. */
export function queryOfSearch(search: IncidentSearch): IncidentQuery {
  const { states, severities, kinds, hurts, cause, assignee, about, moneyAtLeast, currency, text } = search
  return {
    ...(states.length > 0 ? { state: [...states] } : {}),
    ...(severities.length > 0 ? { severity: [...severities] } : {}),
    ...(kinds.length > 0 ? { kind: [...kinds] } : {}),
    ...(hurts ? { hurts } : {}),
    ...(cause ? { cause } : {}),
    ...(assignee ? { assignee } : {}),
    ...(about ? { about } : {}),
    ...(moneyAtLeast === null ? {} : { moneyAtLeast }),
    ...(moneyAtLeast !== null && currency ? { currency } : {}),
    ...(text.trim() ? { q: text.trim().slice(0, 200) } : {}),
    ...(search.sort === 'severity' ? {} : { sort: search.sort }),
    ...(search.isReversed ? { reversed: 'true' as const } : {}),
  }
}

type ViewQuery = Readonly<Record<string, string | readonly string[]>>

/** The search that a kept view stands for. */
export function searchOfView(query: ViewQuery): IncidentSearch {
  const text = (value: string | readonly string[]) => [value].flat().join()
  const { state, moneyAtLeast, ...rest } = query
  return readSearch({
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, text(value)])),
    state: state === undefined ? 'all' : text(state),
    ...(moneyAtLeast === undefined ? {} : { min: text(moneyAtLeast) }),
  })
}

/** The search as a view keeps it. */
export function viewOfSearch(search: IncidentSearch): Record<string, string | string[]> {
  const query = Object.entries(queryOfSearch(search))
  return Object.fromEntries(
    query.map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  )
}

/** The filter of an act on everything that a search finds. */
export function filterOfSearch(
  search: IncidentSearch,
): NonNullable<InputOf<'POST /api/v1/projects/{projectId}/incidents/bulk'>['body']['filter']> {
  const { states, severities, kinds, hurts, cause, assignee, about, moneyAtLeast, currency, text } = search
  return {
    ...(states.length > 0 ? { states: [...states] } : {}),
    ...(severities.length > 0 ? { severities: [...severities] } : {}),
    ...(kinds.length > 0 ? { kinds: [...kinds] } : {}),
    ...(hurts ? { hurts } : {}),
    ...(cause ? { cause } : {}),
    ...(assignee ? { assignee: assignee === 'nobody' ? null : assignee } : {}),
    ...(about ? { about } : {}),
    ...(moneyAtLeast === null
      ? {}
      : { moneyAtLeast: { amount: moneyAtLeast, ...(currency ? { currency } : {}) } }),
    ...(text.trim() ? { text: text.trim().slice(0, 200) } : {}),
  }
}
