import { type Clock, systemClock } from './clock.ts'
import type { DeliveryAttempt, DeliveryRecord, DeliveryRequest } from './delivery.ts'
import { DeliveryFaults } from './delivery-fault.ts'
import { DeliveryLane, type LaneItem } from './delivery-lane.ts'
import { SandboxError } from './sandbox-error.ts'
import { systemTimer, type Timer } from './timer.ts'

/** Svix's published waits after a failed attempt, in milliseconds (https://docs.svix.com/retries). */
export const svixRetriesMs: readonly number[] = [5, 300, 1800, 7200, 18_000, 36_000, 36_000].map(
  (s) => s * 1000,
)

export interface DelivererOptions {
  /** Seeds the faults. Default `deliveries`. */
  readonly seed?: string | number
  /** Waits after each failed attempt, in milliseconds; one attempt more than its length. Default {@link svixRetriesMs}. */
  readonly retriesMs?: readonly number[]
  /** How long an attempt may take, in milliseconds. Default 15 000. */
  readonly timeoutMs?: number
  /** Deliveries under way to one endpoint at a time. Default 1, which keeps their order. */
  readonly concurrency?: number
  /** Settled deliveries kept in the log. Default 10 000. */
  readonly keep?: number
  /** The time that attempts are signed with: the receiver's, so the machine's own unless the receiver's is moved too. */
  readonly clock?: Clock
  readonly timer?: Timer
  readonly http?: typeof fetch
}

interface Entry extends LaneItem {
  readonly request: DeliveryRequest
  readonly record: { -readonly [K in keyof DeliveryRecord]: DeliveryRecord[K] }
  readonly skewMs: number
  readonly attempts: DeliveryAttempt[]
}

/**
 * Sends webhooks: in order for each endpoint, retried on its schedule, and lost, doubled, late or out of order where
 * faults say so.
 *
 * @example
 * const deliverer = new Deliverer({ seed: 7 })
 * deliverer.faults.add({ kind: 'doubled', rate: 0.2 })
 * deliverer.enqueue({ id, url, label: 'user.updated', body, headers: (body, time) => svixHeaders(...) })
 * await deliverer.drain()
 */
export class Deliverer {
  readonly faults: DeliveryFaults
  readonly #retriesMs: readonly number[]
  readonly #timeoutMs: number
  readonly #concurrency: number
  readonly #keep: number
  readonly #clock: Clock
  readonly #timer: Timer
  readonly #http: typeof fetch
  readonly #lanes = new Map<string, DeliveryLane<Entry>>()
  readonly #closing = new AbortController()
  #log: DeliveryRecord[] = []
  #enqueued = 0

  constructor(options: DelivererOptions = {}) {
    this.faults = new DeliveryFaults(String(options.seed ?? 'deliveries'))
    this.#retriesMs = options.retriesMs ?? svixRetriesMs
    this.#timeoutMs = options.timeoutMs ?? 15_000
    this.#concurrency = options.concurrency ?? 1
    this.#keep = options.keep ?? 10_000
    this.#clock = options.clock ?? systemClock
    this.#timer = options.timer ?? systemTimer
    this.#http = options.http ?? fetch
  }

  /**
   * Takes a webhook for sending and returns at once.
   *
   * @throws SandboxError `closed` after {@link close}.
   */
  enqueue(request: DeliveryRequest): void {
    if (this.#closing.signal.aborted) {
      throw new SandboxError(
        'closed',
        'a webhook was enqueued after close',
        'Change state before closing the sandbox.',
      )
    }
    const struck = this.faults.strike(request.label)
    const dropped = struck.some(({ kind }) => kind === 'dropped')
    const copies = struck.some(({ kind }) => kind === 'doubled') && !dropped ? 2 : 1
    let delayMs = 0
    let skewMs = 0
    let places: number | null = null
    for (const fault of struck) {
      if (fault.kind === 'late') delayMs += fault.delayMs
      if (fault.kind === 'skewed') skewMs += fault.skewMs
      if (fault.kind === 'reordered') places = fault.places
    }
    for (let copy = 0; copy < copies; copy += 1) {
      this.#enqueued += 1
      const attempts: DeliveryAttempt[] = []
      const record: Entry['record'] = {
        number: this.#enqueued,
        id: request.id,
        url: request.url,
        label: request.label,
        body: request.body,
        state: dropped ? 'dropped' : 'waiting',
        faults: struck.map(({ kind }) => kind),
        attempts,
      }
      this.#remember(record)
      if (dropped) continue
      const dueAt = this.#now() + delayMs
      const entry: Entry = { number: record.number, request, record, skewMs, attempts, dueAt, places }
      this.#lane(request.url).add(entry)
    }
  }

  /**
   * Sends all that waits, retries and late ones too, without waiting for their time. Resolves when every delivery was
   * made or given up.
   */
  async drain(): Promise<void> {
    // A receiver may cause further webhooks, to an endpoint that was idle before.
    for (;;) {
      const busy = [...this.#lanes.values()].filter((lane) => !lane.isIdle)
      if (busy.length === 0) return
      await Promise.all(busy.map((lane) => lane.drain()))
    }
  }

  /** Resolves once everything that is due by the deliverer's clock was tried; retries that are due later go on waiting. */
  async quiet(): Promise<void> {
    // A receiver may cause further webhooks while it is sent one.
    for (;;) {
      const before = this.#enqueued
      await Promise.all([...this.#lanes.values()].map((lane) => lane.quiet()))
      if (this.#enqueued === before) return
    }
  }

  /** What was sent and what became of it, oldest first. */
  deliveries(): readonly DeliveryRecord[] {
    return this.#log
  }

  /** Gives up what still waits for an endpoint, as when it is deleted. */
  cancel(url: string): void {
    for (const entry of this.#lanes.get(url)?.clear() ?? []) entry.record.state = 'given-up'
  }

  /** Forgets the log of what is settled. */
  clearLog(): void {
    this.#log = this.#log.filter(({ state }) => state === 'waiting')
  }

  /** Ends attempts under way and sends nothing more. What waited stays `waiting` in the log. */
  async close(): Promise<void> {
    this.#closing.abort()
    const lanes = [...this.#lanes.values()]
    for (const lane of lanes) lane.clear()
    await Promise.all(lanes.map((lane) => lane.drain()))
  }

  #now(): number {
    return this.#clock.now().getTime()
  }

  #lane(url: string): DeliveryLane<Entry> {
    const found = this.#lanes.get(url)
    if (found !== undefined) return found
    const lane = new DeliveryLane<Entry>({
      clock: this.#clock,
      timer: this.#timer,
      concurrency: this.#concurrency,
      send: (entry) => this.#attempt(entry),
    })
    this.#lanes.set(url, lane)
    return lane
  }

  /** Makes one attempt; gives the entry back with its next time where it is to be tried again. */
  async #attempt(entry: Entry): Promise<Entry | null> {
    const { request, record, attempts } = entry
    if (request.isWanted?.() === false) {
      record.state = 'given-up'
      return null
    }
    const outcome = await this.#send(request, new Date(this.#now() + entry.skewMs))
    if (this.#closing.signal.aborted) return null
    attempts.push(outcome.attempt)
    const { status } = outcome.attempt
    if (status !== null && status >= 200 && status < 300) {
      record.state = 'delivered'
      request.onDelivered?.()
      return null
    }
    const waitMs = this.#retriesMs[attempts.length - 1]
    if (waitMs === undefined || outcome.abort) {
      record.state = 'given-up'
      return null
    }
    return { ...entry, places: null, dueAt: this.#now() + waitMs }
  }

  async #send(request: DeliveryRequest, time: Date): Promise<{ attempt: DeliveryAttempt; abort: boolean }> {
    const at = new Date(this.#now()).toISOString()
    try {
      const response = await this.#http(request.url, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', ...request.headers(request.body, time) },
        body: request.body,
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#timeoutMs)]),
      })
      await response.arrayBuffer()
      const abort = response.headers.get('webhook-delivery') === 'abort-message'
      return { attempt: { at, status: response.status, error: null }, abort }
    } catch (error) {
      // A receiver that is away is an outcome of the attempt, and the schedule decides what follows.
      return { attempt: { at, status: null, error: reasonOf(error) }, abort: false }
    }
  }

  #remember(record: DeliveryRecord): void {
    this.#log.push(record)
    if (this.#log.length <= this.#keep * 2) return
    const settled = this.#log.filter(({ state }) => state !== 'waiting')
    const dropped = new Set(settled.slice(0, Math.max(0, settled.length - this.#keep)))
    this.#log = this.#log.filter((each) => !dropped.has(each))
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause as { code?: unknown; message?: unknown } | undefined
  return String(cause?.code ?? cause?.message ?? error.message)
}
