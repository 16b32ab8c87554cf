import { z } from 'zod'
import { personsNamed } from '../../customer/find-pairs.ts'
import { advanceLedger } from '../../ledger/advance-ledger.ts'
import type { ShownEntry } from '../../ledger/list-entries.ts'
import { listEntries } from '../../ledger/list-entries.ts'
import { McpError } from '../mcp-error.ts'
import { reachProject } from '../reach-project.ts'
import { entryShape, shownToAgent } from '../shown-to-agent.ts'
import { tool } from '../tool.ts'
import { customer } from './get-customer-state.ts'
import { incidentId } from './get-incident.ts'
import { projectId } from './project-id.ts'

export const getAccessLedgerTool = tool({
  name: 'get_access_ledger',
  title: 'Access Ledger',
  description:
    'Entries of the ledger, the latest first: who did what to which incident, repair or exception, and when. ' +
    'Of all, of one customer, or of one incident.',
  input: {
    projectId,
    customer: customer.optional(),
    incidentId: incidentId.optional(),
    before: z.number().int().min(0).optional().describe('`next` of the page before.'),
    limit: z.number().int().min(1).max(50).default(20),
  },
  output: {
    entries: z.array(entryShape),
    next: z.number().nullable(),
    size: z.number(),
    signedSize: z.number().describe('Entries under the last signed checkpoint.'),
  },
  asksVendors: false,
  async run({ projects, asker }, { projectId: id, customer: name, incidentId: incident, before, limit }) {
    if (name !== undefined && incident !== undefined) {
      throw new McpError('one-of-two', 'Give either customer or incidentId.')
    }
    const { project } = await reachProject(projects, asker, id)
    const state = await advanceLedger(projects.ledgerOf(project), project)
    const abouts =
      name !== undefined
        ? personsNamed(name).map((person) => ({ person }))
        : [incident === undefined ? undefined : { incident }]
    const found: ShownEntry[] = []
    for (const about of abouts) {
      found.push(...(await listEntries(project, { about, before, limit: limit + 1 })).entries)
    }
    const distinct = [...new Map(found.map((one) => [one.sequence, one])).values()]
    const latest = distinct.toSorted((a, b) => b.sequence - a.sequence)
    const page = latest.slice(0, limit)
    return {
      entries: page.map(shownToAgent),
      next: latest.length > limit ? (page.at(-1)?.sequence ?? null) : null,
      size: state.size,
      signedSize: state.checkpoint?.size ?? 0,
    }
  },
})
