import {
  type CannotTellLabel,
  type Label,
  type LabelKind,
  type Labels,
  type SettlingLabel,
  subjectKey,
} from './label.ts'
import type { Told } from './life.ts'

/** Gathers what the stories tell, so that one drift is one label however many stories touch it. */
export class Truth {
  readonly #drifts = new Map<string, Label>()
  readonly #touches = new Map<string, string[]>()
  readonly #cannotTell: CannotTellLabel[] = []
  readonly #settling: SettlingLabel[] = []
  readonly #subjects = { user: 0, organization: 0 }
  #matched = 0

  add(told: Told): void {
    for (const label of told.drifts ?? []) this.#addDrift(label)
    this.#cannotTell.push(...(told.cannotTell ?? []))
    this.#settling.push(...(told.settling ?? []))
    for (const subject of told.subjects) {
      this.#subjects[subject.type] += 1
      const isMatched = told.customers.some(
        ({ id, metadata, where }) =>
          where === 'here' &&
          (id === subject.pointsTo ||
            metadata.user_id === subject.id ||
            metadata.organization_id === subject.id),
      )
      if (isMatched) this.#matched += 1
    }
  }

  #addDrift(label: Label): void {
    const key = `${label.kind}|${label.on}|${label.component}`
    if (!this.#drifts.has(key)) this.#drifts.set(key, label)
    if (!label.touches) return
    const touches = this.#touches.get(key)
    if (touches) touches.push(...label.touches)
    else this.#touches.set(key, [...label.touches])
  }

  /**
   * The labels, with those that stand for the whole world.
   *
   * @param said.writableField The field of access that a browser can write, if the app has one.
   */
  labels(said: {
    readonly seed: string | number
    readonly now: Date
    readonly customers: number
    readonly subscriptions: number
    readonly writableField: string | null
  }): Labels {
    const drifts = [...this.#drifts].map(([key, label]) => {
      const touches = this.#touches.get(key)
      return touches ? { ...label, touches: touches.toSorted() } : label
    })
    if (said.writableField !== null) drifts.push(clientWritable(said.writableField))
    const drifting = new Set(drifts.flatMap(ownDrift)).size
    if (drifting > holdLimit(this.#matched)) drifts.push(hold(drifting, holdLimit(this.#matched)))
    const byKind: Partial<Record<LabelKind, number>> = {}
    for (const { kind } of drifts) byKind[kind] = (byKind[kind] ?? 0) + 1
    return {
      seed: said.seed,
      customers: said.customers,
      now: said.now.toISOString(),
      drifts,
      cannotTell: this.#cannotTell,
      settling: this.#settling,
      counts: {
        users: this.#subjects.user,
        organizations: this.#subjects.organization,
        subscriptions: said.subscriptions,
        matched: this.#matched,
        drifting,
        byKind,
      },
    }
  }
}

/** The number of drifting subjects above which somebody should look before anything is repaired. */
export function holdLimit(matched: number): number {
  return Math.max(25, Math.floor(matched * 0.005))
}

/** Who drifts: the subject, or the customer where there is none. A review is no drift, nor is what stands for many. */
function ownDrift(label: Label): readonly string[] {
  const { subject, customer, kind } = label
  if (kind === 'refund-review') return []
  if (subject !== null) return [subjectKey(subject)]
  return customer === null ? [] : [customer]
}

function hold(drifting: number, limit: number): Label {
  return {
    kind: 'mass-drift',
    subject: null,
    customer: null,
    component: 'brake',
    on: 'hold',
    story: `${drifting} subjects drift at once, more than ${limit}.`,
  }
}

function clientWritable(field: string): Label {
  return {
    kind: 'grant-client-writable',
    subject: null,
    customer: null,
    component: 'field',
    on: `user:${field}`,
    story: 'The app decides by a field that every browser can write.',
  }
}
