import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { Secret } from '../../secret.ts'
import type { Standing } from '../../serve/metrics.ts'
import { notFound } from '../api-error.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'

export interface OperationsDependencies {
  readonly version: string
  /** What keeps the process from answering requests now; empty: nothing. */
  readonly readiness: () => Promise<readonly string[]>
  readonly standing: () => Promise<Standing>
  readonly metricsText: (standing: Standing) => Promise<{ readonly type: string; readonly text: string }>
  /** `null`: only this machine reads the metrics. */
  readonly metricsToken: Secret | null
}

const ages = z.object({
  oldestUnprocessedEventAge: z.number().nullable(),
  oldestCompleteCheckAge: z.number().nullable(),
  lastCheckpointAge: z.number().nullable(),
})

/** What load balancers, orchestrators and monitoring ask. */
export function operationsRoutes(dependencies: OperationsDependencies): readonly Route[] {
  const { version, readiness, standing, metricsText, metricsToken } = dependencies
  return [
    route('GET /healthz', {
      summary: 'Whether the process is alive',
      tag: 'Operations',
      isUnlimited: true,
      answer: z.object({ status: z.literal('ok'), version: z.string() }),
      handle: async () => ({ body: { status: 'ok' as const, version } }),
    }),
    route('GET /readyz', {
      summary: 'Whether the process takes requests',
      tag: 'Operations',
      description: '503 while it starts, drains, or its database is out of reach. Ages are in seconds.',
      isUnlimited: true,
      answer: z.object({
        status: z.enum(['ready', 'not-ready']),
        because: z.array(z.string()),
        standing: ages.nullable(),
      }),
      async handle() {
        const because = await readiness()
        if (because.length > 0)
          return Response.json({ status: 'not-ready', because, standing: null }, { status: 503 })
        const { oldestUnprocessedEventAge, oldestCompleteCheckAge, lastCheckpointAge } = await standing()
        const now = { oldestUnprocessedEventAge, oldestCompleteCheckAge, lastCheckpointAge }
        return { body: { status: 'ready' as const, because: [], standing: now } }
      },
    }),
    route('GET /metrics', {
      summary: 'Metrics in the OpenMetrics format',
      tag: 'Operations',
      description: 'From this machine, or with `Authorization: Bearer` and TRUEUP_METRICS_TOKEN.',
      isUnlimited: true,
      produces: 'application/openmetrics-text',
      async handle({ raw, address }) {
        if (!mayRead(raw, address, metricsToken)) throw notFound()
        const { type, text } = await metricsText(await standing())
        return new Response(text, { headers: { 'Content-Type': type } })
      },
    }),
  ]
}

const loopback = /^(?:::ffff:)?127\.|^::1$/

function mayRead(request: Request, address: string, token: Secret | null): boolean {
  if (!token) return loopback.test(address)
  return isBearer(request, token)
}

/** Whether a request shows this secret, compared in a time that tells nothing of it. */
export function isBearer(request: Request, secret: Secret): boolean {
  const shown = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(shown), digest(secret.reveal()))
}
