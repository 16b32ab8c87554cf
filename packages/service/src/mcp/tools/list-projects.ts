import { z } from 'zod'
import { countIncidents } from '../../incident/list-incidents.ts'
import { openProjectStore } from '../../store/index.ts'
import { projectsInReach } from '../reach-project.ts'
import { moneyShape, shownMoney } from '../shown-to-agent.ts'
import { tool } from '../tool.ts'
import { untrusted, untrustedShape } from '../untrusted.ts'

const mostProjects = 100

export const listProjectsTool = tool({
  name: 'list_projects',
  title: 'List projects',
  description:
    'The apps that Trueup watches for you: open incidents, the money at risk in them, and the last full check.',
  input: {},
  output: {
    projects: z.array(
      z.object({
        id: z.string(),
        name: untrustedShape,
        state: z.enum(['setting-up', 'live', 'paused']),
        mayCheck: z.boolean().describe('Whether run_check works there for you.'),
        openIncidents: z.number(),
        moneyAtRisk: z.object({
          customer: z.array(moneyShape).describe('Paid for and missing.'),
          business: z.array(moneyShape).describe('Open and not paid for.'),
          both: z.array(moneyShape),
        }),
        lastCheck: z
          .object({ id: z.string(), finishedAt: z.string(), drifts: z.number(), cannotTell: z.number() })
          .nullable(),
      }),
    ),
  },
  asksVendors: false,
  async run({ projects, asker }) {
    const inReach = await projectsInReach(projects, asker)
    const shown = []
    for (const { id, name, state, mayCheck, workspaceId } of inReach.slice(0, mostProjects)) {
      const project = openProjectStore(projects.database, { workspaceId, projectId: id })
      const open = await countIncidents(project, { states: ['open', 'acknowledged'] })
      const check = await project.newestFinishedCheck({ filing: true })
      shown.push({
        id,
        name: untrusted(name),
        state,
        mayCheck,
        openIncidents: open.total,
        moneyAtRisk: {
          customer: open.moneyAtRisk.customer.map(shownMoney),
          business: open.moneyAtRisk.business.map(shownMoney),
          both: open.moneyAtRisk.both.map(shownMoney),
        },
        lastCheck: check && {
          id: check.id,
          finishedAt: (check.finishedAt ?? check.startedAt).toISOString(),
          drifts: check.counts?.drifts ?? 0,
          cannotTell: check.counts?.cannotTell ?? 0,
        },
      })
    }
    return { projects: shown }
  },
})
