import type { AccessMapping, Incident, Repair } from '@trueup/core'
import { approvalsNeeded, severities, wrongSources } from '@trueup/core'

/** An incident, and the repairs that end it together. */
export interface ChosenRepair {
  readonly incident: Incident
  readonly repairs: readonly [Repair, ...Repair[]]
}

/**
 * The incident to look at: first those that their repairs end wholly, then those that need two persons, then the
 * worst. `null` when nothing can be written for any of them.
 */
export function chooseRepair(
  incidents: readonly Incident[],
  repairs: readonly Repair[],
  access: readonly AccessMapping[],
): ChosenRepair | null {
  const choices = incidents.flatMap((incident): readonly ChosenRepair[] => {
    const [first, ...others] = repairs.filter(({ incidentId }) => incidentId === incident.id)
    return first ? [{ incident, repairs: [first, ...others] }] : []
  })
  const rank = ({ incident, repairs: all }: ChosenRepair) => {
    // Features of users stand in rows of their own, which a person adds; those of organizations are repaired whole.
    const isOneRow = incident.subject?.type === 'organization' || incident.component === 'trialEndsAt'
    const isWhole = isOneRow && wrongSources(incident, access).length === all.length
    return (isWhole ? 100 : 0) + 10 * approvalsNeeded(all[0]) + severities.indexOf(incident.severity)
  }
  return choices.toSorted((a, b) => rank(b) - rank(a))[0] ?? null
}
