import type {
  AccessPart,
  AccessSource,
  BillingPart,
  CheckRun,
  Cursor,
  Lease,
  Page,
  PartState,
  Rules,
  SubjectReading,
  Timer,
} from '@trueup/core'
import { LeaseLost, SourceError } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import { observeSubject } from '../observe.ts'
import type { BillingPage, PageObserved } from '../observe-billing-page.ts'
import { observeBillingPage } from '../observe-billing-page.ts'
import { lostFor, optionalParts } from '../read-sources.ts'
import { ruleBase } from '../rules-of.ts'
import { holdLease, leaseMs } from './hold-lease.ts'
import { UnitCursors } from './unit-cursors.ts'

/** A piece is divided only once so many pages of it were read: stopping gives up the pages under way. */
const pagesBeforeSharing = 8

/** What became of reading a piece. */
export type PartRead =
  /** The piece is done, or its part has failed. */
  | 'ended'
  /** Somebody else holds it by now; what was stored under this lease stays. */
  | 'lost'

/**
 * Reads one leased piece of a check to its end: each page is stored in one transaction with its cursors, under the
 * lease. Killed at any moment, the piece is leased anew once the lease runs out, and read on from its cursors.
 *
 * Where others have nothing to do, it gives them half of its cursors.
 */
export async function readPart(
  dependencies: CheckDependencies,
  check: CheckRun,
  lease: Lease,
  { timer, signal }: { readonly timer: Timer; readonly signal?: AbortSignal },
): Promise<PartRead> {
  const { project } = dependencies
  const reading = new PieceReading(dependencies, check, lease)
  try {
    await holdLease(project, lease, timer, (stop) => reading.run(stop), signal)
    await project.endUnit(lease, { state: 'done' })
    return 'ended'
  } catch (error) {
    if (error instanceof LeaseLost) return 'lost'
    if (!(error instanceof SourceError)) {
      await release(dependencies, lease)
      throw error
    }
    return (await endedWith(dependencies, lease, failureOf(error, lease.part))) ? 'ended' : 'lost'
  } finally {
    await reading.countRequests()
  }
}

/** Others need not wait for the lease of somebody who stops. */
async function release({ project }: CheckDependencies, lease: Lease): Promise<void> {
  await endedWith({ project }, lease, { state: 'released' })
}

/** Whether the lease was still held. */
async function endedWith(
  { project }: Pick<CheckDependencies, 'project'>,
  lease: Lease,
  end: Parameters<CheckDependencies['project']['endUnit']>[1],
): Promise<boolean> {
  try {
    await project.endUnit(lease, end)
    return true
  } catch (error) {
    if (error instanceof LeaseLost) return false
    throw error
  }
}

function failureOf(error: SourceError, part: string): Exclude<PartState, { readonly state: 'reading' }> {
  if (error.code === 'permission-missing' && optionalParts.includes(part)) {
    return { state: 'left-out', message: error.message }
  }
  return { state: 'failed', code: error.code, message: error.message }
}

class PieceReading {
  readonly #dependencies: CheckDependencies
  readonly #check: CheckRun
  readonly #lease: Lease
  readonly #rules: Rules
  readonly #source: AccessSource | CheckDependencies['billing']
  readonly #meter: RequestMeter

  constructor(dependencies: CheckDependencies, check: CheckRun, lease: Lease) {
    this.#dependencies = dependencies
    this.#check = check
    this.#lease = lease
    this.#rules = ruleBase(dependencies, check)
    const { billing, access } = dependencies
    const source = [billing, ...access].find(({ name }) => name === lease.source)
    if (!source)
      throw new Error(`The check ${check.id} reads ${lease.source}, which the project does not have.`)
    this.#source = source
    this.#meter = RequestMeter.of(source)
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#refuseLost()
    const cursors = new UnitCursors(this.#lease)
    for (;;) {
      const given = await this.#readOn(cursors, signal)
      if (given === null) return
      await this.#dependencies.project.divideUnit(this.#lease, cursors.keep(given), given)
    }
  }

  async countRequests(): Promise<void> {
    const sent = this.#meter.end()
    const { project } = this.#dependencies
    if (sent > 0) await project.addRequests(this.#check.id, this.#lease.source, sent)
  }

  /** Where another part showed that the source cannot be read at all, no more is asked of it. */
  #refuseLost(): void {
    for (const [name, state] of Object.entries(this.#check.parts)) {
      const isLost = state.state === 'failed' && lostFor.some((code) => code === state.code)
      if (!isLost || !name.startsWith(`${this.#lease.source}/`)) continue
      const { code, message } = state
      throw new SourceError({
        ...{ source: this.#lease.source, code: code === 'key-rejected' ? code : 'unreachable', message },
        ...{ fix: 'Look at the part of this source that failed first.', retryable: true },
      })
    }
  }

  /** Reads until the end (`null`), or until others are to have a share: the cursors to give away. */
  async #readOn(cursors: UnitCursors, signal: AbortSignal): Promise<readonly string[] | null> {
    const { project } = this.#dependencies
    const { source, part } = this.#lease
    let pages = 0
    if (cursors.isOver) return null
    for await (const page of this.#pages(cursors.local())) {
      signal.throwIfAborted()
      const moved = cursors.move(page.cursors)
      const { askedToShare } = await project.writeUnitPage(
        this.#lease,
        {
          source,
          part,
          cursors: moved,
          requests: this.#meter.spent(),
          ...(await this.#observe(page)),
        },
        { leaseMs, cursorIds: cursors.ownIds(), rows: page.rows.length },
      )
      pages += 1
      if (askedToShare && this.#isDivisible() && pages >= pagesBeforeSharing) {
        const given = cursors.half()
        if (given.length > 0) return given
      }
    }
    return null
  }

  #pages(cursors: readonly Cursor[]): AsyncIterable<Page<unknown>> {
    const { billing } = this.#dependencies
    const { part } = this.#lease
    if (this.#source === billing) return billing.read(part as BillingPart, cursors)
    return (this.#source as AccessSource).read(part as AccessPart, cursors)
  }

  async #observe(page: Page<unknown>): Promise<PageObserved> {
    const { billing } = this.#dependencies
    const { part } = this.#lease
    if (this.#source === billing) {
      return await observeBillingPage(
        this.#dependencies,
        this.#check.id,
        this.#rules,
        part as BillingPart,
        page as BillingPage,
      )
    }
    return { subjects: page.rows.map((row) => observeSubject(row as SubjectReading, this.#rules)) }
  }

  #isDivisible(): boolean {
    const parts: readonly string[] = this.#source.divisible ?? []
    return parts.includes(this.#lease.part)
  }
}

/** Counts the requests of a source once, also where several pieces of it are read side by side. */
class RequestMeter {
  static readonly #meters = new WeakMap<object, RequestMeter>()
  readonly #source: { requests(): number }
  #counted = 0
  #readers = 0

  private constructor(source: { requests(): number }) {
    this.#source = source
  }

  /** Whoever asks is counted for until {@link end}. What was sent while nobody read is not counted here. */
  static of(source: { requests(): number }): RequestMeter {
    const meter = RequestMeter.#meters.get(source) ?? new RequestMeter(source)
    RequestMeter.#meters.set(source, meter)
    if (meter.#readers++ === 0) meter.#counted = source.requests()
    return meter
  }

  /** Requests since this was last asked, by whoever asked. */
  spent(): number {
    const now = this.#source.requests()
    const spent = now - this.#counted
    this.#counted = now
    return spent
  }

  end(): number {
    this.#readers -= 1
    return this.spent()
  }
}
