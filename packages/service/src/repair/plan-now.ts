import type {
  AccessMapping,
  Incident,
  PlannedRecord,
  ReadRecord,
  RepairTarget,
  StoredValue,
  TargetInspection,
} from '@trueup/core'
import { isSameValue, planRecord, readTrialEnd, wantedValues } from '@trueup/core'
import type { RepairDependencies } from './repair-dependencies.ts'

/** The change that would end a drift at one record, with the record as its target shows it. */
export interface PlannedNow {
  readonly planned: PlannedRecord
  readonly inspection: TargetInspection
}

/**
 * Plans what to write at one record, from the values as the target itself shows them.
 *
 * @param read what was read of the record, and what the drift was found by
 * @returns `null` where nothing has to be written, and `changed` where the target shows another record than was read:
 *   then the drift was found by values that are no more
 * @throws SourceError when the target cannot be reached
 */
export async function planNow(
  { config }: RepairDependencies,
  target: RepairTarget,
  incident: Incident,
  access: AccessMapping,
  read: ReadRecord,
): Promise<PlannedNow | 'changed' | null> {
  const { subject } = incident
  if (!subject) return null
  const wanted = wantedValues(incident)
  const draft = planRecord(access, subject, wanted, read, config.catalogue)
  if (!draft) return null
  const { container, record } = draft
  const changes = draft.changes.filter(({ field }) => !standsApart(field, incident))
  if (changes.length === 0) return null
  const inspection = await target.inspect({ container, record, changes })
  if (!inspection.found) return 'changed'
  const shown = changes.map(({ field }) => [field, inspection.values[field]] as const)
  if (shown.some(([field, value]) => !read.unknown.has(field) && !isAsRead(read.values.get(field), value))) {
    return 'changed'
  }
  const exact: ReadRecord = {
    ...read,
    values: new Map([...read.values, ...shown]),
    unknown: new Set([...read.unknown].filter((field) => !shown.some(([known]) => known === field))),
  }
  const planned = planRecord(access, subject, wanted, exact, config.catalogue)
  if (!planned) return null
  const exactChanges = planned.changes.filter(({ field }) => shown.some(([known]) => known === field))
  return exactChanges.length === 0 ? null : { planned: { ...planned, changes: exactChanges }, inspection }
}

/** The limit of an organization's members is a record of its own in Clerk; where it is short, that is said by itself. */
function standsApart(field: string, incident: Incident): boolean {
  return field === 'max_allowed_memberships' && incident.kind === 'paid-without-access'
}

/**
 * Whether a target shows what the source read. Both may write one value in two ways: a moment with another offset, a
 * long number as text, nothing as NULL or as an empty text.
 */
function isAsRead(read: StoredValue | undefined, shown: StoredValue | undefined): boolean {
  if (isSameValue(read, shown)) return true
  if (isNothing(read) || isNothing(shown)) return isNothing(read) && isNothing(shown)
  if (typeof read === 'object' || typeof shown === 'object') return false
  if (String(read) === String(shown)) return true
  const [one, other] = [readTrialEnd(read), readTrialEnd(shown)]
  return one.state === 'value' && other.state === 'value' && one.value.getTime() === other.value.getTime()
}

function isNothing(value: StoredValue | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
