import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  openMetricsContentType,
  Registry,
} from 'prom-client'
import type { Answered } from '../http/create-api.ts'
import type { Provider } from '../inbox/event.ts'
import type { RefusalReason } from '../inbox/refusal.ts'
import type { Stored } from '../inbox/store-events.ts'

/** What is read from the records when metrics are asked for. Ages are in seconds; `null`: there is none yet. */
export interface Standing {
  readonly jobs: readonly { readonly queue: string; readonly waiting: number; readonly active: number }[]
  readonly setAside: number
  /** Alerts and outgoing webhooks that failed at every try. */
  readonly deliveriesSetAside: number
  readonly oldestUnprocessedEventAge: number | null
  readonly oldestCompleteCheckAge: number | null
  readonly lastCheckpointAge: number | null
  readonly openIncidents: readonly { readonly severity: string; readonly count: number }[]
}

export interface Metrics {
  answered(answered: Answered): void
  webhookAnswered(provider: Provider, outcome: Stored | RefusalReason): void
  jobFailed(queue: string): void
  /** All metrics in the OpenMetrics format. */
  text(standing: Standing): Promise<{ readonly type: string; readonly text: string }>
}

/** Counts of this process, and where the records stand. Labels are closed lists: no id of anybody is one. */
export function createMetrics(): Metrics {
  const registry = new Registry<typeof openMetricsContentType>()
  registry.setContentType(openMetricsContentType)
  collectDefaultMetrics({ register: registry, prefix: 'trueup_process_' })
  const registers = [registry]
  const requests = new Counter({
    name: 'trueup_http_requests',
    help: 'Requests answered.',
    labelNames: ['route', 'status'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'trueup_http_request_seconds',
    help: 'How long answers took.',
    labelNames: ['route'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const webhooks = new Counter({
    name: 'trueup_webhooks',
    help: 'Webhooks from providers, by what became of them.',
    labelNames: ['provider', 'outcome'] as const,
    registers,
  })
  const failures = new Counter({
    name: 'trueup_job_failures',
    help: 'Tries of jobs that failed.',
    labelNames: ['queue'] as const,
    registers,
  })
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  const waiting = gauge('trueup_jobs_waiting', 'Jobs that wait.', ['queue'])
  const active = gauge('trueup_jobs_active', 'Jobs that are worked on.', ['queue'])
  const setAside = gauge('trueup_jobs_set_aside', 'Jobs that failed at every try and wait for a person.')
  const deliveriesSetAside = gauge(
    'trueup_deliveries_set_aside',
    'Alerts and outgoing webhooks that failed at every try.',
  )
  const eventAge = gauge(
    'trueup_oldest_unprocessed_event_seconds',
    'Age of the oldest event that nothing was done about.',
  )
  const checkAge = gauge(
    'trueup_oldest_complete_check_seconds',
    'Age of the last complete check of the live project where it is oldest.',
  )
  const checkpointAge = gauge('trueup_last_checkpoint_seconds', 'Age of the last checkpoint of a ledger.')
  const incidents = gauge('trueup_open_incidents', 'Incidents that are open.', ['severity'])

  return {
    answered({ route, status, milliseconds }) {
      requests.inc({ route, status: String(status) })
      seconds.observe({ route }, milliseconds / 1_000)
    },
    webhookAnswered(provider, outcome) {
      webhooks.inc({ provider, outcome })
    },
    jobFailed(queue) {
      failures.inc({ queue })
    },
    async text(standing) {
      for (const one of [waiting, active, incidents]) one.reset()
      for (const { queue, waiting: wait, active: work } of standing.jobs) {
        waiting.set({ queue }, wait)
        active.set({ queue }, work)
      }
      for (const { severity, count } of standing.openIncidents) incidents.set({ severity }, count)
      setAside.set(standing.setAside)
      deliveriesSetAside.set(standing.deliveriesSetAside)
      eventAge.set(standing.oldestUnprocessedEventAge ?? 0)
      checkAge.set(standing.oldestCompleteCheckAge ?? 0)
      checkpointAge.set(standing.lastCheckpointAge ?? 0)
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}
