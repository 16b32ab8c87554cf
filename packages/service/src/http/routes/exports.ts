import { z } from '@hono/zod-openapi'
import type { Column } from '../../export/write-rows.ts'
import { exportFormats, exportTypes, writeRows } from '../../export/write-rows.ts'
import { filtersOf } from '../paging.ts'
import type { Route, RouteRequest } from '../route.ts'
import { requireRoute, route } from '../route.ts'
import { textStream } from '../text-stream.ts'

const project = '/api/v1/projects/{projectId}'
/** Rows that are read at once; one page is held in memory, however many there are. */
const rowsPerPage = 200

/** The lists that can be taken away, and the columns of each as CSV. */
const exported = {
  incidents: [
    'id',
    'kind',
    'severity',
    'state',
    'subject.type',
    'subject.id',
    'customerId',
    'component',
    'sentence',
    'hurts',
    'owed',
    'granted',
    'allowed',
    'moneyAtRisk.currency',
    'moneyAtRisk.amount',
    'moneyNote',
    'touchedCount',
    'openedAt',
    'lastSeenAt',
    'resolvedAt',
    'ignoredUntil',
    'assignee',
    'openings',
  ],
  customers: [
    'key',
    'subject.type',
    'subject.id',
    'name',
    'emails',
    'customers',
    'verdict',
    'settling',
    'openIncidents',
  ],
  repairs: [
    'id',
    'incidentId',
    'kind',
    'subject.type',
    'subject.id',
    'customerId',
    'state',
    'act',
    'summary',
    'source',
    'container',
    'record',
    'changes',
    'how',
    'takesAway',
    'approvalsNeeded',
    'approvals',
    'batch.id',
    'proposedBy',
    'proposedAt',
    'intendedAt',
    'endedAt',
    'undoes',
  ],
  checks: [
    'id',
    'kind',
    'dryRun',
    'startedAt',
    'finishedAt',
    'phase',
    'complete',
    'counts.customers',
    'counts.subjects',
    'counts.agrees',
    'counts.drifts',
    'counts.cannotTell',
    'counts.settling',
    'parts',
    'requests',
  ],
  events: [
    'provider',
    'id',
    'type',
    'objectId',
    'createdAt',
    'receivedAt',
    'verdict',
    'noEffect',
    'twinOf',
    'target.kind',
    'target.id',
    'foundBy',
    'deliveries',
    'lastDeliveredAt',
    'replays',
    'checkedAt',
  ],
} as const satisfies Readonly<Record<string, readonly Column[]>>

const formatShape = z.enum(exportFormats)

type Exported = keyof typeof exported
const names = Object.keys(exported) as readonly Exported[]

/**
 * The lists of a project as files. Each is made of the route that lists the same: it takes the same filters and shows
 * the same of each row.
 *
 * @throws Error when one of those routes is not among the given ones
 */
export function exportRoutes(lists: readonly Route[]): Route[] {
  return names.map((name) => exportOf(name, requireRoute(lists, `GET ${project}/${name}`)))
}

function exportOf(name: Exported, list: Route): Route {
  return route(`GET ${project}/${name}/export`, {
    summary: `The ${name} of a project as a file: CSV for spreadsheets, JSON lines for programs`,
    description:
      `Takes the filters of the list of ${name}. JSON lines hold all that the list shows of each. ` +
      'No cell of the CSV is taken for a formula: one that could be has an apostrophe before it. ' +
      'What changes while it is sent may be missing from it or stand in it as it was.',
    tag: list.tag,
    ...(list.params ? { params: list.params } : {}),
    query: filtersOf(list).extend({ format: formatShape.default('csv') }),
    produces: 'text/csv',
    handle: async (request) => {
      const { format: asked, ...query } = request.query
      const format = formatShape.parse(asked)
      const pages = pagesOf(list, { ...request, query })
      // The first page before the head is sent, so that what is wrong with the request is a problem and no half file.
      const first = await pages.next()
      const lines = writeRows(continued(first, pages), format, exported[name])
      return new Response(textStream(lines, request.signal), {
        headers: {
          'Content-Type': exportTypes[format],
          'Content-Disposition': `attachment; filename="trueup-${name}.${format}"`,
        },
      })
    },
  })
}

async function* continued<Page>(
  first: IteratorResult<Page>,
  rest: AsyncGenerator<Page>,
): AsyncGenerator<Page> {
  if (first.done) return
  yield first.value
  yield* rest
}

const page = z.looseObject({ items: z.array(z.unknown()), next: z.string().nullable() })

async function* pagesOf(
  list: Route,
  request: RouteRequest<unknown, object, unknown>,
): AsyncGenerator<readonly unknown[]> {
  for (let after: string | undefined; ; ) {
    const query = { ...request.query, limit: rowsPerPage, ...(after === undefined ? {} : { after }) }
    const answer = await list.handle({ ...request, query })
    if (answer instanceof Response || !('body' in answer) || !list.answer) {
      throw new Error(`The route ${list.key} is exported and gives no list.`)
    }
    const { items, next } = page.parse(list.answer.parse(answer.body))
    yield items
    if (next === null) return
    after = next
  }
}
