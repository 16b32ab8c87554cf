import type { Clock, RepairAnswer, RepairOrder } from '@trueup/core'

export interface RepairCapOptions {
  readonly clock: Clock
  /** Writes an hour, for each field of a container. */
  readonly capAnHour: number
  /** How many repairs of a field were applied since a moment, from the store, so that the cap outlives this process. */
  readonly countApplied: (container: string, field: string, since: Date) => Promise<number>
}

const hourMs = 3_600_000

/**
 * The brake on this side, for targets that have none of their own. Orders are taken one at a time; an order that this
 * process has applied within the hour is answered as it was then.
 */
export class RepairCap {
  readonly #options: RepairCapOptions
  #applied: { readonly order: RepairOrder; readonly answer: RepairAnswer; readonly at: Date }[] = []
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: RepairCapOptions) {
    this.#options = options
  }

  /** Lets an order through when the cap has room for it. */
  run(order: RepairOrder, act: () => Promise<RepairAnswer>): Promise<RepairAnswer> {
    const result = this.#turn.then(() => this.#inTurn(order, act))
    this.#turn = result.catch(() => null)
    return result
  }

  async #inTurn(order: RepairOrder, act: () => Promise<RepairAnswer>): Promise<RepairAnswer> {
    const { clock, countApplied, capAnHour } = this.#options
    const since = new Date(clock.now().getTime() - hourMs)
    this.#applied = this.#applied.filter(({ at }) => at > since)
    const known = this.#applied.find((write) => write.order.repairId === order.repairId)
    if (known) return known.answer
    for (const { field } of order.changes) {
      const own = this.#applied.filter((write) => writes(write.order, order.container, field)).length
      const stored = await countApplied(order.container, field, since)
      if (Math.max(own, stored) >= capAnHour) {
        return {
          kind: 'refused',
          code: 'cap-reached',
          message: `The ${capAnHour} writes of this hour are spent.`,
        }
      }
    }
    const answer = await act()
    if (answer.kind === 'applied') this.#applied.push({ order, answer, at: clock.now() })
    return answer
  }
}

function writes(order: RepairOrder, container: string, field: string): boolean {
  return order.container === container && order.changes.some((change) => change.field === field)
}
