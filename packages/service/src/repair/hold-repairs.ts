import type { Incident, LedgerDraft, RepairSwitch } from '@trueup/core'
import { RepairError, resolveIncident } from '@trueup/core'
import type { RepairDependencies } from './repair-dependencies.ts'

/**
 * A person says that the many drifts of a check are real: repairs are no longer held. The next check holds them again
 * where there are as many new ones.
 *
 * @returns the incidents that held them
 * @throws RepairError `wrong-state` when nothing holds them
 */
export async function releaseRepairs(
  { project, clock }: RepairDependencies,
  by: string,
  reason: string,
): Promise<readonly Incident[]> {
  const holds = await project.repairHolds()
  if (holds.length === 0) {
    throw new RepairError({
      code: 'wrong-state',
      message: 'Nothing holds the repairs of this project.',
      fix: 'Look at what can be repaired: `trueup repair list`.',
    })
  }
  const act = { by, at: clock.now() }
  const released = holds.map((hold) => resolveIncident(hold, act, reason).incident)
  const entries = released.flatMap((incident): readonly LedgerDraft[] => {
    const about = { incident: incident.id }
    const facts = { state: incident.state, kind: incident.kind, openings: incident.openings }
    const key = `incident:${incident.id}:${incident.openings}:${act.at.toISOString()}`
    return [
      { key: `${key}:released`, act: 'repairs-released', ...act, about, facts, personal: { note: reason } },
      { key: `${key}:resolved`, act: 'incident-resolved', ...act, about, facts, personal: null },
    ]
  })
  await project.saveIncidents(released, null, entries)
  return released
}

/** Switches all repairs off or on, for this project or for all that share the database. Checks go on either way. */
export async function switchRepairs(
  { project, clock }: RepairDependencies,
  scope: RepairSwitch['scope'],
  to: 'off' | 'on',
  by: string,
  reason: string,
): Promise<readonly RepairSwitch[]> {
  const at = clock.now()
  const entry: LedgerDraft = {
    key: `repairs-switched:${scope}:${to}:${at.toISOString()}`,
    act: 'repairs-switched',
    at,
    by,
    about: {},
    facts: { scope, to },
    personal: { note: reason },
  }
  await project.switchRepairs(scope, to === 'off' ? { scope, by, at, reason } : null, [entry])
  return await project.repairSwitches()
}
