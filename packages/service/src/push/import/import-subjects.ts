import type {
  Catalogue,
  Clock,
  LedgerDraft,
  PushedMapping,
  PushedProblem,
  PushedSubject,
  PushedSubjectStore,
  PushMode,
  PushName,
  PushRefusalCode,
  PushResult,
  SubjectReading,
  SubjectType,
} from '@trueup/core'
import { isRefused, isTooSmall, parsePushedSubject, readPushedSubject, subjectKey } from '@trueup/core'
import { importDraft } from '../import-draft.ts'
import type { PushTarget } from '../push-request.ts'
import { fixOfRecord } from '../record-fix.ts'
import { partDigest } from '../take-part.ts'
import type { ImportProblem, ImportRow } from './import-row.ts'

export interface ImportOptions {
  readonly target: PushTarget
  readonly catalogue: Catalogue
  readonly store: PushedSubjectStore
  readonly clock: Clock
  readonly mode: PushMode
  /** The type of records that name none. */
  readonly type: SubjectType | null
  /** Take the good records though there are bad ones. A bad one whose subject is known counts as unreadable. */
  readonly skipBad: boolean
  /** Do everything but show what was read. */
  readonly dryRun: boolean
  readonly allowShrink: boolean
  /** Who imports, for the ledger. */
  readonly by: string
  readonly signal?: AbortSignal
  /** Told how many lines have been read. */
  readonly onProgress?: (lines: number) => void
}

/** What an import came to. */
export interface ImportOutcome {
  readonly source: string
  readonly mode: PushMode
  readonly state: 'imported' | 'would-import' | 'refused'
  /** Why nothing was imported; `null` where it was, or would be. */
  readonly refusal: 'bad-lines' | PushRefusalCode | null
  readonly records: number
  readonly good: number
  readonly bad: number
  /** Of the bad ones, those of which it is not known whom they are about. */
  readonly unidentified: number
  /** The first things that are wrong, and how many there are in all. */
  readonly problems: readonly ImportProblem[]
  readonly problemCount: number
  /** The first values that were taken but cannot be read, and how many there are in all. */
  readonly unreadable: readonly ImportProblem[]
  readonly unreadableCount: number
  /** Subjects held before and after. */
  readonly before: number
  readonly after: number | null
  /** Subjects that were not in the file and were kept, since a record could not be told apart. */
  readonly kept: number
  /** Records that were left out because a later one is held. */
  readonly older: number
}

const recordsPerPart = 2_000
const mostListed = 20

/**
 * Imports the records of a file: all of them or none. They are staged as they are read, in bounded memory, and shown
 * at once when all are good; whatever stops it before changes nothing.
 *
 * @throws StoreError; whatever reading the rows throws
 */
export async function importSubjects(
  rows: AsyncIterable<ImportRow>,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const begunAt = options.clock.now()
  const named = { source: options.target.name, push: `import-${begunAt.toISOString()}` }
  const run = new ImportRun(options, named)
  try {
    return await run.through(rows, begunAt)
  } finally {
    await options.store.abandonPush(named)
  }
}

class ImportRun {
  readonly #options: ImportOptions
  readonly #named: PushName
  readonly #problems = new Listed()
  readonly #unreadable = new Listed()
  #part: { readonly line: number; readonly subject: PushedSubject }[] = []
  #sequence = 0
  #records = 0
  #bad = 0
  #unidentified = 0
  #staged = 0
  #held = 0
  #refusal: ImportOutcome['refusal'] = null

  constructor(options: ImportOptions, named: PushName) {
    this.#options = options
    this.#named = named
  }

  async through(rows: AsyncIterable<ImportRow>, begunAt: Date): Promise<ImportOutcome> {
    const { store, signal, onProgress, dryRun } = this.#options
    // Beginning a full push ends another that is under way, which a dry run must not.
    const mode = dryRun ? 'incremental' : this.#options.mode
    const begun = await store.beginPush({ ...this.#named, mode, at: begunAt })
    if (isRefused(begun)) this.#refusal = begun.code
    for await (const row of rows) {
      signal?.throwIfAborted()
      this.#take(row)
      if (this.#part.length < recordsPerPart) continue
      await this.#write()
      onProgress?.(row.line)
    }
    await this.#write()
    signal?.throwIfAborted()
    return await this.#end()
  }

  #take(row: ImportRow): void {
    this.#records++
    if ('problem' in row) {
      this.#skip(row.line, null, [row.problem])
      // What a broken file holds after the break is nobody's guess.
      if (row.problem.code === 'file-broken') this.#refusal ??= 'bad-lines'
      return
    }
    const { target } = this.#options
    const parsed = parsePushedSubject(this.#typed(row.json), target.mappings)
    if (!parsed.ok) {
      this.#skip(
        row.line,
        parsed.subject,
        parsed.problems.map((problem) => problemOf(row.line, problem)),
      )
      return
    }
    this.#part.push({ line: row.line, subject: parsed.record })
    this.#warn(row.line, parsed.record)
  }

  #skip(line: number, subject: PushedSubject['subject'] | null, problems: readonly ImportProblem[]): void {
    this.#bad++
    for (const problem of problems) this.#problems.add(problem)
    if (!this.#options.skipBad) {
      this.#refusal ??= 'bad-lines'
      return
    }
    const [first] = problems
    if (subject && first) {
      const found = `${first.field === null ? '' : `${first.field}: `}${first.found}, in line ${line}`
      this.#part.push({ line, subject: { kind: 'unreadable', subject, found, needed: first.needed } })
    } else this.#unidentified++
  }

  /** Values that no check will be able to read are worth a word while somebody is looking. */
  #warn(line: number, subject: PushedSubject): void {
    const { catalogue, clock, target } = this.#options
    const mapping: PushedMapping | undefined = target.mappings[subject.subject.type]
    if (!mapping) return
    const reading = readPushedSubject(subject, mapping, {
      catalogue,
      source: target.name,
      readAt: clock.now(),
    })
    for (const [field, read] of readsOf(reading)) {
      if (read.state !== 'unreadable') continue
      const { found, needed } = read
      const fix = 'Until it is mended, the check says that it cannot tell.'
      this.#unreadable.add({ code: 'value-invalid', line, field, found, needed, fix })
    }
  }

  async #write(): Promise<void> {
    const part = this.#part
    this.#part = []
    if (part.length === 0 || this.#refusal !== null) return
    const subjects = part.map(({ subject }) => subject)
    const { store, clock } = this.#options
    const written = await store.writePushPart({
      ...this.#named,
      sequence: ++this.#sequence,
      digest: partDigest(subjects),
      subjects,
      at: clock.now(),
    })
    if (!isRefused(written)) {
      this.#staged += subjects.length
      this.#held += subjects.filter((subject) => subject.kind === 'unreadable' || !subject.deleted).length
      return
    }
    this.#refusal = written.code === 'subject-duplicate' ? 'bad-lines' : written.code
    if (written.code !== 'subject-duplicate') return
    const twice = new Set(written.subjects.map(subjectKey))
    const lines = new Map(part.map(({ line, subject }) => [subjectKey(subject.subject), { line, subject }]))
    for (const [key, { line, subject }] of lines) {
      if (twice.has(key)) this.#problems.add(duplicate(line, subject))
    }
  }

  async #end(): Promise<ImportOutcome> {
    const { store, mode, clock, dryRun, by } = this.#options
    const before = (await store.pushedSource(this.#named.source))?.subjects ?? 0
    const keepMissing = mode === 'full' && this.#unidentified > 0
    const allowShrink = this.#options.allowShrink
    if (this.#refusal === null && dryRun) {
      const isRefusedThen = mode === 'full' && !allowShrink && !keepMissing && isTooSmall(before, this.#held)
      if (isRefusedThen) this.#refusal = 'push-too-small'
    }
    if (this.#refusal !== null || dryRun) return this.#outcome(before, null)
    const entriesOf = (result: PushResult): readonly LedgerDraft[] => [importDraft(this.#named, result, by)]
    const at = clock.now()
    const result = await store.finishPush({ ...this.#named, at, allowShrink, keepMissing, entriesOf })
    if (!isRefused(result)) return this.#outcome(result.before, result)
    this.#refusal = result.code
    return this.#outcome(before, null)
  }

  #outcome(before: number, result: PushResult | null): ImportOutcome {
    const { target, mode, dryRun } = this.#options
    return {
      source: target.name,
      mode,
      state: this.#refusal !== null ? 'refused' : dryRun ? 'would-import' : 'imported',
      refusal: this.#refusal,
      records: this.#records,
      good: this.#records - this.#bad,
      bad: this.#bad,
      unidentified: this.#unidentified,
      problems: this.#problems.first,
      problemCount: this.#problems.count,
      unreadable: this.#unreadable.first,
      unreadableCount: this.#unreadable.count,
      before,
      after: result?.after ?? null,
      kept: result?.kept ?? 0,
      older: result?.older ?? 0,
    }
  }

  #typed(json: unknown): unknown {
    const { type } = this.#options
    const isUntyped =
      typeof json === 'object' &&
      json !== null &&
      !Array.isArray(json) &&
      (!('type' in json) || json.type === null)
    return type !== null && isUntyped ? { ...json, type } : json
  }
}

/** The first of many, and their number. */
class Listed {
  readonly first: ImportProblem[] = []
  count = 0

  add(problem: ImportProblem): void {
    this.count++
    if (this.first.length < mostListed) this.first.push(problem)
  }
}

function problemOf(line: number, problem: PushedProblem): ImportProblem {
  const { code, field, found, needed } = problem
  return {
    code,
    line,
    field: code === 'field-unknown' ? null : field,
    found,
    needed,
    fix: fixOfRecord(problem),
  }
}

function duplicate(line: number, { subject }: PushedSubject): ImportProblem {
  return {
    code: 'subject-duplicate',
    line,
    field: 'id',
    found: `${subject.type} ${subject.id} a second time`,
    needed: 'each subject once: nobody can tell which record is right',
    fix: 'Let the export give one record a subject; a join may have doubled it.',
  }
}

function readsOf({ customerId, granted }: SubjectReading) {
  return [
    ['customerId', customerId],
    ['plan', granted.plan],
    ['premium', granted.paid],
    ['trialEndsAt', granted.trialEndsAt],
    ['entitlements', granted.entitlements],
    ['seats', granted.seats],
  ] as const
}
