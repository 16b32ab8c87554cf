import type { Incident, LedgerDraft, RepairSwitch } from '@trueup/core'
import { entriesOfIncidents, isHold, RepairError, resolveIncident } from '@trueup/core'
import type { RepairDependencies } from './repair-dependencies.ts'

/**
 * A person says that the many drifts of a check are real: repairs are no longer held. The next check holds them again
 * where there are as many new ones.
 *
 * @returns the incidents that held them
 * @throws RepairError `wrong-state` when nothing holds them
 */
export async function releaseRepairs(
  { project, clock }: Pick<RepairDependencies, 'project' | 'clock'>,
  by: string,
  reason: string,
): Promise<readonly Incident[]> {
  const holds = await project.repairHolds()
  const act = { by, at: clock.now() }
  return await project.changeIncidents({ ids: holds.map(({ id }) => id) }, null, (found) => {
    const changes = found
      .filter(isHold)
      .map((before) => ({ ...resolveIncident(before, act, reason), before }))
    if (changes.length === 0) throw nothingHeld()
    const released = changes.map(({ incident }) => incident)
    const entry: LedgerDraft = {
      key: `repairs-released:${act.at.toISOString()}`,
      act: 'repairs-released',
      ...act,
      about: {},
      facts: { incidents: released.map(({ id }) => id) },
      personal: { note: reason },
    }
    return {
      incidents: released,
      entries: [entry, ...entriesOfIncidents(changes, { checkId: null, ...act })],
    }
  })
}

function nothingHeld(): RepairError {
  return new RepairError({
    code: 'wrong-state',
    message: 'Nothing holds the repairs of this project.',
    fix: 'Look at what can be repaired: `trueup repair list`.',
  })
}

/** Switches all repairs off or on, for this project or for all that share the database. Checks go on either way. */
export async function switchRepairs(
  { project, clock }: Pick<RepairDependencies, 'project' | 'clock'>,
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
