import type { JsonValue } from '@trueup/core'
import { sql } from 'kysely'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { lockProject, tablesOf } from '../project/project-service.ts'
import { toJson } from '../store/json-codec.ts'

/** What an app is built with, as far as the set-up shows other words for it. */
export const frameworks = [
  'next',
  'remix',
  'express',
  'fastify',
  'hono',
  'rails',
  'django',
  'laravel',
  'other',
] as const
/** Who sells the plans. */
export const billings = ['stripe', 'clerk-billing'] as const
/** Where the app keeps who has paid access. */
export const accessPlaces = ['clerk', 'postgres', 'both', 'push'] as const
/** Whom access belongs to: persons, or organizations of them (B2B). */
export const audiences = ['users', 'organizations', 'both'] as const

/** Choices of a person that stand nowhere else; `null`: not chosen yet. */
export interface OnboardingAnswers {
  readonly framework: (typeof frameworks)[number] | null
  readonly billing: (typeof billings)[number] | null
  readonly access: (typeof accessPlaces)[number] | null
  readonly audience: (typeof audiences)[number] | null
  /** Warnings of the dry run that a person looked at and takes for right, by their code and what they name. */
  readonly acceptedWarnings: readonly string[]
}

/** What is kept of a set-up: the choices, and the configuration as far as it was filled in, which is not in force. */
export interface KeptOnboarding {
  readonly answers: OnboardingAnswers
  readonly draft: JsonValue | null
  readonly changedAt: Date | null
}

export const noAnswers: OnboardingAnswers = {
  framework: null,
  billing: null,
  access: null,
  audience: null,
  acceptedWarnings: [],
}

export async function readOnboarding(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
): Promise<KeptOnboarding> {
  const { rows } = await sql<{
    readonly answers: Partial<OnboardingAnswers>
    readonly draft: JsonValue | null
    readonly changedAt: Date
  }>`select answers, draft, changed_at as "changedAt" from trueup.onboarding
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`.execute(
    tablesOf(service, tenant),
  )
  const [kept] = rows
  if (!kept) return { answers: noAnswers, draft: null, changedAt: null }
  return { ...kept, answers: { ...noAnswers, ...kept.answers } }
}

/**
 * Keeps choices beside those that were kept before; what is left out stays as it is.
 *
 * @param change `draft`: in the place of the draft so far; `null`: there is none any more
 * @throws ProjectError `project-unknown`
 */
export async function keepAnswers(
  service: Pick<ProjectService, 'database' | 'clock'>,
  tenant: ProjectTenant,
  change: {
    readonly answers: { readonly [Key in keyof OnboardingAnswers]?: OnboardingAnswers[Key] | undefined }
    readonly draft?: JsonValue | null | undefined
  },
  { by }: { readonly by: string },
): Promise<KeptOnboarding> {
  await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      // Two pages that save at once lose nothing of each other's.
      await lockProject(tenant, tx)
      const { rows } = await sql<{
        readonly answers: Partial<OnboardingAnswers>
        readonly draft: JsonValue | null
      }>`select answers, draft from trueup.onboarding
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`.execute(tx)
      const given = Object.fromEntries(
        Object.entries(change.answers).filter(([, value]) => value !== undefined),
      )
      const answers = toJson({ ...noAnswers, ...rows[0]?.answers, ...given })
      const draft = change.draft === undefined ? (rows[0]?.draft ?? null) : change.draft
      await sql`insert into trueup.onboarding (workspace_id, project_id, answers, draft, changed_at, changed_by)
        values (${tenant.workspaceId}, ${tenant.projectId}, ${answers}, ${draft === null ? null : toJson(draft)},
          ${service.clock.now()}, ${by})
        on conflict (workspace_id, project_id) do update set answers = excluded.answers, draft = excluded.draft,
          changed_at = excluded.changed_at, changed_by = excluded.changed_by`.execute(tx)
    })
  return await readOnboarding(service, tenant)
}
