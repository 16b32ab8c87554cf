/**
 * Where the reading of a part stands. `position` belongs to the adapter that wrote it. A cursor that is `done` has
 * read all of its range.
 */
export interface Cursor {
  readonly id: string
  readonly position: string
  readonly done: boolean
}

/** How far a part of a source has been read. Only `complete` allows a conclusion from absence. */
export type PartState =
  | { readonly state: 'reading' }
  | { readonly state: 'complete' }
  /** The key may not read it, and nothing is wrongly concluded without it. */
  | { readonly state: 'left-out'; readonly message: string }
  | { readonly state: 'failed'; readonly code: string; readonly message: string }

/** Whether a part leaves nothing open that could be taken for absence. */
export function isReadWhole(part: PartState): boolean {
  return part.state === 'complete' || part.state === 'left-out'
}

/** The phases of a check, in order. A check that was killed goes on in the phase it had reached. */
export const checkPhases = ['read', 'match', 'compare', 'confirm', 'file', 'finished'] as const
export type CheckPhase = (typeof checkPhases)[number]

export interface CheckCounts {
  readonly customers: number
  readonly subjects: number
  readonly agrees: number
  readonly drifts: number
  readonly cannotTell: number
  /** Pairs that drift, but changed so recently that the other side may still follow. */
  readonly settling: number
}

/** One run of the check over a project. */
export interface CheckRun {
  readonly id: string
  readonly kind: 'full' | 'recent' | 'single'
  readonly dryRun: boolean
  /** The moment the rules are applied at; kept when a check is resumed. */
  readonly asOf: Date
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly phase: CheckPhase
  /** Changes whenever sources, mapping, catalogue or policy change; a check is only resumed under the same one. */
  readonly configFingerprint: string
  /** By `source/part`, such as `stripe/subscriptions`. */
  readonly parts: Readonly<Record<string, PartState>>
  /** Requests sent, by source, over all runs of this check. */
  readonly requests: Readonly<Record<string, number>>
  readonly counts: CheckCounts | null
}
