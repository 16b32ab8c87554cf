import { z } from 'zod'
import { requestFullCheck, requestRecentCheck } from '../../check/request-check.ts'
import { askSingleCheck } from '../../customer/ask-single-check.ts'
import { openServiceProject } from '../../project/open-service-project.ts'
import { openProjectRecords } from '../../project/project-records.ts'
import { causedIncidents } from '../caused-incidents.ts'
import { McpError } from '../mcp-error.ts'
import { reachProject } from '../reach-project.ts'
import { incidentBriefShape, pairShape, shownPair } from '../shown-to-agent.ts'
import { tool } from '../tool.ts'
import { customer } from './get-customer-state.ts'
import { projectId } from './project-id.ts'

export const runCheckTool = tool({
  name: 'run_check',
  title: 'Run a check',
  description:
    'Compares what billing promised with what the app granted, and files what drifts. It reads the vendors and changes ' +
    'nothing there or in the app. With `customer` it checks that one and answers; else it begins a check in the background.',
  input: {
    projectId,
    customer: customer.optional(),
    kind: z
      .enum(['recent', 'full'])
      .default('recent')
      .describe('Without a customer: what changed since the last check, or everything.'),
  },
  output: {
    checkId: z.string().nullable().describe('The check that runs, or the one that filed something.'),
    state: z.enum(['done', 'running']),
    pairs: z.array(pairShape),
    incidents: z.array(incidentBriefShape),
    opened: z.array(z.string()),
    resolved: z.array(z.string()),
  },
  asksVendors: true,
  async run({ projects, jobs, asker }, { projectId: id, customer: name, kind }) {
    const { reached } = await reachProject(projects, asker, id)
    if (!reached.mayCheck) {
      throw new McpError('role-too-low', 'Running checks needs the role member, or an API key.')
    }
    const tenant = { workspaceId: reached.workspaceId, projectId: reached.id }
    if (name === undefined) {
      const requests = { ...(await openProjectRecords(projects, tenant)), jobs, tenant }
      const check =
        kind === 'full'
          ? await requestFullCheck(requests, { dryRun: false, acceptChanges: false })
          : await requestRecentCheck(requests)
      const nothing = { pairs: [], incidents: [], opened: [], resolved: [] }
      return { checkId: check.id, state: 'running' as const, ...nothing }
    }
    const opened = await openServiceProject(projects, tenant, { usedFor: 'single check' })
    try {
      const found = await askSingleCheck(opened, name, { dryRun: false })
      if (found === 'superseded') {
        throw new McpError('conflict', 'The same customer is being checked at this moment. Try again.')
      }
      return {
        checkId: found.state.checkId,
        state: 'done' as const,
        pairs: found.state.pairs.map(shownPair),
        incidents: await causedIncidents(projects, tenant, found.state.incidents),
        opened: [...found.opened],
        resolved: [...found.resolved],
      }
    } finally {
      await opened.close()
    }
  },
})
