import { incidentKinds, incidentSorts, severities } from '@trueup/core'
import { z } from 'zod'
import { incidentStates } from '../../http/shown/incident.ts'
import { countIncidents, listIncidents } from '../../incident/list-incidents.ts'
import { causedIncidents } from '../caused-incidents.ts'
import { reachProject } from '../reach-project.ts'
import { incidentBriefShape } from '../shown-to-agent.ts'
import { tool } from '../tool.ts'
import { projectId } from './project-id.ts'

export const listIncidentsTool = tool({
  name: 'list_incidents',
  title: 'List incidents',
  description: 'Drifts between what billing promised and what the app granted, the worst first.',
  input: {
    projectId,
    states: z.array(z.enum(incidentStates)).min(1).default(['open', 'acknowledged']),
    severities: z.array(z.enum(severities)).min(1).optional(),
    kinds: z.array(z.enum(incidentKinds)).min(1).optional(),
    hurts: z.enum(['customer', 'business', 'both']).optional().describe('Who bears it.'),
    about: z.string().min(1).max(300).optional().describe('Id of a customer, user or organization.'),
    sort: z.enum(incidentSorts).default('severity'),
    after: z.string().max(500).optional().describe('`next` of the page before.'),
    limit: z.number().int().min(1).max(50).default(20),
  },
  output: {
    incidents: z.array(incidentBriefShape),
    total: z.number().describe('How many there are in all.'),
    next: z.string().nullable(),
  },
  asksVendors: false,
  async run({ projects, asker }, { projectId: id, sort, after, limit, ...wanted }) {
    const { reached, project } = await reachProject(projects, asker, id)
    const { states, severities: worst, kinds, hurts, about } = wanted
    const filter = {
      states,
      ...(worst ? { severities: worst } : {}),
      ...(kinds ? { kinds } : {}),
      ...(hurts ? { hurts } : {}),
      ...(about === undefined ? {} : { about }),
    }
    const order = { sort, reversed: false }
    const page = await listIncidents(project, { filter, order, after, limit })
    const { total } = await countIncidents(project, filter)
    const tenant = { workspaceId: reached.workspaceId, projectId: reached.id }
    return { incidents: await causedIncidents(projects, tenant, page.items), total, next: page.next }
  },
})
