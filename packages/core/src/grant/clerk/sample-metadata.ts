import { foundText } from '../found-text.ts'
import { isAbsent, isRecord } from '../read-path.ts'
import type { ClerkFieldSample } from '../sample.ts'

const containers = ['public_metadata', 'private_metadata', 'unsafe_metadata'] as const
const deepest = 3
const mostExamples = 5

/**
 * The metadata fields found on a sample of Clerk users or organizations (as the Backend API sends them), to map from:
 * every value that is not an object, and what lies deeper than three keys as one value. The most frequent field comes
 * first. Keys with a dot are left out, since a path could not name them.
 *
 * @example
 * sampleMetadata([{ public_metadata: { plan: 'pro' } }, { public_metadata: {} }])
 * // [{ path: 'public_metadata.plan', seen: 1, sampled: 2, examples: ['"pro"'] }]
 */
export function sampleMetadata(jsons: readonly unknown[]): readonly ClerkFieldSample[] {
  const counts = new Map<string, Map<string, number>>()
  for (const json of jsons) {
    if (!isRecord(json)) continue
    for (const container of containers) countLeaves(json[container], container, 0, counts)
  }
  return [...counts]
    .map(([path, values]) => ({
      path,
      seen: [...values.values()].reduce((sum, count) => sum + count, 0),
      sampled: jsons.length,
      examples: mostFrequent(values).slice(0, mostExamples),
    }))
    .toSorted((a, b) => b.seen - a.seen || (a.path < b.path ? -1 : 1))
}

function countLeaves(
  value: unknown,
  path: string,
  depth: number,
  counts: Map<string, Map<string, number>>,
): void {
  if (isAbsent(value)) return
  const isBranch = isRecord(value) && depth < deepest && (depth === 0 || Object.keys(value).length > 0)
  if (isBranch) {
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '' && !key.includes('.')) countLeaves(inner, `${path}.${key}`, depth + 1, counts)
    }
    return
  }
  if (depth === 0) return
  const values = counts.get(path) ?? new Map<string, number>()
  const text = foundText(value)
  values.set(text, (values.get(text) ?? 0) + 1)
  counts.set(path, values)
}

function mostFrequent(values: ReadonlyMap<string, number>): readonly string[] {
  return [...values].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([text]) => text)
}
