import type {
  AccessMapping,
  Incident,
  PlannedRecord,
  ReadRecord,
  RepairTarget,
  TargetInspection,
} from '@trueup/core'
import { planRecord, wantedValues } from '@trueup/core'
import { isAsShown } from './is-as-shown.ts'
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
  if (shown.some(([field, value]) => !read.unknown.has(field) && !isAsShown(read.values.get(field), value))) {
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
