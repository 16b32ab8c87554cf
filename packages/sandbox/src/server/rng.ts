/** Chance that can be repeated: the same seed gives the same numbers. */
export interface Rng {
  /** A number in [0, 1). */
  next(): number
}

/**
 * Makes a seeded source of chance (FNV-1a over the seed, then mulberry32). Good enough to spread ids and faults; not
 * for secrets.
 *
 * @example
 * const rng = seededRng('world-7')
 * rng.next() // the same for every run
 */
export function seededRng(seed: string | number): Rng {
  let state = 0x811c9dc5
  for (const char of String(seed)) {
    state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193)
  }
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
    },
  }
}
