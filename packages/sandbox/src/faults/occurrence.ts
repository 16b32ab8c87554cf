import type { Fields } from '../server/read-fields.ts'
import { type Rng, seededRng } from '../server/rng.ts'
import { SandboxError } from '../server/sandbox-error.ts'

/**
 * When a fault strikes. Numbers count only the requests (or deliveries) that the fault's other fields select, from 1,
 * from the moment the fault was set. Without any of the fields it strikes every time.
 */
export interface Occurrence {
  /** Share of the selected ones that are struck, 0..1, drawn from the seed. */
  readonly rate?: number
  /** Exactly these numbers. Excludes `rate` and `from`. */
  readonly at?: readonly number[]
  /** Not before this number. */
  readonly from?: number
  /** At most so many strikes. */
  readonly limit?: number
}

/** Reads the fields of an {@link Occurrence}. */
export function readOccurrence(fields: Fields): Occurrence {
  const rate = fields.number('rate', 0, 1)
  const at = fields.wholes('at', 1)
  const from = fields.whole('from', 1)
  const limit = fields.whole('limit', 1)
  if (at !== undefined && (rate !== undefined || from !== undefined)) {
    throw new SandboxError(
      'invalid-input',
      'at is given together with rate or from; at names the exact numbers by itself',
      'Give either at, or rate and from.',
    )
  }
  return {
    ...(rate !== undefined && { rate }),
    ...(at !== undefined && { at }),
    ...(from !== undefined && { from }),
    ...(limit !== undefined && { limit }),
  }
}

/** Counts an occurrence's candidates and says which of them are struck. The same seed gives the same strikes. */
export class Striker {
  readonly #occurrence: Occurrence
  readonly #rng: Rng
  seen = 0
  struck = 0

  constructor(occurrence: Occurrence, seed: string) {
    this.#occurrence = occurrence
    this.#rng = seededRng(seed)
  }

  /** Counts one candidate and says whether its number is due. The caller calls {@link strike} when it acts on it. */
  isDue(): boolean {
    this.seen += 1
    const { rate, at, from, limit } = this.#occurrence
    // Drawn for every candidate, so that from and limit do not shift the later draws.
    const drawn = rate === undefined || this.#rng.next() < rate
    if (limit !== undefined && this.struck >= limit) return false
    if (at !== undefined) return at.includes(this.seen)
    return drawn && this.seen >= (from ?? 1)
  }

  strike(): void {
    this.struck += 1
  }
}
