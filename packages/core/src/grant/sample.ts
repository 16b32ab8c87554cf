import type { SubjectReading } from './granted.ts'

/** A metadata field that was found on sampled subjects, offered for mapping. */
export interface ClerkFieldSample {
  /** `public_metadata.plan`. */
  readonly path: string
  /** How many of the sample have it, and how many were sampled. */
  readonly seen: number
  readonly sampled: number
  /** Up to five different values, as text, the most frequent first. */
  readonly examples: readonly string[]
}

const mostExamples = 5

/**
 * How often each mapped place holds something in a sample of readings, and what. The most frequent comes first.
 *
 * @example
 * sampleFields(readings)
 * // [{ path: 'public.users.plan', seen: 57, sampled: 100, examples: ['"free"', '"pro"'] }]
 */
export function sampleFields(readings: readonly SubjectReading[]): readonly ClerkFieldSample[] {
  const values = new Map<string, string[]>()
  for (const { path, found } of readings.flatMap(({ fields }) => fields)) {
    if (found !== null) values.set(path, [...(values.get(path) ?? []), found])
  }
  return [...values]
    .map(([path, texts]) => ({
      path,
      seen: texts.length,
      sampled: readings.length,
      examples: mostFrequent(texts).slice(0, mostExamples),
    }))
    .toSorted((a, b) => b.seen - a.seen || (a.path < b.path ? -1 : 1))
}

function mostFrequent(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([text]) => text)
}
