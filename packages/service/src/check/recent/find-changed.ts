import type { AccessSource, CheckMark, CheckRun, SubjectId } from '@trueup/core'
import { SourceError, subjectKey } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'

/** The part under which changes of billing are marked. */
const eventsPart = 'events'
/** Sources stamp their rows by their own clock, and a transaction shows its rows after the moment that they carry. */
const overlapMs = 10 * 60_000

/** Who changed since the last time, and up to when that is known then. */
export interface Changed {
  readonly customerIds: readonly string[]
  readonly subjects: readonly SubjectId[]
  /** To be kept once all of these were checked. */
  readonly marks: readonly CheckMark[]
  /** Parts of which what changed cannot be told, such as `clerk/organizations`. */
  readonly notFollowed: readonly string[]
}

/** Why only a full check can say what is true now. */
export type NeedsFull = 'never-checked' | 'config-changed' | 'changes-lost' | 'too-many' | 'not-followed'

/**
 * Asks every source who changed since it was last asked, or since the last full check began.
 *
 * @param most Above so many a full check costs less.
 * @throws SourceError when a source cannot be asked
 */
export async function findChanged(
  dependencies: CheckDependencies,
  base: CheckRun,
  most: number,
): Promise<Changed | { readonly needsFull: NeedsFull }> {
  const { project, billing, access } = dependencies
  const marks = await project.checkMarks()
  // What a full check read is as of its beginning at the earliest.
  const sinceOf = (source: string, part: string) => {
    const mark = marks.find((known) => known.source === source && known.part === part)
    return mark && mark.until > base.startedAt ? mark.until : base.startedAt
  }
  if (!billing.changedSince) return { needsFull: 'not-followed' }
  const due = new Due(most)
  const moved: CheckMark[] = []
  try {
    let until: Date | null = null
    for await (const page of billing.changedSince(sinceOf(billing.name, eventsPart))) {
      if (!due.addCustomers(page.customerIds)) return { needsFull: 'too-many' }
      until ??= page.until
    }
    if (until !== null) moved.push({ source: billing.name, part: eventsPart, until })
  } catch (error) {
    if (error instanceof SourceError && error.code === 'changes-lost') return { needsFull: 'changes-lost' }
    throw error
  }
  const notFollowed: string[] = []
  for (const { source, part } of partsOf(access)) {
    const askedAt = dependencies.clock.now()
    const since = new Date(sinceOf(source.name, part).getTime() - overlapMs)
    const pages = (await source.changedSince?.(part, since)) ?? null
    if (pages === null) {
      notFollowed.push(`${source.name}/${part}`)
      continue
    }
    for await (const subjects of pages) {
      if (!due.addSubjects(subjects)) return { needsFull: 'too-many' }
    }
    moved.push({ source: source.name, part, until: askedAt })
  }
  return { customerIds: due.customerIds(), subjects: due.subjects(), marks: moved, notFollowed }
}

function partsOf(access: readonly AccessSource[]) {
  return access.flatMap((source) =>
    source.subjectTypes.map((type) => ({
      source,
      part: type === 'user' ? ('users' as const) : ('organizations' as const),
    })),
  )
}

/** Those to be checked, each once, up to a number. */
class Due {
  readonly #most: number
  readonly #customers = new Set<string>()
  readonly #subjects = new Map<string, SubjectId>()

  constructor(most: number) {
    this.#most = most
  }

  addCustomers(ids: readonly string[]): boolean {
    for (const id of ids) this.#customers.add(id)
    return this.#hasRoom()
  }

  addSubjects(subjects: readonly SubjectId[]): boolean {
    for (const subject of subjects) this.#subjects.set(subjectKey(subject), subject)
    return this.#hasRoom()
  }

  customerIds(): readonly string[] {
    return [...this.#customers]
  }

  subjects(): readonly SubjectId[] {
    return [...this.#subjects.values()]
  }

  #hasRoom(): boolean {
    return this.#customers.size + this.#subjects.size <= this.#most
  }
}
