import type { Incident, ProjectStore } from '@trueup/core'
import { z } from 'zod'
import { causesOf } from '../../cause/causes-of.ts'
import { McpError } from '../mcp-error.ts'
import { reachProject } from '../reach-project.ts'
import { incidentShape, incidentWhole } from '../shown-to-agent.ts'
import { tool } from '../tool.ts'
import { projectId } from './project-id.ts'

export const incidentId = z.string().min(1).max(200).describe('inc_…, as list_incidents gives it.')

export const getIncidentTool = tool({
  name: 'get_incident',
  title: 'One incident',
  description: 'One incident: both sides, the evidence, what probably broke, its history and its repairs.',
  input: { projectId, incidentId },
  output: { incident: incidentShape },
  asksVendors: false,
  async run({ projects, asker }, { projectId: id, incidentId: wanted }) {
    const { reached, project } = await reachProject(projects, asker, id)
    const incident = await requireIncident(project, wanted)
    const repairs = await project.repairs({ incidentId: incident.id, limit: 20 })
    const tenant = { workspaceId: reached.workspaceId, projectId: reached.id }
    const causes = await causesOf(projects.database, tenant, [incident.id])
    return { incident: incidentWhole(incident, repairs, causes.get(incident.id) ?? null) }
  },
})

/** @throws McpError `incident-unknown` */
export async function requireIncident(project: ProjectStore, id: string): Promise<Incident> {
  const incident = await project.incident(id)
  if (incident) return incident
  throw new McpError('incident-unknown', 'Name an incident by its id, as list_incidents gives it.')
}
