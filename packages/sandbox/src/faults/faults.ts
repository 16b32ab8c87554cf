import {
  type Fault,
  type Misbehaviour,
  type MisbehaviourKind,
  readFault,
  type StripeLimitReason,
} from './fault.ts'
import { type Occurrence, Striker } from './occurrence.ts'
import { RequestLog } from './request-log.ts'
import { pathMatcher } from './route.ts'

/** A fault as callers give it, in code and over HTTP. {@link readFault} says what each field means. */
export interface FaultInput extends Occurrence {
  readonly kind: MisbehaviourKind
  readonly method?: string
  readonly route?: string
  readonly key?: string
  readonly status?: 500 | 502 | 503
  readonly applied?: boolean
  readonly reason?: StripeLimitReason
  readonly retryAfterSeconds?: number
  readonly delayMs?: number
  readonly where?: 'before' | 'middle'
}

/** A fault that is set, with what it has met so far. */
export interface SetFault extends Fault {
  readonly id: string
  /** Requests that it selected. */
  readonly seen: number
  /** Requests that it struck. */
  readonly struck: number
}

/** What a fault looks at. */
export interface FaultTarget {
  readonly method: string
  readonly path: string
  readonly key: string | null
}

interface Entry {
  readonly id: string
  readonly fault: Fault
  readonly matches: (target: FaultTarget) => boolean
  readonly striker: Striker
}

/**
 * The faults of one server. Where several are due for a request the one set first strikes. The same seed, faults and
 * order of requests give the same strikes.
 *
 * @example
 * const faults = new Faults({ seed: 7 })
 * faults.add({ kind: 'rate-limited', route: '/v1/users*', at: [2, 3] })
 */
export class Faults {
  readonly #seed: string
  readonly requests = new RequestLog()
  #entries: Entry[] = []
  #made = 0

  constructor(options: { readonly seed?: string | number } = {}) {
    this.#seed = String(options.seed ?? 'faults')
  }

  /** @throws SandboxError `invalid-input` naming the field that is wrong; then nothing is set. */
  add(input: FaultInput): SetFault {
    return this.addRead(readFault(input))
  }

  /** Sets a fault that was read before. */
  addRead(fault: Fault): SetFault {
    this.#made += 1
    const id = `fault_${this.#made}`
    const matchesPath = fault.route === null ? () => true : pathMatcher(fault.route)
    const entry: Entry = {
      id,
      fault,
      matches: (target) =>
        (fault.method === null || fault.method === target.method) &&
        (fault.key === null || fault.key === target.key) &&
        matchesPath(target.path),
      striker: new Striker(fault.occurrence, `${this.#seed}:${id}`),
    }
    this.#entries.push(entry)
    return shown(entry)
  }

  /** Takes back one fault; false when there is none of that id. */
  remove(id: string): boolean {
    const before = this.#entries.length
    this.#entries = this.#entries.filter((entry) => entry.id !== id)
    return this.#entries.length < before
  }

  clear(): void {
    this.#entries = []
  }

  list(): readonly SetFault[] {
    return this.#entries.map(shown)
  }

  /** Counts a request with every fault that selects it, and gives the misbehaviour that strikes it. */
  strike(target: FaultTarget): Misbehaviour | null {
    let chosen: Entry | null = null
    for (const entry of this.#entries) {
      if (entry.matches(target) && entry.striker.isDue()) chosen ??= entry
    }
    chosen?.striker.strike()
    return chosen?.fault.misbehaviour ?? null
  }
}

function shown({ id, fault, striker }: Entry): SetFault {
  return { id, ...fault, seen: striker.seen, struck: striker.struck }
}
