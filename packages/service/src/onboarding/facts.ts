import type { CheckRun } from '@trueup/core'
import { sql } from 'kysely'
import { ConfigError } from '../config/config-error.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import type { EndpointHealth } from '../inbox/endpoint-health.ts'
import { readEndpointHealth } from '../inbox/endpoint-health.ts'
import type { Provider } from '../inbox/event.ts'
import { readConfigVersion } from '../project/config-versions.ts'
import { listSources } from '../project/list-sources.ts'
import type { Project } from '../project/manage-projects.ts'
import { readProject } from '../project/manage-projects.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { tablesOf } from '../project/project-service.ts'
import type { ConnectedSource } from '../project/source.ts'
import type { Schedules } from '../schedule/schedules.ts'
import { openProjectStore } from '../store/index.ts'
import { listChecks } from '../store/list-checks.ts'
import type { KeptOnboarding } from './answers.ts'
import { readOnboarding } from './answers.ts'
import type { CheckPreview } from './check-preview.ts'
import { keepPreview, keptPreview } from './keep-preview.ts'
import { testEventTypes } from './send-test-event.ts'

/** The address that a provider sends to, and what came there. */
export interface WebhookFacts {
  readonly provider: Provider
  readonly url: string
  /** `null`: it has never been opened, for want of a signing secret. */
  readonly health: EndpointHealth | null
  /** When an event of the provider's own came last. */
  readonly lastEventAt: Date | null
  /** When a test event of Trueup's own came last. */
  readonly lastTestAt: Date | null
}

/** What is stored of a project, by which its set-up is judged. */
export interface OnboardingFacts {
  readonly project: Project
  readonly kept: KeptOnboarding
  readonly sources: readonly ConnectedSource[]
  readonly configVersion: number | null
  /** `null`: none is kept, or this version of Trueup no longer takes it. */
  readonly config: ProjectConfig | null
  readonly webhooks: readonly WebhookFacts[]
  /** The newest dry run under the configuration as it holds, whether or not it is finished. */
  readonly dryRun: CheckRun | null
  readonly preview: CheckPreview | null
  /** The newest full check that filed, under whatever configuration. */
  readonly fullCheck: CheckRun | null
  readonly schedules: { readonly enabled: number; readonly nextAt: Date | null }
  readonly alerts: { readonly channels: number; readonly rules: number }
}

export interface FactsReach {
  readonly projects: ProjectService
  readonly schedules: Schedules
  /** Where providers and people reach the service. */
  readonly publicUrl: string
}

/** Reads what is stored; asks no provider. */
export async function readFacts(
  { projects, schedules, publicUrl }: FactsReach,
  tenant: ProjectTenant,
): Promise<OnboardingFacts> {
  const [project, kept, sources, version, health, times, tally, events] = await Promise.all([
    readProject(projects, tenant),
    readOnboarding(projects, tenant),
    listSources(projects, tenant),
    readConfigVersion(projects, tenant),
    readEndpointHealth(projects, tenant),
    schedules.of(tenant),
    tallyAlerts(projects, tenant),
    lastEvents(projects, tenant),
  ])
  const config = version && readable(version.document)
  const checks = await latestChecks(projects, tenant, config?.fingerprint ?? null)
  const enabled = times.schedules.filter((schedule) => schedule.enabled)
  const connected = (['stripe', 'clerk'] as const).filter(
    (provider) =>
      (provider === 'stripe' && config?.billing.kind !== 'clerk-billing') ||
      sources.some(({ kind }) => kind === provider) ||
      health.some((endpoint) => endpoint.provider === provider),
  )
  return {
    project,
    kept,
    sources,
    configVersion: version?.version ?? null,
    config,
    webhooks: connected.map((provider) => ({
      provider,
      url: `${publicUrl}/api/webhooks/${provider}/${tenant.projectId}`,
      health: health.find((endpoint) => endpoint.provider === provider) ?? null,
      lastEventAt: events.get(provider)?.lastEventAt ?? null,
      lastTestAt: events.get(provider)?.lastTestAt ?? null,
    })),
    ...checks,
    preview: config && checks.dryRun && (await previewOfRun(projects, tenant, config, checks.dryRun)),
    schedules: {
      enabled: enabled.length,
      nextAt: enabled.map(({ dueAt }) => dueAt).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null,
    },
    alerts: tally,
  }
}

function readable(document: unknown): ProjectConfig | null {
  try {
    return parseConfig(document)
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

/** What the dry run found: as it was kept, or worked out now where that did not happen yet. */
async function previewOfRun(
  { database, clock }: ProjectService,
  tenant: ProjectTenant,
  config: ProjectConfig,
  check: CheckRun,
): Promise<CheckPreview | null> {
  const kept = await keptPreview(database, tenant, check.id)
  return kept ?? (await keepPreview({ database, tenant, config, clock }, check.id))
}

/** So many of the newest full checks are looked at. */
const looked = 20

async function latestChecks(
  { database }: ProjectService,
  tenant: ProjectTenant,
  fingerprint: string | null,
): Promise<Pick<OnboardingFacts, 'dryRun' | 'fullCheck'>> {
  const project = openProjectStore(database, tenant)
  const { items } = await listChecks({ database, tenant, project }, { kinds: ['full'], limit: looked })
  return {
    dryRun: items.find((check) => check.dryRun && check.configFingerprint === fingerprint) ?? null,
    fullCheck: items.find((check) => !check.dryRun && check.finishedAt !== null) ?? null,
  }
}

async function tallyAlerts(
  service: ProjectService,
  { workspaceId, projectId }: ProjectTenant,
): Promise<OnboardingFacts['alerts']> {
  const { rows } = await sql<OnboardingFacts['alerts']>`select
      (select count(*) from trueup.alert_channel
        where workspace_id = ${workspaceId} and project_id = ${projectId}) as channels,
      (select count(*) from trueup.alert_rule
        where workspace_id = ${workspaceId} and project_id = ${projectId}) as rules`.execute(
    tablesOf(service, { workspaceId, projectId }),
  )
  return rows[0] ?? { channels: 0, rules: 0 }
}

async function lastEvents(
  service: ProjectService,
  tenant: ProjectTenant,
): Promise<ReadonlyMap<Provider, Pick<WebhookFacts, 'lastEventAt' | 'lastTestAt'>>> {
  const isTest = sql`type = any(${[...testEventTypes]}::text[])`
  const { rows } = await sql<{
    readonly provider: Provider
    readonly lastEventAt: Date | null
    readonly lastTestAt: Date | null
  }>`select provider, max(last_delivered_at) filter (where not ${isTest}) as "lastEventAt",
      max(last_delivered_at) filter (where ${isTest}) as "lastTestAt"
    from trueup.inbox_event
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and deliveries > 0
    group by provider`.execute(tablesOf(service, tenant))
  return new Map(rows.map(({ provider, ...times }) => [provider, times]))
}
