import type { ProjectConfig } from '../../config/project-config.ts'
import type { ConnectedSource } from '../../project/source.ts'
import type { OnboardingAnswers } from '../answers.ts'
import type { OnboardingFacts } from '../facts.ts'
import type { Judged } from './step.ts'
import { line } from './step.ts'

const frameworkNames: Readonly<Record<NonNullable<OnboardingAnswers['framework']>, string>> = {
  next: 'Next.js',
  remix: 'Remix',
  express: 'Express',
  fastify: 'Fastify',
  hono: 'Hono',
  rails: 'Rails',
  django: 'Django',
  laravel: 'Laravel',
  other: 'Another framework',
}
const accessNames: Readonly<Record<NonNullable<OnboardingAnswers['access']>, string>> = {
  clerk: 'Clerk',
  postgres: 'Postgres / Supabase',
  both: 'Postgres / Supabase and Clerk',
  push: 'pushed by the app',
}
const audienceNames: Readonly<Record<NonNullable<OnboardingAnswers['audience']>, string>> = {
  users: 'users',
  organizations: 'organizations',
  both: 'users and organizations',
}

export function judgeStack({ kept, sources, config }: OnboardingFacts): Judged {
  const { framework, billing, access, audience } = kept.answers
  const place = access ?? placeOf(sources, config)
  const payer = billing ?? payerOf(sources, config)
  const isUntouched = framework === null && payer === null && place === null && audience === null
  return {
    isUntouched,
    hint: place === null ? 'What your app is built with' : `Access in ${accessNames[place]}`,
    found: [
      ...(framework ? [line('framework', frameworkNames[framework])] : []),
      ...(payer
        ? [
            line(
              'billing',
              payer === 'stripe' ? 'Plans sold through Stripe' : 'Plans sold through Clerk Billing',
            ),
          ]
        : []),
      ...(place ? [line('access-place', `Who has paid access stands in ${accessNames[place]}`)] : []),
      ...(audience ? [line('audience', `Access belongs to ${audienceNames[audience]}`)] : []),
    ],
    needed: [
      ...(payer === null
        ? [line('billing', 'Who sells your plans is not said.', 'Choose Stripe or Clerk Billing.')]
        : []),
      ...(place === null
        ? [
            line(
              'access-place',
              'Where your app keeps who has paid access is not said.',
              'Choose Clerk, Postgres, or both.',
            ),
          ]
        : []),
    ],
    warnings: [],
  }
}

/** Who sells the plans, as what is connected and configured shows. */
export function payerOf(
  sources: readonly ConnectedSource[],
  config: ProjectConfig | null,
): OnboardingAnswers['billing'] {
  if (config) return config.billing.kind
  return sources.some(({ kind }) => kind === 'stripe') ? 'stripe' : null
}

/** Where access is kept, as what is connected and mapped shows. */
export function placeOf(
  sources: readonly ConnectedSource[],
  config: ProjectConfig | null,
): OnboardingAnswers['access'] {
  const kinds = new Set<string>([
    ...sources.map(({ kind }) => kind),
    ...(config?.access ?? []).map(({ kind }) => kind),
  ])
  if (kinds.has('clerk') && kinds.has('postgres')) return 'both'
  if (kinds.has('clerk')) return 'clerk'
  if (kinds.has('postgres')) return 'postgres'
  return kinds.has('pushed') ? 'push' : null
}
