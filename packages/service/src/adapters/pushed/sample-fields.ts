import type { ClerkFieldSample, PushedSubject } from '@trueup/core'
import { compareText, foundText, pushedValueFields } from '@trueup/core'

const mostExamples = 5

/** The fields that were sent with these subjects, how often and with which values; the most frequent first. */
export function sampleFields(subjects: readonly PushedSubject[]): readonly ClerkFieldSample[] {
  return pushedValueFields
    .flatMap((path) => {
      const values = subjects.flatMap((subject) => {
        const value = subject.kind === 'record' ? subject.values[path] : undefined
        return value === undefined || value === null ? [] : [foundText(value)]
      })
      return values.length === 0
        ? []
        : [{ path, seen: values.length, sampled: subjects.length, examples: mostFrequent(values) }]
    })
    .toSorted((a, b) => b.seen - a.seen || compareText(a.path, b.path))
}

function mostFrequent(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || compareText(a, b))
    .slice(0, mostExamples)
    .map(([value]) => value)
}
