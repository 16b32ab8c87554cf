import type { Incident } from '@trueup/core'
import { causesOf } from '../cause/causes-of.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { incidentBrief } from './shown-to-agent.ts'

/** Incidents as an agent sees them in lists, each with its cause where that is worked out. */
export async function causedIncidents(
  { database }: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  incidents: readonly Incident[],
) {
  const causes = await causesOf(
    database,
    tenant,
    incidents.map(({ id }) => id),
  )
  return incidents.map((incident) => incidentBrief(incident, causes.get(incident.id) ?? null))
}
