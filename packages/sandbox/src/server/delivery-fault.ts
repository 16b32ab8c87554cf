import { type Occurrence, readOccurrence, Striker } from '../faults/occurrence.ts'
import { pathMatcher } from '../faults/route.ts'
import { Fields } from './read-fields.ts'
import { SandboxError } from './sandbox-error.ts'

/** What can happen to a webhook on its way. */
export type DeliveryMisbehaviour =
  /** Never sent. */
  | { readonly kind: 'dropped' }
  /** Sent twice, with the same id and body. */
  | { readonly kind: 'doubled' }
  /** Sent after the next `places` deliveries to the same endpoint, or after two seconds when none follow. */
  | { readonly kind: 'reordered'; readonly places: number }
  | { readonly kind: 'late'; readonly delayMs: number }
  /** Signed with a time that is off by so much; negative: in the past. */
  | { readonly kind: 'skewed'; readonly skewMs: number }

export type DeliveryMisbehaviourKind = DeliveryMisbehaviour['kind']

/** A delivery fault as callers give it, in code and over HTTP. */
export interface DeliveryFaultInput extends Occurrence {
  readonly kind: DeliveryMisbehaviourKind
  /** Event types it is meant for; `*` stands for any text. Default: all. */
  readonly event?: string
  /** For `reordered`. Default 1. */
  readonly places?: number
  /** For `late`. Default 1000. */
  readonly delayMs?: number
  /** For `skewed`. Default ten minutes back, which every receiver should refuse. */
  readonly skewMs?: number
}

/** A delivery fault that is set. */
export interface SetDeliveryFault {
  readonly id: string
  readonly misbehaviour: DeliveryMisbehaviour
  readonly event: string | null
  readonly occurrence: Occurrence
  readonly seen: number
  readonly struck: number
}

const kinds = ['dropped', 'doubled', 'reordered', 'late', 'skewed'] as const

interface ReadFault {
  readonly misbehaviour: DeliveryMisbehaviour
  readonly event: string | null
  readonly occurrence: Occurrence
}

/** @throws SandboxError `invalid-input` naming the field that is wrong. */
export function readDeliveryFault(value: unknown): ReadFault {
  const fields = new Fields(value, 'the fault')
  const kind = fields.oneOf('kind', kinds)
  if (kind === undefined) {
    throw new SandboxError('invalid-input', 'kind is missing', `Give one of ${kinds.join(', ')}.`)
  }
  const misbehaviour = readMisbehaviour(kind, fields)
  const event = fields.text('event') ?? null
  const occurrence = readOccurrence(fields)
  fields.end()
  return { misbehaviour, event, occurrence }
}

function readMisbehaviour(kind: DeliveryMisbehaviourKind, fields: Fields): DeliveryMisbehaviour {
  switch (kind) {
    case 'dropped':
    case 'doubled':
      return { kind }
    case 'reordered':
      return { kind, places: fields.whole('places', 1) ?? 1 }
    case 'late':
      return { kind, delayMs: fields.whole('delayMs', 0) ?? 1000 }
    case 'skewed':
      return { kind, skewMs: fields.number('skewMs', -1e12, 1e12) ?? -600_000 }
  }
}

/** The delivery faults of one sender, seeded. Where several are due for a delivery, all of them strike. */
export class DeliveryFaults {
  readonly #seed: string
  #entries: { id: string; fault: ReadFault; matches: (label: string) => boolean; striker: Striker }[] = []
  #made = 0

  constructor(seed: string) {
    this.#seed = seed
  }

  add(input: DeliveryFaultInput): SetDeliveryFault {
    return this.addRead(readDeliveryFault(input))
  }

  addRead(fault: ReadFault): SetDeliveryFault {
    this.#made += 1
    const id = `fault_${this.#made}`
    const matches = fault.event === null ? () => true : pathMatcher(fault.event)
    const striker = new Striker(fault.occurrence, `${this.#seed}:${id}`)
    this.#entries.push({ id, fault, matches, striker })
    return { id, ...fault, seen: 0, struck: 0 }
  }

  clear(): void {
    this.#entries = []
  }

  list(): readonly SetDeliveryFault[] {
    return this.#entries.map(({ id, fault, striker }) => ({
      id,
      ...fault,
      seen: striker.seen,
      struck: striker.struck,
    }))
  }

  strike(label: string): readonly DeliveryMisbehaviour[] {
    const due = this.#entries.filter((entry) => entry.matches(label) && entry.striker.isDue())
    for (const entry of due) entry.striker.strike()
    return due.map((entry) => entry.fault.misbehaviour)
  }
}
