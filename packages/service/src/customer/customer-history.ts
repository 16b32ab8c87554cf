import type {
  Access,
  AccessStep,
  Catalogue,
  Incident,
  ProjectStore,
  SaidAccess,
  SubjectId,
} from '@trueup/core'
import { compareText, customerOfKey, payerKey, readAccessState, subjectKey, subjectOfKey } from '@trueup/core'
import { incidentsNamed, pairsNamed, personsNamed } from './find-pairs.ts'
import type { Stretch, UnknownBecause } from './stretches.ts'
import { stretchesOf } from './stretches.ts'

/** Access as it can be drawn; a component that nobody compares is `null`, and so is the rank of a plan no longer sold. */
export interface Level {
  readonly plan: string | null
  /** The place of the plan in the catalogue as it holds; 0 is the free plan. */
  readonly rank: number | null
  readonly paid: boolean | null
  /** `null`: no trial, or no trial is compared. */
  readonly trialEndsAt: Date | null
  readonly entitlements: readonly string[] | 'every' | null
  readonly seats: Access['seats']
}

/** What one source granted; where it could not be read, surely `least` and perhaps `most`. */
export interface GrantedLevel {
  /** `null`: every source said the same. */
  readonly source: string | null
  readonly record: 'live' | 'deleted' | 'missing'
  readonly least: Level
  readonly most: Level
}

/** A stretch of time, as it is drawn: a band from owed to allowed, and a line of what was granted. */
export type DrawnStretch =
  | {
      readonly known: true
      readonly from: Date
      readonly to: Date
      /** The check that saw it first; `null`: a reading of this pair alone. */
      readonly checkId: string | null
      /** False: there was no such subject, or payer without one. */
      readonly there: boolean
      readonly owed: Level | null
      readonly allowed: Level | null
      readonly granted: readonly GrantedLevel[]
    }
  | { readonly known: false; readonly from: Date; readonly to: Date; readonly because: UnknownBecause }

/** Something that happened at one moment. */
export interface Mark {
  readonly at: Date
  readonly kind: 'incident' | 'repair' | 'event' | 'config' | 'exception'
  /** What was done, as the ledger calls it; the type of an event. */
  readonly act: string
  /** Of the incident, repair, event, version or exception. */
  readonly id: string
  readonly text: string
}

export interface CustomerHistory {
  readonly from: Date
  readonly to: Date
  /** Plans in their order, the free one first: what the height of a level means. */
  readonly levels: readonly { readonly plan: string; readonly rank: number }[]
  readonly pairs: readonly {
    readonly key: string
    readonly subject: SubjectId | null
    readonly stretches: readonly DrawnStretch[]
  }[]
  readonly marks: readonly Mark[]
  /** There were more marks than are given; the latest are. */
  readonly marksCut: boolean
}

/** Steps of one pair and looks that are laid out at most; who changes more often than that is cut at the beginning. */
const mostSteps = 1_000
const mostLooks = 2_000
const mostMarks = 500
const mostAround = 20

export interface HistoryQuestion {
  readonly project: ProjectStore
  readonly catalogue: Catalogue
  /** `cus_1`, `user_1`, or with its kind: `user:user_1`. */
  readonly name: string
  readonly from: Date
  readonly to: Date
  /** Events and versions of the configuration, where whoever asks keeps any. */
  readonly marksBeside?: (about: readonly string[]) => Promise<readonly Mark[]>
}

/**
 * What was promised and granted over time: known only where somebody looked, with what happened as marks.
 *
 * @returns `null`: nobody knows such a customer or subject
 */
export async function customerHistory(question: HistoryQuestion): Promise<CustomerHistory | null> {
  const { project, catalogue, from, to } = question
  const keys = await keysOf(project, question.name)
  const steps = await project.accessSteps(keys, mostSteps)
  const marks = await marksOf(question, keys)
  const isKnown = steps.length > 0 || marks.some(({ kind }) => kind !== 'config')
  if (!isKnown && !(await isRead(project, question.name))) return null
  const looks = await project.looksAtAll(new Date(to.getTime() + 1), mostLooks)
  const stepped = keys.filter((key) => steps.some(({ pairKey }) => pairKey === key))
  const levelOf = levelsIn(catalogue)
  return {
    from,
    to,
    levels: catalogue.plans.map(({ id }, rank) => ({ plan: id, rank })),
    pairs: stepped.map((key) => ({
      key,
      subject: customerOfKey(key) === null ? subjectOfKey(key) : null,
      stretches: stretchesOf(
        steps.filter(({ pairKey }) => pairKey === key),
        looks,
        { from, to },
      ).map((stretch) => drawn(stretch, levelOf)),
    })),
    marks: marks.slice(-mostMarks),
    marksCut: marks.length > mostMarks,
  }
}

async function isRead(project: ProjectStore, name: string): Promise<boolean> {
  const check = await project.newestFinishedCheck({ filing: false })
  if (!check) return false
  return (await project.pairs(check.id, pairsNamed(name))).some((pair) => pair !== null)
}

/** The keys of every pair that a name means, or that has had to do with it. */
export async function keysOf(project: ProjectStore, name: string): Promise<readonly string[]> {
  const named = pairsNamed(name)
  const customerIds = named.flatMap((one) => ('customerId' in one ? [one.customerId] : []))
  const subjects = named.flatMap((one) => ('subject' in one ? [one.subject] : []))
  const [met, told] = await Promise.all([
    project.acquaintances(null, { customerIds, subjects }, mostAround),
    incidentsNamed(project, name),
  ])
  const inIncidents = told.flatMap(({ subject, customerId }) => [
    ...(subject ? [subjectKey(subject)] : []),
    ...(customerId ? [payerKey(customerId)] : []),
  ])
  return [
    ...new Set([
      ...personsNamed(name),
      ...[...new Set(inIncidents)].slice(0, mostAround),
      ...met.flatMap(({ customerId, subject }) => [subjectKey(subject), payerKey(customerId)]),
    ]),
  ]
}

type LevelOf = (access: SaidAccess) => Level

export function levelsIn(catalogue: Catalogue): LevelOf {
  const ranks = new Map(catalogue.plans.map(({ id }, rank) => [id, rank]))
  return ({ plan, paid, trialEndsAt, entitlements, seats }) => ({
    plan: plan ?? null,
    rank: plan === undefined ? null : (ranks.get(plan) ?? null),
    paid: paid ?? null,
    trialEndsAt: trialEndsAt ?? null,
    entitlements: entitlements ?? null,
    seats: seats ?? null,
  })
}

function drawn(stretch: Stretch, levelOf: LevelOf): DrawnStretch {
  if (!stretch.known) return stretch
  const { from, to, step } = stretch
  return { known: true, from, to, checkId: step.checkId, ...sidesOf(step, levelOf) }
}

function sidesOf({ state }: AccessStep, levelOf: LevelOf) {
  const said = state === null ? null : readAccessState(state)
  return {
    there: state !== null,
    owed: said && levelOf(said.owed),
    allowed: said && levelOf(said.allowed),
    granted: (said?.granted ?? []).map(({ source, record, least, most }) => ({
      source,
      record,
      least: levelOf(least),
      most: levelOf(most),
    })),
  }
}

/** Both sides as a step says them, drawn by a catalogue. */
export function drawnSides(step: AccessStep, catalogue: Catalogue) {
  return sidesOf(step, levelsIn(catalogue))
}

async function marksOf(question: HistoryQuestion, keys: readonly string[]): Promise<readonly Mark[]> {
  const { project, from, to, marksBeside } = question
  const about = [...new Set([...keys, ...keys.flatMap((key) => customerOfKey(key) ?? [])])]
  const incidents = await project.incidentsOn(about)
  const repairs = (
    await Promise.all(incidents.map(({ id }) => project.repairs({ incidentId: id, limit: 100 })))
  ).flat()
  const all = [
    ...incidents.flatMap(marksOfIncident),
    ...repairs.flatMap(({ id, summary, history }) =>
      history.map(({ act, at }): Mark => ({ at, kind: 'repair', act, id, text: summary })),
    ),
    ...(await marksOfExceptions(project, keys, to)),
    ...((await marksBeside?.(about)) ?? []),
  ]
  return all
    .filter(({ at }) => at >= from && at <= to)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || compareText(a.id, b.id))
}

/** That it was seen again says nothing new. */
function marksOfIncident({ id, sentence, history }: Incident): readonly Mark[] {
  return history
    .filter(({ act }) => act !== 'incident-seen-again')
    .map(({ act, at }) => ({ at, kind: 'incident', act, id, text: sentence }))
}

const mostExceptions = 200

async function marksOfExceptions(
  project: ProjectStore,
  keys: readonly string[],
  now: Date,
): Promise<readonly Mark[]> {
  const marks: Mark[] = []
  for (const subject of keys.filter((key) => customerOfKey(key) === null)) {
    for (const one of await project.exceptions({ now, subject, limit: mostExceptions })) {
      const { id, reason: text, createdAt, endedAt, until } = one
      marks.push({ at: createdAt, kind: 'exception', act: 'exception-created', id, text })
      marks.push({ at: endedAt ?? until, kind: 'exception', act: 'exception-ended', id, text })
    }
  }
  return marks
}
