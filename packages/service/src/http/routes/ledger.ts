import { z } from '@hono/zod-openapi'
import type { ProjectStore } from '@trueup/core'
import { formatNoteKey } from '@trueup/core'
import { advanceLedger } from '../../ledger/advance-ledger.ts'
import type { AboutOne, LedgerExport } from '../../ledger/export-ledger.ts'
import { exportCsv, exportExtract, exportWhole, proveEntriesOf } from '../../ledger/export-ledger.ts'
import { LedgerError } from '../../ledger/ledger-error.ts'
import type { LedgerState } from '../../ledger/ledger-keeper.ts'
import { listEntries } from '../../ledger/list-entries.ts'
import { ApiError } from '../api-error.ts'
import { projectIdParam } from '../paging.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { shown } from '../shown/shown.ts'
import { textStream } from '../text-stream.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { storeOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/ledger'
const tag = 'Ledger'

const projectParams = z.object({ projectId: projectIdParam })
const person = z
  .string()
  .regex(/^(?:user|organization|customer):[\s\S]/)
  .max(300)
  .optional()
  .openapi({ description: 'Only entries about this subject or customer.', example: 'user:user_1' })

const incident = z.string().min(1).max(200).optional().openapi({
  description: 'Only entries about this incident. Not together with `person`.',
  example: 'inc_1',
})

const entryShape = z
  .object({
    sequence: z.number().int(),
    at: moment,
    act: z.string(),
    by: z.string(),
    about: z.record(z.string(), z.string()),
    facts: z.record(z.string(), z.unknown()),
    personal: z.unknown().openapi({ description: 'Subjects, customers and their values; null once erased.' }),
    erased: z.boolean(),
    persons: z.array(z.string()),
    hash: z.string(),
  })
  .openapi('LedgerEntry')

const standingShape = z
  .object({
    origin: z.string().nullable(),
    size: z.number().int(),
    checkpoint: z
      .object({ size: z.number().int(), signedAt: moment, note: z.string() })
      .nullable()
      .openapi({ description: 'The last signed statement of what the ledger was, as a C2SP signed note.' }),
    unsigned: z
      .object({ code: z.string(), message: z.string(), fix: z.string() })
      .nullable()
      .openapi({ description: 'Why the last entries are not signed; null: they are, or soon will be.' }),
  })
  .openapi('LedgerStanding')

/** The Access Ledger: reading it, proving it, and taking it away. */
export function ledgerRoutes(routes: ProjectRoutes): Route[] {
  return [
    route(`GET ${base}`, {
      summary: 'Entries of the ledger, the latest first',
      tag,
      params: projectParams,
      query: z.object({
        before: z.coerce
          .number()
          .int()
          .min(0)
          .optional()
          .openapi({ description: 'The `next` of the page before.' }),
        limit: z.coerce.number().int().min(1).max(500).default(50),
        incident,
        person,
      }),
      answer: z.object({
        items: z.array(entryShape),
        next: z.number().int().nullable(),
        standing: standingShape,
      }),
      handle: async ({ tenant, query }) => {
        const project = storeOf(routes, tenant)
        const state = await advanceLedger(routes.projects.ledgerOf(project), project)
        const about = aboutIn(query)
        const { entries, next } = await listEntries(project, {
          about,
          before: query.before,
          limit: query.limit,
        })
        return { body: { items: shown(entries), next, standing: standingOf(state) } }
      },
    }),
    route(`GET ${base}/checkpoint`, {
      summary: 'How the ledger stands: its size and the last signed checkpoint',
      tag,
      params: projectParams,
      answer: standingShape,
      handle: async ({ tenant }) => {
        const project = storeOf(routes, tenant)
        return { body: standingOf(await sealed(routes, project)) }
      },
    }),
    route(`GET ${base}/key`, {
      summary: 'The public key that the ledger is signed with',
      tag,
      params: projectParams,
      answer: z.object({
        origin: z.string(),
        publicKey: z
          .string()
          .openapi({ description: 'As C2SP signed notes write a key: name, hash, base64.' }),
      }),
      handle: async ({ tenant }) => {
        const { origin, publicKey } = await exportOf(routes, tenant)
        return { body: { origin, publicKey: formatNoteKey(publicKey) } }
      },
    }),
    route(`GET ${base}/export`, {
      summary: 'The ledger as a file: NDJSON that can be verified offline, or CSV for spreadsheets',
      tag,
      description:
        'NDJSON of the whole ledger, or, with `person` or `incident`, of the entries about one, each with its proof. ' +
        'Verify it with `trueup ledger verify FILE --key KEY`. No cell of the CSV is taken for a formula.',
      params: projectParams,
      query: z.object({ format: z.enum(['ndjson', 'csv']).default('ndjson'), incident, person }),
      produces: 'application/x-ndjson',
      handle: async ({ tenant, query: { format, ...wanted }, signal }) => {
        const about = aboutIn(wanted)
        const from = await exportOf(routes, tenant)
        const lines = await linesOf(from, format, about)
        const type = format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson'
        return new Response(textStream(lines, signal), {
          headers: {
            'Content-Type': type,
            'Content-Disposition': `attachment; filename="trueup-ledger.${format}"`,
          },
        })
      },
    }),
  ]
}

/** The ledger with a checkpoint over all of it. */
async function sealed({ projects }: ProjectRoutes, project: ProjectStore): Promise<LedgerState> {
  return await projects.ledgerOf(project).seal()
}

async function exportOf(routes: ProjectRoutes, tenant: ReachedTenant): Promise<LedgerExport> {
  const project = storeOf(routes, tenant)
  const state = await sealed(routes, project)
  const publicKey = await routes.projects.ledgerOf(project).publicKey()
  if (state.origin && state.checkpoint && publicKey) {
    return { project, origin: state.origin, checkpoint: state.checkpoint, publicKey }
  }
  throw (
    state.unsigned ??
    new LedgerError({
      code: 'ledger-empty',
      message: 'The ledger has no entry yet.',
      fix: 'Run a check first: its begin, its end and each incident are entered.',
    })
  )
}

async function linesOf(
  from: LedgerExport,
  format: 'ndjson' | 'csv',
  about: AboutOne | undefined,
): Promise<AsyncIterable<string>> {
  if (!about) return format === 'csv' ? exportCsv(from) : withNewlines(exportWhole(from))
  const proven = await proveEntriesOf(from, about)
  return format === 'csv'
    ? exportCsv(
        from,
        proven.map(({ entry }) => entry),
      )
    : withNewlines(exportExtract(from, proven))
}

async function* withNewlines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

function standingOf({ origin, size, checkpoint, unsigned }: LedgerState) {
  return {
    origin,
    size,
    checkpoint: checkpoint && shown({ ...pick(checkpoint) }),
    unsigned: unsigned && { code: unsigned.code, message: unsigned.message, fix: unsigned.fix },
  }
}

function pick({ size, signedAt, note }: NonNullable<LedgerState['checkpoint']>) {
  return { size, signedAt, note }
}

function aboutIn({
  incident: of,
  person: named,
}: {
  readonly incident?: string | undefined
  readonly person?: string | undefined
}): AboutOne | undefined {
  if (of !== undefined && named !== undefined) {
    throw new ApiError({
      code: 'request-invalid',
      message: 'Both `incident` and `person` were given.',
      fix: 'Give one of the two.',
    })
  }
  if (of !== undefined) return { incident: of }
  return named === undefined ? undefined : { person: named }
}
