import type { PushedSubject } from '../grant/pushed/pushed-subject.ts'
import type { LedgerDraft } from '../ledger/draft.ts'
import type {
  PushedSourceState,
  PushedSubjectStore,
  PushMode,
  PushName,
  PushRefusal,
  PushRefusalCode,
  PushResult,
  PushState,
} from '../pushed-store.ts'
import { subjectKey } from '../subject/subject.ts'
import { compareText } from './store-order.ts'

interface Held {
  readonly subject: PushedSubject
  readonly pushedAt: Date
  /** Came by an incremental push: newer than what a full push that was open then still brings. */
  readonly isIncrement: boolean
}

interface Push {
  readonly mode: PushMode
  readonly begunAt: Date
  state: 'open' | 'finished' | 'superseded'
  readonly digests: string[]
  readonly rows: Map<string, Held>
  received: number
  result: PushResult | null
}

interface Source {
  held: Map<string, Held>
  lastFullAt: Date | null
  lastPushAt: Date | null
  readonly pushes: Map<string, Push>
}

const mostNamed = 20
/** Thirty days: how long a finished push is remembered, so that one that is sent again is known. */
const rememberedMs = 30 * 86_400_000

/** Pushed subjects in memory: the model of what the stores on a database answer. */
export function pushedSubjectsInMemory(enter: (entries: readonly LedgerDraft[]) => void): PushedSubjectStore {
  const sources = new Map<string, Source>()
  const sourceOf = (name: string): Source => {
    const source = sources.get(name) ?? {
      held: new Map(),
      lastFullAt: null,
      lastPushAt: null,
      pushes: new Map(),
    }
    sources.set(name, source)
    return source
  }
  const pushOf = ({ source, push }: PushName) => sources.get(source)?.pushes.get(push)
  const subjectsOf = (source: string) =>
    [...(sources.get(source)?.held.values() ?? [])].toSorted((a, b) => compareText(idOf(a), idOf(b)))

  return {
    async pushedSource(name): Promise<PushedSourceState | null> {
      const source = sources.get(name)
      if (!source) return null
      return {
        lastFullAt: source.lastFullAt,
        lastPushAt: source.lastPushAt,
        subjects: countHeld(source.held),
      }
    },
    async beginPush({ source: name, push: id, mode, at }) {
      const source = sourceOf(name)
      const known = source.pushes.get(id)
      if (known?.state === 'superseded') return refused('push-superseded')
      if (known && known.mode !== mode) return { kind: 'refused', code: 'mode-differs', mode: known.mode }
      if (known) return stateOf(id, known)
      if (mode === 'full') for (const other of source.pushes.values()) supersede(other)
      const push: Push = {
        mode,
        begunAt: at,
        state: 'open',
        digests: [],
        rows: new Map(),
        received: 0,
        result: null,
      }
      source.pushes.set(id, push)
      return stateOf(id, push)
    },
    async writePushPart({ source, push: id, sequence, digest, subjects, at }) {
      const push = pushOf({ source, push: id })
      if (!push) return refused('push-unknown')
      if (push.state === 'superseded') return refused('push-superseded')
      const written = push.digests[sequence - 1]
      if (written !== undefined) return written === digest ? stateOf(id, push) : refused('part-differs')
      if (push.state === 'finished') return refused('push-finished')
      const nextSequence = push.digests.length + 1
      if (sequence !== nextSequence) return { kind: 'refused', code: 'sequence-unexpected', nextSequence }
      const twice = duplicatesOf(subjects, push.rows)
      if (twice.length > 0) return { kind: 'refused', code: 'subject-duplicate', subjects: twice }
      for (const subject of subjects) {
        const key = subjectKey(subject.subject)
        if (!push.rows.has(key)) push.rows.set(key, { subject, pushedAt: at, isIncrement: false })
      }
      push.digests.push(digest)
      push.received += subjects.length
      return stateOf(id, push)
    },
    async finishPush({ source: name, push: id, at, allowShrink, keepMissing, entriesOf }) {
      const source = sourceOf(name)
      const push = source.pushes.get(id)
      if (!push) return refused('push-unknown')
      if (push.state === 'superseded') return refused('push-superseded')
      if (push.result) return push.result
      const before = countHeld(source.held)
      const { held, kept, older } =
        push.mode === 'full' ? replaced(source, push, keepMissing) : merged(source, push)
      const after = countHeld(held)
      if (push.mode === 'full' && !allowShrink && isTooSmall(before, after)) {
        return { kind: 'refused', code: 'push-too-small', before, after }
      }
      const { mode, received } = push
      const result: PushResult = { mode, received, older, kept, before, after, finishedAt: at }
      enter(entriesOf(result))
      if (push.mode === 'incremental') {
        for (const other of source.pushes.values()) {
          if (other.mode === 'full' && other.state === 'open') merge(push.rows, other.rows)
        }
      }
      source.held = held
      if (push.mode === 'full') source.lastFullAt = push.begunAt
      source.lastPushAt = at
      push.state = 'finished'
      push.result = result
      push.rows.clear()
      for (const [other, { begunAt }] of source.pushes) {
        if (other !== id && at.getTime() - begunAt.getTime() > rememberedMs) source.pushes.delete(other)
      }
      return result
    },
    async abandonPush({ source, push }) {
      if (pushOf({ source, push })?.state === 'open') sources.get(source)?.pushes.delete(push)
    },
    async pushedSubjects(source, type, after, limit) {
      return subjectsOf(source)
        .filter(
          ({ subject: { subject } }) => subject.type === type && compareText(subject.id, after ?? '') > 0,
        )
        .slice(0, limit)
        .map(({ subject }) => subject)
    },
    async pushedSubjectsById(source, subjects) {
      const keys = new Set(subjects.map(subjectKey))
      return subjectsOf(source)
        .filter(({ subject }) => keys.has(subjectKey(subject.subject)))
        .map(({ subject }) => subject)
    },
    async incrementedSubjects(source, type, since, after, limit) {
      return subjectsOf(source)
        .filter((held) => held.isIncrement && held.pushedAt >= since && held.subject.subject.type === type)
        .filter((held) => after === null || compareText(idOf(held), after) > 0)
        .slice(0, limit)
        .map(({ subject }) => subject)
    },
    async recentPushedSubjects(source, type, count) {
      return subjectsOf(source)
        .filter(({ subject }) => subject.subject.type === type)
        .toSorted((a, b) => changedAt(b) - changedAt(a))
        .slice(0, count)
        .map(({ subject }) => subject)
    },
  }
}

/** Whether a full push is so small that it is more likely broken than right. */
export function isTooSmall(before: number, after: number): boolean {
  return after === 0 || after * 2 < before
}

function replaced(source: Source, push: Push, keepMissing: boolean) {
  const held = new Map(push.rows)
  if (!keepMissing) return { held, kept: 0, older: 0 }
  const missing = [...source.held].filter(([key]) => !held.has(key))
  for (const [key, row] of missing) held.set(key, row)
  return { held, kept: missing.length, older: 0 }
}

function merged(source: Source, push: Push) {
  const held = new Map(source.held)
  return { held, kept: 0, older: push.rows.size - merge(push.rows, held) }
}

/** A record that was updated later is not replaced by an older one. Gives how many were taken. */
function merge(rows: ReadonlyMap<string, Held>, into: Map<string, Held>): number {
  let taken = 0
  for (const [key, row] of rows) {
    const [now, then] = [updatedAt(row), updatedAt(into.get(key))]
    if (now !== null && then !== null && now < then) continue
    into.set(key, { ...row, isIncrement: true })
    taken++
  }
  return taken
}

function duplicatesOf(subjects: readonly PushedSubject[], rows: ReadonlyMap<string, Held>) {
  const seen = new Set<string>()
  const twice = subjects.filter(({ subject }) => {
    const key = subjectKey(subject)
    const row = rows.get(key)
    const isTwice = seen.has(key) || (row !== undefined && !row.isIncrement)
    seen.add(key)
    return isTwice
  })
  return twice.slice(0, mostNamed).map(({ subject }) => subject)
}

function supersede(push: Push): void {
  if (push.mode !== 'full' || push.state !== 'open') return
  push.state = 'superseded'
  push.rows.clear()
}

function stateOf(id: string, push: Push): PushState {
  const { mode, begunAt, digests, received, result } = push
  return { id, mode, begunAt, nextSequence: digests.length + 1, received, result }
}

function refused(
  code: Extract<PushRefusalCode, 'push-unknown' | 'push-superseded' | 'push-finished' | 'part-differs'>,
): PushRefusal {
  return { kind: 'refused', code }
}

function countHeld(held: ReadonlyMap<string, Held>): number {
  return [...held.values()].filter(({ subject }) => subject.kind === 'unreadable' || !subject.deleted).length
}

function idOf({ subject }: Held): string {
  return subject.subject.id
}

function updatedAt(row: Held | undefined): number | null {
  return row?.subject.kind === 'record' ? (row.subject.updatedAt?.getTime() ?? null) : null
}

function changedAt(row: Held): number {
  return updatedAt(row) ?? row.pushedAt.getTime()
}
