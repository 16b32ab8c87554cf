import type { Catalogue } from '../access/catalogue.ts'
import type { SubjectType } from '../subject/subject.ts'
import type { AccessMapping } from './access-mapping.ts'
import type { SubjectReading } from './granted.ts'
import { tablePath } from './postgres/table-name.ts'
import { planWord, readPlan } from './read-plan.ts'

/** Where a source keeps the plan of a subject, as readings name the field; `null`: it keeps none. */
export function planFieldOf(access: AccessMapping, type: SubjectType): string | null {
  switch (access.kind) {
    case 'clerk':
      return access.mappings[type]?.plan?.text ?? null
    case 'postgres': {
      const mapping = access.mappings[type]
      return mapping?.plan ? `${tablePath(mapping)}.${mapping.plan}` : null
    }
    case 'pushed':
      return access.mappings[type]?.components.includes('plan') ? 'plan' : null
  }
}

/** Whether a stored plan reads the same under both catalogues, so that no reading need be read again. */
export function plansReadAlike(a: Catalogue, b: Catalogue): boolean {
  const words = (catalogue: Catalogue) =>
    JSON.stringify(catalogue.plans.map(({ id, values }) => [id, [id, ...values].map(planWord).toSorted()]))
  return words(a) === words(b)
}

/**
 * The same reading as another catalogue reads its plan, from the raw value that was kept beside it. Where the value was
 * too long to be kept whole, the plan cannot be read.
 *
 * @param planField as {@link planFieldOf} names it
 * @example
 * readPlanAgain(reading, 'public_metadata.plan', candidate).granted.plan // { state: 'value', value: 'pro' }
 */
export function readPlanAgain(
  reading: SubjectReading,
  planField: string | null,
  catalogue: Catalogue,
): SubjectReading {
  const { plan } = reading.granted
  if (plan.state === 'absent' || plan.state === 'unmapped') return reading
  const found = reading.fields.find(({ path }) => path === planField)?.found ?? null
  const kept = found === null ? null : keptValue(found)
  const again = kept
    ? readPlan(kept.value, catalogue)
    : {
        plan: {
          state: 'unreadable' as const,
          found: found ?? 'a plan of which the raw value was not kept',
          needed: 'the whole value, which a new check reads',
        },
        unknownPlanValue: null,
      }
  return { ...reading, granted: { ...reading.granted, ...again } }
}

/** What an evidence text was made of; `null`: it does not hold all of it. */
function keptValue(found: string): { readonly value: unknown } | null {
  if (found.includes('…')) return null
  try {
    return { value: JSON.parse(found) }
  } catch {
    return null
  }
}
