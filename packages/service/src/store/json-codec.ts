/** A value as JSON text with its dates, to be read back exactly by {@link fromJson}. */
export function toJson(value: unknown): string {
  return JSON.stringify(tagged(value))
}

/**
 * Reads back what {@link toJson} wrote. The type is the caller's word: a column holds what was written to it.
 */
export function fromJson<T>(text: string): T {
  const value: unknown = JSON.parse(text)
  // Most values hold no date, and walking a page of them costs as much as parsing it.
  return (text.includes('"$') ? untagged(value) : value) as T
}

/**
 * A date becomes `{"$date": "..."}`; a key that begins with `$` gets another one, so that data cannot look like a date.
 * What holds neither is given back as it is: copying everything would cost more than writing it.
 */
function tagged(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Date) return { $date: value.toISOString() }
    return Array.isArray(value) ? taggedArray(value) : taggedObject(value as Record<string, unknown>)
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`${value} cannot be kept; a number in an observation is finite.`)
  }
  return value
}

function taggedArray(values: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | null = null
  for (let index = 0; index < values.length; index++) {
    const kept = tagged(values[index])
    if (kept === values[index]) continue
    copy ??= [...values]
    copy[index] = kept
  }
  return copy ?? values
}

function taggedObject(value: Readonly<Record<string, unknown>>): object {
  let changed: [key: string, held: unknown][] | null = null
  let isRenamed = false
  for (const key of Object.keys(value)) {
    const held = value[key]
    const kept = tagged(held)
    // Assigning `__proto__` would not keep it; building anew does.
    if (key.startsWith('$') || key === '__proto__') isRenamed = true
    if (kept === held) continue
    changed ??= []
    changed.push([key, kept])
  }
  if (isRenamed) {
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) => [key.startsWith('$') ? `$${key}` : key, tagged(held)]),
    )
  }
  if (!changed) return value
  const copy: Record<string, unknown> = { ...value }
  for (const [key, kept] of changed) copy[key] = kept
  return copy
}

function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged)
  if (typeof value !== 'object' || value === null) return value
  if ('$date' in value && typeof value.$date === 'string') return new Date(value.$date)
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [key.startsWith('$') ? key.slice(1) : key, untagged(held)]),
  )
}

/**
 * A text as PostgreSQL can keep it: a text column holds neither U+0000 nor half a surrogate pair, both of which may
 * stand in metadata. Only columns that are compared need it; readings are kept as JSON, where both are escapes.
 */
export function columnText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed()
}
