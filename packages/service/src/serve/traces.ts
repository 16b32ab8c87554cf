import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Span, Tracer } from '@opentelemetry/api'

/** What a span may carry: words of closed lists, ids of ours, and counts. Never what people or customers wrote. */
export type TraceFields = Readonly<
  Partial<
    Record<'requestId' | 'method' | 'route' | 'status' | 'principal' | 'queue' | 'jobId', string | number>
  >
>

/** Follows a request or a job through the process, for whoever collects traces. */
export interface Traces {
  /**
   * Runs work as one span; what it begins while it runs are spans under it.
   *
   * @param name of a closed list, such as the name of a queue
   * @param parent the `traceparent` of the sender, where it gave one
   */
  follow<Result>(
    name: string,
    options: {
      readonly kind: 'server' | 'consumer'
      readonly parent?: string | null
      readonly fields?: TraceFields
    },
    work: () => Promise<Result>,
  ): Promise<Result>
  /** Adds to the span that is under way. */
  note(fields: TraceFields & { readonly name?: string; readonly hasFailed?: boolean }): void
  /** Sends what was not sent yet. */
  stop(): Promise<void>
}

/** Where nobody collects traces. */
export const noTraces: Traces = {
  follow: (_name, _options, work) => work(),
  note() {},
  async stop() {},
}

/** Whether the environment names a collector of traces. */
export function wantsTraces(environment: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(
    environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim() || environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim(),
  )
}

/**
 * Sends traces to the collector that the environment names, by OTLP over HTTP: requests and jobs, and under them the
 * calls to providers, of which only the method, the host and the status are told. The exporter itself reads
 * `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS` and their like; `OTEL_SERVICE_NAME` is `trueup` unless set.
 *
 * Loads OpenTelemetry only when it is called.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export async function openTraces({
  version,
  serviceName = 'trueup',
}: {
  readonly version: string
  readonly serviceName?: string | undefined
}): Promise<Traces> {
  const [api, sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
    ])
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const tracer = provider.getTracer('trueup', version)
  const stopFollowingCalls = followCalls(tracer, api.SpanKind.CLIENT, api.SpanStatusCode.ERROR)
  const kinds = { server: api.SpanKind.SERVER, consumer: api.SpanKind.CONSUMER } as const

  return {
    async follow(name, { kind, parent, fields = {} }, work) {
      const span = tracer.startSpan(
        name,
        { kind: kinds[kind], attributes: attributesOf(fields) },
        remoteContext(parent ?? null),
      )
      return await api.context.with(api.trace.setSpan(api.context.active(), span), async () => {
        try {
          return await work()
        } catch (error) {
          span.setStatus({ code: api.SpanStatusCode.ERROR })
          throw error
        } finally {
          span.end()
        }
      })
    },
    note({ name, hasFailed, ...fields }) {
      const span = api.trace.getActiveSpan()
      if (name) span?.updateName(name)
      if (hasFailed) span?.setStatus({ code: api.SpanStatusCode.ERROR })
      span?.setAttributes(attributesOf(fields))
    },
    async stop() {
      stopFollowingCalls()
      await provider.shutdown()
    },
  }

  function remoteContext(traceparent: string | null) {
    // https://www.w3.org/TR/trace-context/#traceparent-header
    const [, traceId, spanId, flags] =
      /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? []
    if (!traceId || !spanId || !flags) return api.context.active()
    const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
    return api.isSpanContextValid(remote)
      ? api.trace.setSpanContext(api.context.active(), remote)
      : api.context.active()
  }
}

const attributeNames: Readonly<Record<keyof TraceFields, string>> = {
  requestId: 'trueup.request_id',
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  principal: 'trueup.principal',
  queue: 'messaging.destination.name',
  jobId: 'messaging.message.id',
}

function attributesOf(fields: TraceFields): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) =>
      value === undefined ? [] : [[attributeNames[field as keyof TraceFields], value]],
    ),
  )
}

interface Fetched {
  readonly method: string
  readonly origin: string | URL
}

/** Spans for what the process asks of others: `node:http` and `fetch` tell of every request on these channels. */
function followCalls(tracer: Tracer, kind: number, failed: number): () => void {
  const spans = new WeakMap<object, Span>()
  const begin = (request: object, method: string, host: string) => {
    const attributes = { 'http.request.method': method, 'server.address': host }
    spans.set(request, tracer.startSpan(`${method} ${host}`, { kind, attributes }))
  }
  const end = (request: object, status: number | null) => {
    const span = spans.get(request)
    if (status === null) span?.setStatus({ code: failed })
    else span?.setAttribute('http.response.status_code', status)
    span?.end()
    spans.delete(request)
  }
  const listeners: Readonly<Record<string, (message: unknown) => void>> = {
    'http.client.request.start': (message) => {
      const { request } = message as { request: ClientRequest }
      begin(request, request.method, request.host)
    },
    'http.client.response.finish': (message) => {
      const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
      end(request, response.statusCode ?? null)
    },
    'http.client.request.error': (message) => end((message as { request: ClientRequest }).request, null),
    'undici:request:create': (message) => {
      const { request } = message as { request: Fetched }
      begin(request, request.method, new URL(request.origin).hostname)
    },
    'undici:request:headers': (message) => {
      const { request, response } = message as { request: Fetched; response: { readonly statusCode: number } }
      end(request, response.statusCode)
    },
    'undici:request:error': (message) => end((message as { request: Fetched }).request, null),
  }
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener)
  }
}
