import { z } from '@hono/zod-openapi'
import { incidentKinds } from '@trueup/core'
import type { ProjectService } from '../../project/project-service.ts'
import type { WhatIfOptions, WhatIfQuestion } from '../../what-if/replay.ts'
import { replay } from '../../what-if/replay.ts'
import { whatIfOfProject } from '../../what-if/what-if-of-project.ts'
import { ApiError } from '../api-error.ts'
import { projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { readCursor, shownWhatIf, whatIfShape } from '../shown/what-if.ts'
import { textStream } from '../text-stream.ts'
import { shownCheck } from './checks.ts'

const bodyShape = z.strictObject({
  document: z.unknown().optional().openapi({
    description: 'A whole configuration to try, the same document as `trueup.config.ts`, as JSON.',
  }),
  changes: z
    .strictObject({
      policy: z
        .unknown()
        .optional()
        .openapi({
          description: 'Laid over the policy that holds.',
          example: { pastDue: { days: 3 } },
        }),
      catalogue: z.unknown().optional().openapi({ description: 'In place of the catalogue that holds.' }),
      exceptions: z.unknown().optional().openapi({ description: 'In place of those that hold.' }),
    })
    .optional(),
  becomes: z.enum(['opens', 'closes']).optional().openapi({ description: 'Lists only these.' }),
  kinds: z.array(z.enum(incidentKinds)).min(1).optional().openapi({ description: 'Lists only these.' }),
  after: z
    .string()
    .max(1000)
    .nullable()
    .default(null)
    .openapi({ description: 'The `next` of the page before.' }),
  limit: z.number().int().min(1).max(200).default(25).openapi({
    description: 'Lists about so many: never only some of the changes of one subject.',
  }),
})

/** Replays at once in one process; each reads everything that a check read. */
const mostAtOnce = 2

/** What another policy, catalogue or list of exceptions would open and close. */
export function whatIfRoutes({ projects }: { readonly projects: ProjectService }): Route[] {
  let atWork = 0
  const judged = async (question: WhatIfQuestion, options: WhatIfOptions) => {
    if (atWork >= mostAtOnce) throw busy()
    atWork += 1
    try {
      return shownWhatIf(await replay(question, options), shownCheck)
    } finally {
      atWork -= 1
    }
  }
  return [
    route('POST /api/v1/projects/{projectId}/config/what-if', {
      summary: 'Say what another configuration would open and close, before it holds',
      description:
        'Judges once more what the last full check read, under the configuration as it holds and under the one that is sent. ' +
        'No vendor is asked, and nothing is filed or kept. Give `document` or `changes`. ' +
        'With `Accept: text/event-stream` it tells how far it has come: events `progress` with `pairs` and `of`, then one ' +
        '`answer` with what is answered else, or `problem`.',
      tag: 'Configuration',
      params: z.object({ projectId: projectIdParam }),
      body: bodyShape.refine(
        ({ document, changes }) => (document === undefined) !== (changes === undefined),
        {
          message: 'Give either document or changes.',
        },
      ),
      answer: whatIfShape,
      handle: async ({ tenant, body, raw, signal }) => {
        const { document, changes = {}, becomes, kinds, limit } = body
        const sent = document === undefined ? { changes } : { document }
        const question = await whatIfOfProject(projects, tenant, sent)
        const options = { limit, after: await placeIn(question, body.after), becomes, kinds, signal }
        if (!wantsEvents(raw)) return { body: await judged(question, options) }
        const events = told((onProgress) => judged(question, { ...options, onProgress }))
        return new Response(textStream(events, signal, 0), {
          headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
        })
      },
    }),
  ]
}

function wantsEvents(request: Request): boolean {
  return (request.headers.get('accept') ?? '')
    .split(',')
    .some((type) => type.trim().startsWith('text/event-stream'))
}

/** @throws ApiError `request-invalid` where it is no place, `conflict` where another check finished since */
async function placeIn({ project }: WhatIfQuestion, after: string | null): Promise<string | null> {
  if (after === null) return null
  const place = readCursor(after)
  if (!place) {
    throw new ApiError({
      code: 'request-invalid',
      message: '`after` is not the `next` of a page.',
      fix: 'Hand back `next` as it was given, or begin without it.',
    })
  }
  const newest = await project.newestFinishedCheck({ filing: false })
  if (newest?.id === place.checkId) return place.pairKey
  throw new ApiError({
    code: 'conflict',
    message: 'Another full check has finished since the first page.',
    fix: 'Ask anew, without `after`.',
  })
}

type OnProgress = NonNullable<WhatIfOptions['onProgress']>

/** What a replay tells while it runs, and in the end, as server-sent events. */
async function* told(
  run: (onProgress: OnProgress) => Promise<z.input<typeof whatIfShape>>,
): AsyncGenerator<string> {
  let latest: Parameters<OnProgress>[0] | null = null
  let wake: () => void = () => {}
  const answer = run((progress) => {
    latest = progress
    wake()
  })
  const ended = answer.then(
    (body) => `event: answer\ndata: ${JSON.stringify(whatIfShape.parse(body))}\n\n`,
    (error: unknown) => {
      if (!(error instanceof ApiError)) throw error
      const { code, message: detail, fix } = error
      return `event: problem\ndata: ${JSON.stringify({ code, detail, fix })}\n\n`
    },
  )
  // It is awaited below; until then a failure must not count as unhandled.
  ended.catch(() => {})
  for (;;) {
    const came = new Promise<null>((resolve) => {
      wake = () => resolve(null)
    })
    const last = await Promise.race([ended, latest === null ? came : null])
    if (last !== null) {
      yield last
      return
    }
    if (latest !== null) yield `event: progress\ndata: ${JSON.stringify(latest)}\n\n`
    latest = null
  }
}

function busy(): ApiError {
  return new ApiError({
    code: 'too-many-requests',
    message: `${mostAtOnce} such questions are being answered at this moment; each reads a whole check.`,
    fix: 'Ask again in a few seconds.',
    retryAfterSeconds: 5,
  })
}
