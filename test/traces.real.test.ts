import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startSandbox } from '@trueup/sandbox'
import { expect, test } from 'vitest'
import { buildCli } from './support/build-cli.ts'
import { emptyHome, ServedService } from './support/service.ts'

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}
interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly Attribute[]
}

test('follows a request to what the service asks of Stripe, and jobs, for the collector that is named', async () => {
  buildCli()
  const collector = await startCollector()
  const sandbox = await startSandbox({ world: 'saas', customers: 5, drift: 0, seed: 3 })
  const home = await emptyHome()
  const service = await ServedService.start({
    TRUEUP_HOME: home.path,
    TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
    STRIPE_API_BASE: sandbox.stripe.url,
    CLERK_API_URL: sandbox.clerk.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  })
  try {
    const ada = service.person()
    await ada.do('POST /api/v1/sign-up', {
      ...{ email: 'ada@example.com', name: 'Ada', workspaceName: 'Engines' },
      password: 'correct horse battery staple',
    })
    const [{ workspaceId }] = (await ada.do('GET /api/v1/workspaces')).items
    const { id: project } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'App' })
    const from = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
    await ada.ask(
      `POST /api/v1/projects/${project}/sources`,
      { kind: 'stripe', key: sandbox.stripe.restrictedKey },
      { traceparent: `00-${from.traceId}-${from.spanId}-01` },
    )
    expect(await service.stop()).toBe(0)

    const { spans } = collector
    const connected = spans.find(({ name }) => name === 'POST /api/v1/projects/{projectId}/sources')
    expect(connected).toMatchObject({ traceId: from.traceId, parentSpanId: from.spanId })
    expect(connected?.attributes).toContainEqual({
      key: 'http.response.status_code',
      value: { intValue: 200 },
    })
    const asked = spans.filter(({ parentSpanId }) => parentSpanId === connected?.spanId)
    expect(new Set(asked.map(({ name }) => name))).toContain('GET 127.0.0.1')
    // Words of closed lists, ids of ours and numbers: nothing that names a project or anybody in it.
    expect(JSON.stringify(spans)).not.toMatch(new RegExp(`${project}|ada@|Engines|cus_|user_`))
  } finally {
    await service.stop()
    await sandbox.close()
    await collector.close()
    await home.remove()
  }
})

/** Takes traces as a collector does: OTLP over HTTP, in JSON. */
async function startCollector() {
  const spans: Span[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    for (const { scopeSpans } of JSON.parse(text).resourceSpans)
      for (const { spans: sent } of scopeSpans) spans.push(...sent)
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    spans,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
