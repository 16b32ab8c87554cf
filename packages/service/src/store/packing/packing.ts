/**
 * Writes values of one type as short JSON and reads them back. Observations are written by the hundred thousand and
 * few of them are ever read again, so they are kept without the names of their fields: an object is a list of its
 * values in the order of its packing, a date is a number.
 */
export interface Packing<T> {
  pack(value: T): unknown
  unpack(packed: unknown): T
}

/** A text, a flag, or whatever else JSON holds exactly: no date and no number that may not be finite. */
export function plain<T>(): Packing<T> {
  // What was written under this packing is what comes back.
  return { pack: (value) => value, unpack: (packed) => packed as T }
}

export const number: Packing<number> = {
  pack(value) {
    if (!Number.isFinite(value)) {
      throw new Error(`${value} cannot be kept; a number in an observation is finite.`)
    }
    return value
  },
  unpack: Number,
}

export const date: Packing<Date> = {
  pack: (value) => number.pack(value.getTime()),
  unpack: (packed) => new Date(Number(packed)),
}

/** The value or `null`. */
export function orNull<T>(packing: Packing<T>): Packing<T | null> {
  return {
    pack: (value) => (value === null ? null : packing.pack(value)),
    unpack: (packed) => (packed === null ? null : packing.unpack(packed)),
  }
}

export function list<T>(packing: Packing<T>): Packing<readonly T[]> {
  return {
    pack: (values) => values.map(packing.pack),
    unpack: (packed) => asList(packed).map(packing.unpack),
  }
}

/** For a field that may be left out; it must never hold `null`. */
export function ifThere<T>(packing: Packing<T>): Packing<T | undefined> {
  return {
    pack: (value) => (value === undefined ? null : packing.pack(value)),
    unpack: (packed) => (packed === null ? undefined : packing.unpack(packed)),
  }
}

type Fields<T> = { readonly [Field in keyof Required<T>]: Packing<T[Field]> }

/**
 * An object, as the list of its values.
 *
 * @example
 * const money = record<Money>({ currency: plain(), amount: number })
 * money.pack({ currency: 'usd', amount: 500 }) // ['usd', 500]
 */
export function record<T extends object>(fields: Fields<T>): Packing<T> {
  // Each packing is given what its own field holds, which a type cannot follow through the list.
  const places = Object.entries(fields) as unknown as (readonly [keyof T, Packing<unknown>])[]
  return {
    pack: (value) => places.map(([name, packing]) => packing.pack(value[name])),
    unpack(packed) {
      const values = asList(packed)
      const held = places.map(([name, packing], place) => [name, packing.unpack(values[place])] as const)
      return Object.fromEntries(held.filter(([, value]) => value !== undefined)) as T
    },
  }
}

/** One of several shapes, told apart by the field `by`: its word stands first, the rest behind it. */
export function oneOf<T extends object, By extends keyof T & string>(
  by: By,
  shapes: { readonly [Word in T[By] & string]: Packing<Extract<T, { readonly [Field in By]: Word }>> },
): Packing<T> {
  const packings = new Map<unknown, Packing<T>>(Object.entries(shapes))
  const packingOf = (word: unknown) => {
    const packing = packings.get(word)
    if (!packing) throw new Error(`An observation holds a shape that is not kept: ${String(word)}.`)
    return packing
  }
  return {
    pack: (value) => [value[by], packingOf(value[by]).pack(value)],
    unpack(packed) {
      const [word, rest] = asList(packed)
      return packingOf(word).unpack(rest)
    },
  }
}

function asList(packed: unknown): readonly unknown[] {
  if (Array.isArray(packed)) return packed
  throw new Error('A packed observation is not the list that it was written as.')
}
