import type { Read } from '../granted.ts'
import { readCustomerId } from '../read-customer-id.ts'
import { readEntitlements } from '../read-entitlements.ts'
import { readFlag } from '../read-flag.ts'
import { readTrialEnd } from '../read-trial-end.ts'
import type { ClerkFieldSample } from '../sample.ts'

export type ProposedField = 'customerId' | 'plan' | 'premium' | 'trialEndsAt' | 'entitlements'

/** A field offered for a part of the mapping, with the reason in one sentence, for a person to confirm. */
export interface MappingProposal {
  readonly field: ProposedField
  readonly path: string
  readonly reason: string
}

/** What a field must look like to be proposed. `name` is tried on the last key, without its case and separators. */
interface Trait {
  readonly field: ProposedField
  readonly name: RegExp
  /** Whether a value of any other name is proposed too. */
  readonly valueIsEnough: boolean
  readonly reads: (value: unknown) => boolean
  readonly said: string
}

const traits: readonly Trait[] = [
  {
    field: 'customerId',
    name: /^(stripe|billing)?(customer(id)?|cus(id)?|stripeid)$/,
    valueIsEnough: true,
    reads: (value) => isValue(readCustomerId(value)),
    said: 'looks like a Stripe customer id (cus_…)',
  },
  {
    field: 'trialEndsAt',
    name: /trial/,
    valueIsEnough: false,
    reads: (value) => isValue(readTrialEnd(value)),
    said: 'can be read as a date',
  },
  {
    field: 'entitlements',
    name: /^(entitlement|feature|permission|capabilit)(s|y|ies)?(list|map|flags)?$/,
    valueIsEnough: false,
    reads: (value) => typeof value === 'object' && isValue(readEntitlements(value)),
    said: 'is a list of features, or an object of feature and yes or no',
  },
  {
    field: 'premium',
    name: /^(is|has)?(premium|paid|pro|paying|subscribed|subscriber|activesubscription|subscriptionactive)(user|member|customer|plan|access)?$/,
    valueIsEnough: false,
    reads: (value) => isValue(readFlag(value)),
    said: 'is a yes or no',
  },
  {
    field: 'plan',
    name: /^(subscription|billing|current|stripe|price)?(plan|tier|package|product)(id|name|key|slug|type|code)?$|^subscription$/,
    valueIsEnough: false,
    reads: (value) => typeof value === 'string' && value.length <= 60,
    said: 'is a short text',
  },
]

const containerRank = ['private_metadata', 'public_metadata', 'unsafe_metadata']

/**
 * Proposes a mapping from what a sample of subjects showed: by the values, and where values alone would not tell, by
 * the name of the field as well. Where nothing fits, nothing is proposed. A field in `unsafe_metadata`, which a browser
 * can write, is never proposed for the customer id, and for the rest only when nothing else fits.
 *
 * @example
 * proposeMapping(sampleMetadata(users)).find((proposal) => proposal.field === 'plan')?.path
 */
export function proposeMapping(samples: readonly ClerkFieldSample[]): readonly MappingProposal[] {
  const fields = [...samples, ...featureObjects(samples)]
  const taken = new Set<string>()
  const proposals: MappingProposal[] = []
  for (const trait of traits) {
    const best = fields
      .filter((sample) => !taken.has(sample.path) && fits(trait, sample))
      .toSorted((a, b) => preference(trait, a) - preference(trait, b) || b.seen - a.seen)[0]
    if (!best) continue
    taken.add(best.path)
    proposals.push({ field: trait.field, path: best.path, reason: reasonOf(trait, best) })
  }
  return proposals
}

function fits(trait: Trait, sample: ClerkFieldSample): boolean {
  if (trait.field === 'customerId' && containerOf(sample.path) === 'unsafe_metadata') return false
  if (!trait.valueIsEnough && !isNamed(trait, sample.path)) return false
  return sample.examples.length > 0 && sample.examples.every((example) => trait.reads(exampleValue(example)))
}

/** Less is better: what a browser cannot write, then what is named as one would name it. */
function preference(trait: Trait, sample: ClerkFieldSample): number {
  const isUnsafe = containerOf(sample.path) === 'unsafe_metadata'
  const container = trait.field === 'customerId' ? containerRank.indexOf(containerOf(sample.path)) : 0
  return (isUnsafe ? 100 : 0) + (isNamed(trait, sample.path) ? 0 : 10) + container
}

function reasonOf(trait: Trait, sample: ClerkFieldSample): string {
  const seen = `${sample.seen} of ${sample.sampled} sampled have it, and every value seen ${trait.said}`
  const caution =
    containerOf(sample.path) === 'unsafe_metadata'
      ? '; a browser can write it, so better move it to public_metadata'
      : ''
  return `${seen}: ${sample.examples.slice(0, 2).join(', ')}${caution}.`
}

/** Objects of feature and yes or no: a sample shows only the features one by one. */
function featureObjects(samples: readonly ClerkFieldSample[]): readonly ClerkFieldSample[] {
  const byParent = new Map<string, ClerkFieldSample[]>()
  for (const sample of samples) {
    const parent = sample.path.slice(0, sample.path.lastIndexOf('.'))
    byParent.set(parent, [...(byParent.get(parent) ?? []), sample])
  }
  return [...byParent].flatMap(([path, features]) => {
    const areFlags = features.every((feature) =>
      feature.examples.every((example) => isValue(readFlag(exampleValue(example)))),
    )
    if (!path.includes('.') || !areFlags) return []
    const example = Object.fromEntries(
      features.map((feature) => [keyOf(feature.path), exampleValue(feature.examples[0] ?? 'null')]),
    )
    const [first] = features
    if (!first) return []
    const seen = Math.max(...features.map((feature) => feature.seen))
    return [{ path, seen, sampled: first.sampled, examples: [JSON.stringify(example)] }]
  })
}

function isNamed(trait: Trait, path: string): boolean {
  return trait.name.test(
    keyOf(path)
      .toLowerCase()
      .replaceAll(/[^a-z]/g, ''),
  )
}

function keyOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

function containerOf(path: string): string {
  return path.slice(0, path.indexOf('.'))
}

/** The value that an example shows. Of a shortened list it is the whole elements; of another shortened value nothing. */
function exampleValue(example: string): unknown {
  const lastElement = example.lastIndexOf('",')
  const isShortenedList = example.startsWith('[') && example.endsWith('…') && lastElement > 0
  try {
    return JSON.parse(isShortenedList ? `${example.slice(0, lastElement + 1)}]` : example)
  } catch {
    return undefined
  }
}

function isValue(read: Read<unknown>): boolean {
  return read.state === 'value'
}
