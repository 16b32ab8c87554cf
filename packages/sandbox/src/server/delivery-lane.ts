import type { Clock } from './clock.ts'
import type { Timer } from './timer.ts'

/** What a lane has to know of the things it sends. */
export interface LaneItem {
  /** Its place in the order of arrival. */
  readonly number: number
  /** Not before this time, in milliseconds. */
  dueAt: number
  /** Held back until so many that arrived after it were sent; null: not held back. */
  places: number | null
}

export interface DeliveryLaneOptions<Item> {
  readonly clock: Clock
  readonly timer: Timer
  readonly concurrency: number
  /** Sends an item; gives back what is to be sent again later, or null. Never rejects. */
  send(item: Item): Promise<Item | null>
}

/** How long a held-back item waits for others that never come. */
const heldMs = 2000

/** The queue of one endpoint: in order of time, then of arrival. */
export class DeliveryLane<Item extends LaneItem> {
  readonly #options: DeliveryLaneOptions<Item>
  /** What may be sent now, in order, from `#next` on. */
  #ready: Item[] = []
  #next = 0
  /** What must wait, earliest first. */
  #later: Item[] = []
  #sending = 0
  #drains = 0
  #waiting: AbortController | null = null
  #idle: (() => void)[] = []
  #quiet: (() => void)[] = []

  constructor(options: DeliveryLaneOptions<Item>) {
    this.#options = options
  }

  get isIdle(): boolean {
    return this.#sending === 0 && this.#later.length === 0 && this.#next === this.#ready.length
  }

  add(item: Item): void {
    if (item.places !== null) item.dueAt += heldMs
    if (item.dueAt <= this.#now()) this.#ready.push(item)
    else this.#defer(item)
    this.#pump()
  }

  /** Sends everything without waiting for its time; resolves when the lane is idle. */
  async drain(): Promise<void> {
    if (this.isIdle) return
    this.#drains += 1
    this.#pump()
    await new Promise<void>((resolve) => this.#idle.push(resolve))
    this.#drains -= 1
  }

  /** Takes out what was not sent yet. */
  clear(): Item[] {
    const left = [...this.#ready.slice(this.#next), ...this.#later]
    this.#ready = []
    this.#next = 0
    this.#later = []
    this.#settle()
    return left
  }

  /** Resolves once everything that is due by now was tried; what waits for a later moment goes on waiting. */
  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#quiet.push(resolve)
      this.#pump()
    })
  }

  #now(): number {
    return this.#options.clock.now().getTime()
  }

  #defer(item: Item): void {
    const index = this.#later.findIndex((each) => each.dueAt > item.dueAt)
    if (index === -1) this.#later.push(item)
    else this.#later.splice(index, 0, item)
  }

  #take(): Item | null {
    while (this.#later[0] !== undefined && this.#later[0].dueAt <= this.#now()) {
      this.#ready.push(this.#later.shift() as Item)
    }
    const item = this.#ready[this.#next]
    if (item !== undefined) {
      this.#next += 1
      if (this.#next > 1024) {
        this.#ready = this.#ready.slice(this.#next)
        this.#next = 0
      }
      return item
    }
    return this.#drains > 0 ? (this.#later.shift() ?? null) : null
  }

  #pump(): void {
    while (this.#sending < this.#options.concurrency) {
      const item = this.#take()
      if (item === null) break
      this.#sending += 1
      void this.#run(item)
    }
    if (this.#sending === 0) for (const resolve of this.#quiet.splice(0)) resolve()
    this.#settle()
    this.#sleep()
  }

  async #run(item: Item): Promise<void> {
    const again = await this.#options.send(item)
    this.#sending -= 1
    this.#releaseHeld(item.number)
    if (again !== null) this.#defer(again)
    this.#pump()
  }

  /** One more was sent: those held back that arrived before it come a place nearer. */
  #releaseHeld(sent: number): void {
    for (const held of this.#later) if (held.places !== null && held.number < sent) held.places -= 1
    const released = this.#later.filter(({ places }) => places !== null && places <= 0)
    if (released.length === 0) return
    this.#later = this.#later.filter((each) => !released.includes(each))
    this.#ready.splice(this.#next, 0, ...released)
  }

  #settle(): void {
    if (!this.isIdle) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Wakes for the first that must wait, unless a pump comes before. */
  #sleep(): void {
    this.#waiting?.abort()
    this.#waiting = null
    const first = this.#later[0]
    if (first === undefined || this.#sending >= this.#options.concurrency) return
    const waiting = new AbortController()
    this.#waiting = waiting
    this.#options.timer.sleep(Math.max(1, first.dueAt - this.#now()), waiting.signal).then(
      () => this.#pump(),
      // Woken early: whoever aborted pumps by itself.
      () => undefined,
    )
  }
}
