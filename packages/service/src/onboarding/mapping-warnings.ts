import type { CheckCounts, CheckRun, Incident } from '@trueup/core'
import { isReadWhole } from '@trueup/core'
import type { PreviewField, PreviewKind, PreviewMatching } from './check-preview.ts'

/** What speaks for a wrong mapping. Closed list. */
export const mappingWarningCodes = [
  /** A source was not read whole, so that nothing follows from what was not seen. */
  'not-read-whole',
  'no-customers',
  'no-subjects',
  /** Customers pay, and none of them has found its subject. */
  'nobody-matched',
  /** A fifth or more of those who pay found no subject. */
  'payers-unmatched',
  /** So many drift alike that one incident would stand for all of them. */
  'mass-drift',
  /** A fifth or more of the matched subjects drift in one kind. */
  'kind-too-frequent',
  /** Of a fifth or more of the matched subjects it could not be told. */
  'cannot-tell-too-often',
  'price-unmapped',
  'plan-value-unknown',
  /** Nothing ever stood at a mapped place. */
  'field-never-found',
  /** A mapped field can be written by a browser. */
  'field-writable-by-users',
] as const
export type MappingWarningCode = (typeof mappingWarningCodes)[number]

/** The step of the set-up at which a warning is mended. */
export type MendedAt = 'stripe' | 'database' | 'identity' | 'plans' | 'access'

/** One thing that speaks for a wrong mapping, and what to do about it. */
export interface MappingWarning {
  readonly code: MappingWarningCode
  /** What was found. */
  readonly message: string
  readonly fix: string
  readonly step: MendedAt
  /** How many customers or subjects it concerns; `null`: it is not about a number of them. */
  readonly touches: number | null
  /** The price, app value or field that it names. */
  readonly on: string | null
}

/** From this share on, what is found is likelier to be a mistake in the mapping than to be true. */
const suspiciousShare = 0.2
/** Fewer than these say nothing by their share. */
const fewest = 5
/** A field of which fewer were looked at may be rare. */
const leastSample = 20

interface WarningFacts {
  readonly check: CheckRun
  readonly counts: CheckCounts
  readonly incidents: readonly Incident[]
  readonly kinds: readonly PreviewKind[]
  readonly matching: PreviewMatching
  readonly fields: readonly PreviewField[]
}

/** What of a dry run speaks for a wrong mapping, worst first. None: it looks right. */
export function mappingWarnings(facts: WarningFacts): readonly MappingWarning[] {
  return [
    ...unread(facts),
    ...numbers(facts),
    ...unmatched(facts),
    ...massDrifts(facts),
    ...frequentKinds(facts),
    ...undecided(facts),
    ...unmappedPrices(facts),
    ...unknownPlans(facts),
    ...emptyFields(facts),
    ...writableFields(facts),
  ]
}

function unread({ check }: WarningFacts): readonly MappingWarning[] {
  return Object.entries(check.parts)
    .filter(([, part]) => !isReadWhole(part))
    .map(([name, part]) => ({
      code: 'not-read-whole',
      message: `${name} was not read to its end${'message' in part ? `: ${part.message}` : ''}.`,
      fix: 'Test the connection, then run it again.',
      step: name.startsWith('stripe/') ? 'stripe' : 'database',
      touches: null,
      on: name,
    }))
}

function numbers({ counts }: WarningFacts): readonly MappingWarning[] {
  const none = (code: 'no-customers' | 'no-subjects', what: string, step: MendedAt): MappingWarning => ({
    code,
    message: `${what} was read.`,
    fix: 'Check that the credential is of the account where your app runs, and of the same mode.',
    step,
    touches: null,
    on: null,
  })
  return [
    ...(counts.customers === 0 ? [none('no-customers', 'No customer of Stripe', 'stripe')] : []),
    ...(counts.subjects === 0
      ? [none('no-subjects', 'No user or organization of your app', 'database')]
      : []),
  ]
}

function unmatched({ counts, matching }: WarningFacts): readonly MappingWarning[] {
  const found = matching.byRule.reduce((sum, { paying }) => sum + paying, 0)
  const lost = matching.unmatched.paying + matching.ambiguous.paying
  if (counts.subjects === 0 || lost < fewest || lost < (lost + found) * suspiciousShare) return []
  const isEverybody = found === 0
  return [
    {
      code: isEverybody ? 'nobody-matched' : 'payers-unmatched',
      message: isEverybody
        ? `None of ${lost} paying customers found its user or organization.`
        : `${lost} of ${lost + found} paying customers found no user or organization.`,
      fix: 'Check the field that holds the Stripe customer id, and that Stripe and your app are of the same mode.',
      step: 'identity',
      touches: lost,
      on: null,
    },
  ]
}

function massDrifts({ incidents }: WarningFacts): readonly MappingWarning[] {
  return incidents
    .filter(({ kind, identity }) => kind === 'mass-drift' && identity.on !== 'hold')
    .map(({ sentence, touchedCount, identity }) => ({
      code: 'mass-drift',
      message: sentence,
      fix: 'Look at the examples: a price is mapped to the wrong plan, or a field to the wrong place.',
      step: identity.on === 'cannot-tell' ? 'plans' : 'access',
      touches: touchedCount,
      on: null,
    }))
}

function frequentKinds({ kinds, matching }: WarningFacts): readonly MappingWarning[] {
  const isShared = (kind: string) => ['mass-drift', 'price-unmapped', 'plan-unknown'].includes(kind)
  return kinds
    .filter(({ kind, count }) => !isShared(kind) && isSuspicious(count, matching.matchedSubjects))
    .map(({ kind, count }) => ({
      code: 'kind-too-frequent',
      message: `${count} of ${matching.matchedSubjects} matched subjects would be filed as ${kind}.`,
      fix: 'So many alike are likelier to be a mapping than to be true. Look at the examples before you go on.',
      step: kind.startsWith('plan-') ? 'plans' : 'access',
      touches: count,
      on: kind,
    }))
}

function undecided({ counts, matching }: WarningFacts): readonly MappingWarning[] {
  if (!isSuspicious(counts.cannotTell, matching.matchedSubjects)) return []
  return [
    {
      code: 'cannot-tell-too-often',
      message: `Of ${counts.cannotTell} subjects it could not be told whether they have what was paid for.`,
      fix: 'Map the prices and plan values that are named here.',
      step: 'plans',
      touches: counts.cannotTell,
      on: null,
    },
  ]
}

function unmappedPrices({ incidents }: WarningFacts): readonly MappingWarning[] {
  return incidents
    .filter(({ kind }) => kind === 'price-unmapped')
    .map(({ identity, touchedCount }) => ({
      code: 'price-unmapped',
      message: `${identity.on} is in no plan, and ${customers(touchedCount)} it.`,
      fix: 'Add it to the plan, add-on or seat pack that it buys.',
      step: 'plans',
      touches: touchedCount,
      on: identity.on,
    }))
}

function customers(count: number): string {
  return count === 1 ? '1 customer pays' : `${count} customers pay`
}

function unknownPlans({ incidents }: WarningFacts): readonly MappingWarning[] {
  return incidents
    .filter(({ kind }) => kind === 'plan-unknown')
    .map(({ identity, touchedCount }) => ({
      code: 'plan-value-unknown',
      message: `Your app writes the plan ${JSON.stringify(identity.on)}, which no plan has as a value (${touchedCount} of them).`,
      fix: 'Add it to the values of the plan that it means.',
      step: 'plans',
      touches: touchedCount,
      on: identity.on,
    }))
}

function emptyFields({ fields }: WarningFacts): readonly MappingWarning[] {
  return fields
    .filter(({ seen, sampled }) => seen === 0 && sampled >= leastSample)
    .map(({ path, source, type, sampled }) => ({
      code: 'field-never-found',
      message: `${path} holds nothing on any of ${sampled} ${type}s that were looked at (${source}).`,
      fix: 'Check the path or column, and that your app writes it.',
      step: 'access',
      touches: sampled,
      on: path,
    }))
}

function writableFields({ incidents }: WarningFacts): readonly MappingWarning[] {
  return incidents
    .filter(({ kind }) => kind === 'grant-client-writable')
    .map(({ identity, sentence }) => ({
      code: 'field-writable-by-users',
      message: sentence,
      fix: 'Keep what says who has paid in public_metadata or private_metadata, and map that.',
      step: 'access',
      touches: null,
      on: identity.on,
    }))
}

function isSuspicious(count: number, among: number): boolean {
  return count >= fewest && count >= among * suspiciousShare
}
