import { z } from 'zod'
import { askSingleCheck } from '../../customer/ask-single-check.ts'
import type { CustomerState } from '../../customer/customer-state.ts'
import { stateAtLastCheck } from '../../customer/customer-state.ts'
import { customerLines } from '../../customer/search-customers.ts'
import { openServiceProject } from '../../project/open-service-project.ts'
import { openProjectRecords } from '../../project/project-records.ts'
import type { ProjectTenant } from '../../project/project-service.ts'
import { causedIncidents } from '../caused-incidents.ts'
import { McpError } from '../mcp-error.ts'
import { reachProject } from '../reach-project.ts'
import { incidentBriefShape, namesShape, pairShape, shownNames, shownPair } from '../shown-to-agent.ts'
import type { ToolContext } from '../tool.ts'
import { tool } from '../tool.ts'
import { projectId } from './project-id.ts'

export const customer = z
  .string()
  .min(1)
  .max(300)
  .describe('Id of a customer, user or organization: cus_…, user_…, or with its kind, user:42.')

export const getCustomerStateTool = tool({
  name: 'get_customer_state',
  title: 'State of a customer',
  description:
    'What one customer is owed, may have at most, and has in each access source, with the verdict and its incidents. ' +
    'Shows what the last full check read; with `fresh`, both sides are read now and nothing is filed.',
  input: {
    projectId,
    customer,
    fresh: z.boolean().default(false).describe('Read both sides now.'),
    includeNames: z
      .boolean()
      .default(false)
      .describe('Also give names and e-mail addresses, where a person needs them.'),
  },
  output: {
    as: z.enum(['last-check', 'now']),
    checkId: z.string().nullable(),
    pairs: z.array(pairShape),
    incidents: z.array(incidentBriefShape),
    names: z.array(namesShape),
  },
  asksVendors: true,
  async run(context, { projectId: id, customer: name, fresh, includeNames }) {
    const { projects, asker } = context
    const { reached, project } = await reachProject(projects, asker, id)
    const tenant = { workspaceId: reached.workspaceId, projectId: reached.id }
    const state = fresh
      ? await stateNow(context, tenant, name)
      : await stateAtLastCheck(await openProjectRecords(projects, tenant), name)
    if (!state || (state.pairs.length === 0 && state.incidents.length === 0)) {
      throw new McpError('customer-unknown', 'Nobody of this id was read. Try fresh, or another id.')
    }
    const keys = state.pairs.map(({ key }) => key)
    const lines = includeNames
      ? await customerLines({ database: projects.database, tenant, project }, keys)
      : []
    return {
      as: state.as,
      checkId: state.checkId,
      pairs: state.pairs.map(shownPair),
      incidents: await causedIncidents(projects, tenant, state.incidents),
      names: lines.map(shownNames),
    }
  },
})

async function stateNow(
  { projects }: ToolContext,
  tenant: ProjectTenant,
  name: string,
): Promise<CustomerState | null> {
  const opened = await openServiceProject(projects, tenant, { usedFor: 'single check' })
  try {
    const found = await askSingleCheck(opened, name, { dryRun: true })
    return found === 'superseded' ? null : found.state
  } finally {
    await opened.close()
  }
}
