import { type Occurrence, Striker } from '../../faults/occurrence.ts'
import { pathMatcher } from '../../faults/route.ts'

/** When a change is told by two events, each with an id of its own. */
export interface TwinFault extends Occurrence {
  /** Event types it is meant for; `*` stands for any text. Default: all. */
  readonly event?: string
}

/**
 * Stripe may make two event objects for one change; a receiver that knows events by id alone then acts twice. Seeded.
 *
 * @example twins.add({ event: 'invoice.paid', rate: 0.5 })
 */
export class Twins {
  readonly #seed: string
  #entries: { readonly matches: (type: string) => boolean; readonly striker: Striker }[] = []
  #made = 0

  constructor(seed: string) {
    this.#seed = seed
  }

  add(fault: TwinFault): void {
    this.#made += 1
    const matches = fault.event === undefined ? () => true : pathMatcher(fault.event)
    this.#entries.push({ matches, striker: new Striker(fault, `${this.#seed}:twin_${this.#made}`) })
  }

  clear(): void {
    this.#entries = []
  }

  /** Counts an event and says whether it gets a twin. */
  strike(type: string): boolean {
    const due = this.#entries.filter((entry) => entry.matches(type) && entry.striker.isDue())
    for (const { striker } of due) striker.strike()
    return due.length > 0
  }
}
