import { incidentKinds, planRepair } from '@trueup/core'
import { z } from 'zod'
import { headlineOf, whatToDo } from '../../alert/cause-words.ts'
import { causesOf } from '../../cause/causes-of.ts'
import { openProjectRecords } from '../../project/project-records.ts'
import { reachProject } from '../reach-project.ts'
import { changeShape, incidentShape, incidentWhole, shownChange } from '../shown-to-agent.ts'
import { tool } from '../tool.ts'
import { incidentId, requireIncident } from './get-incident.ts'
import { projectId } from './project-id.ts'

const hurtsWords = {
  customer: 'The customer pays for something and does not have it.',
  business: 'Something is open that nobody pays for.',
  both: 'It may hurt the customer or the business; which, is not clear from the readings.',
} as const

export const explainDriftTool = tool({
  name: 'explain_drift',
  title: 'Explain a drift',
  description:
    'Why an incident is one: what kind of drift it is, who bears it, where both sides were read, what probably broke, ' +
    'what would end it, ' +
    'and what a person does next. Repairs are approved by people, never through this tool.',
  input: { projectId, incidentId },
  output: {
    kind: z.enum(incidentKinds),
    meaning: z.string(),
    whoBearsIt: z.string(),
    whatToDo: z.string(),
    incident: incidentShape,
    wouldEndIt: z.object({
      act: z.string(),
      changes: z.array(changeShape).describe('Empty: there is no one safe answer; a person follows steps.'),
    }),
  },
  asksVendors: false,
  async run({ projects, asker }, { projectId: id, incidentId: wanted }) {
    const { reached, project } = await reachProject(projects, asker, id)
    const incident = await requireIncident(project, wanted)
    const tenant = { workspaceId: reached.workspaceId, projectId: reached.id }
    const { config } = await openProjectRecords(projects, tenant)
    const { catalogue, access } = config
    const { clerkApiUrl } = await projects.operatorOf(tenant)
    const plan = planRepair(incident, { catalogue, access, clerkApiUrl })
    const repairs = await project.repairs({ incidentId: incident.id, limit: 20 })
    const causes = await causesOf(projects.database, tenant, [incident.id])
    return {
      kind: incident.kind,
      meaning: `${headlineOf(incident.kind, 1)}.`,
      whoBearsIt: hurtsWords[incident.hurts],
      whatToDo: whatToDo(incident.kind, 1),
      incident: incidentWhole(incident, repairs, causes.get(incident.id) ?? null),
      wouldEndIt: { act: plan.act, changes: plan.changes.map(shownChange) },
    }
  },
})
