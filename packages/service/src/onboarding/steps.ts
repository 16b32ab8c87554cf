import type { ProjectConfig } from '../config/project-config.ts'
import type { ConnectedSource } from '../project/source.ts'
import type { OnboardingAnswers } from './answers.ts'
import type { OnboardingFacts, WebhookFacts } from './facts.ts'
import type { MappingWarning } from './mapping-warnings.ts'
import { isOnlyHere } from './send-test-event.ts'

export const stepKeys = [
  'stack',
  'stripe',
  'database',
  'identity',
  'plans',
  'access',
  'dry-run',
  'go-live',
] as const
export type StepKey = (typeof stepKeys)[number]

export const stepStates = ['not-started', 'needs-something', 'warnings', 'done'] as const
export type StepState = (typeof stepStates)[number]

/** One thing that a step found, needs or warns of. */
export interface StepLine {
  /** Closed list; a page decides by it, never by the text. */
  readonly code: StepLineCode
  readonly text: string
  /** What to do; `null`: nothing. */
  readonly fix: string | null
}

export const stepLineCodes = [
  'framework',
  'billing',
  'audience',
  'access-place',
  'source-connected',
  'source-missing',
  'source-failing',
  'source-warning',
  'modes-differ',
  'signing-secret',
  'config-missing',
  'config-unreadable',
  'matched-automatically',
  'match-rules',
  'match-counts',
  'plans',
  'add-ons',
  'fields',
  'organizations',
  'mapping-warning',
  'dry-run-missing',
  'dry-run-running',
  'dry-run-result',
  'project-state',
  'webhook-event',
  'webhook-test',
  'webhook-waiting',
  'address-local',
  'schedule',
  'alerts',
] as const
export type StepLineCode = (typeof stepLineCodes)[number]

/** A step of the set-up as it stands. */
export interface OnboardingStep {
  readonly number: number
  readonly key: StepKey
  readonly title: string
  /** A few words for the rail. */
  readonly hint: string
  readonly state: StepState
  readonly found: readonly StepLine[]
  /** Without these the step is not done. */
  readonly needed: readonly StepLine[]
  readonly warnings: readonly StepLine[]
}

type Judged = Omit<OnboardingStep, 'number' | 'key' | 'title' | 'state'> & {
  /** Nothing was done for it yet. */
  readonly isUntouched: boolean
}

const titles: Readonly<Record<StepKey, string>> = {
  stack: 'Stack',
  stripe: 'Stripe',
  database: 'Database',
  identity: 'Identity mapping',
  plans: 'Plan mapping',
  access: 'Access mapping',
  'dry-run': 'Dry run',
  'go-live': 'Go live',
}

const judges: Readonly<Record<StepKey, (facts: OnboardingFacts) => Judged>> = {
  stack: judgeStack,
  stripe: judgeStripe,
  database: judgeDatabase,
  identity: judgeIdentity,
  plans: judgePlans,
  access: judgeAccess,
  'dry-run': judgeDryRun,
  'go-live': judgeGoLive,
}

/**
 * How far a project is set up, from what is stored of it. There is no other record of the steps: one that is undone
 * anywhere, such as by a source that is disconnected, is not done here.
 */
export function judgeSteps(facts: OnboardingFacts): readonly OnboardingStep[] {
  return stepKeys.map((key, place) => {
    const { isUntouched, ...judged } = judges[key](facts)
    return { number: place + 1, key, title: titles[key], state: stateOf(judged, isUntouched), ...judged }
  })
}

function stateOf({ needed, warnings }: Omit<Judged, 'isUntouched'>, isUntouched: boolean): StepState {
  if (isUntouched) return 'not-started'
  if (needed.length > 0) return 'needs-something'
  return warnings.length > 0 ? 'warnings' : 'done'
}

function line(code: StepLineCode, text: string, fix: string | null = null): StepLine {
  return { code, text, fix }
}

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

function judgeStack({ kept, sources, config }: OnboardingFacts): Judged {
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
function payerOf(
  sources: readonly ConnectedSource[],
  config: ProjectConfig | null,
): OnboardingAnswers['billing'] {
  if (config) return config.billing.kind
  return sources.some(({ kind }) => kind === 'stripe') ? 'stripe' : null
}

/** Where access is kept, as what is connected and mapped shows. */
function placeOf(
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

function judgeStripe({ kept, sources, config, webhooks }: OnboardingFacts): Judged {
  const isClerk = (kept.answers.billing ?? payerOf(sources, config)) === 'clerk-billing'
  const provider = isClerk ? 'clerk' : 'stripe'
  const vendor = isClerk ? 'Clerk' : 'Stripe'
  const source = sources.find(({ kind }) => kind === provider) ?? null
  const health = webhooks.find((endpoint) => endpoint.provider === provider)?.health ?? null
  const hasSecret = health !== null && !health.alarms.includes('no-secret')
  const missing = isClerk
    ? line(
        'source-missing',
        'Clerk is not connected, whose billing sells your plans.',
        'Enter a Clerk Backend API secret key (sk_test_… or sk_live_…).',
      )
    : line(
        'source-missing',
        'Stripe is not connected.',
        'Make a restricted key with the permissions below, and enter it.',
      )
  const unsigned = line(
    'signing-secret',
    'No signing secret for webhooks: changes are seen by the hour instead of in seconds.',
    `Add the address as an endpoint in ${vendor}, and enter its signing secret.`,
  )
  return {
    isUntouched: source === null,
    hint: source
      ? source.label
      : isClerk
        ? 'Plans sold through Clerk Billing'
        : 'A restricted key that only reads',
    found: [
      ...(source ? [connected(source)] : []),
      ...(hasSecret ? [line('signing-secret', 'Webhooks are signed with a secret that is kept here')] : []),
    ],
    needed: source ? failing(source) : [missing],
    warnings: source ? [...warningsOf(source), ...(hasSecret ? [] : [unsigned])] : [],
  }
}

function judgeDatabase({ kept, sources, config }: OnboardingFacts): Judged {
  const place = kept.answers.access ?? placeOf(sources, config)
  const own = sources.filter(({ kind }) => kind === 'clerk' || kind === 'postgres')
  const isPushed = place === 'push' || config?.access.some(({ kind }) => kind === 'pushed') === true
  const wanted =
    place === 'both'
      ? (['postgres', 'clerk'] as const)
      : place === 'clerk' || place === 'postgres'
        ? [place]
        : []
  const missing = wanted.filter((kind) => !own.some((source) => source.kind === kind))
  const nothing = own.length === 0 && !isPushed
  return {
    isUntouched: nothing,
    hint:
      own.length > 0
        ? own.map(({ label }) => label).join(', ')
        : isPushed
          ? 'Pushed by the app'
          : 'Where access is kept',
    found: [
      ...own.map(connected),
      ...(isPushed ? [line('access-place', 'The app pushes who has access')] : []),
    ],
    needed: [
      ...missing.map((kind) =>
        kind === 'clerk'
          ? line(
              'source-missing',
              'Clerk is not connected.',
              'Enter a Clerk Backend API secret key (sk_test_… or sk_live_…).',
            )
          : line(
              'source-missing',
              'The database is not connected.',
              'Run the SQL for a role that can only read, and enter its connection string.',
            ),
      ),
      ...(nothing && missing.length === 0
        ? [
            line(
              'source-missing',
              'Nothing that says who has access is connected.',
              'Connect Clerk, or your database.',
            ),
          ]
        : []),
      ...own.flatMap(failing),
    ],
    warnings: [...own.flatMap(warningsOf), ...modesDiffer(sources)],
  }
}

function judgeIdentity(facts: OnboardingFacts): Judged {
  const { config, preview } = facts
  if (!config) return withoutConfig(facts, 'Which customer is which account')
  const isOnlyClerk = config.access.every(({ kind }) => kind === 'clerk')
  const isByPointer = config.match.some(({ from }) => from.kind === 'customer.id')
  const types = config.access.flatMap(({ mappings }) => Object.keys(mappings))
  const matched = preview?.matching
  return {
    isUntouched: false,
    hint:
      isOnlyClerk && isByPointer
        ? 'Matched automatically'
        : `${config.match.length} match ${config.match.length === 1 ? 'rule' : 'rules'}`,
    found: [
      isOnlyClerk && isByPointer
        ? line('matched-automatically', 'Matched automatically for Clerk')
        : line('match-rules', config.match.map(({ text }) => text).join(', then ')),
      ...(types.includes('organization') ? [line('organizations', 'Organizations are mapped too')] : []),
      ...(matched
        ? [
            line(
              'match-counts',
              `${matched.byRule.reduce((sum, { paying }) => sum + paying, 0)} paying customers found their account, ${matched.unmatched.paying} did not, ${matched.ambiguous.paying} fit several`,
            ),
          ]
        : []),
    ],
    needed: [],
    warnings: warningsAt(facts, 'identity'),
  }
}

function judgePlans(facts: OnboardingFacts): Judged {
  const { config } = facts
  if (!config) return withoutConfig(facts, 'Which price buys which plan')
  const { plans, addOns, seatPacks } = config.catalogue
  const besides = addOns.length + seatPacks.length
  return {
    isUntouched: false,
    hint: `${plans.length} plans`,
    found: [
      line('plans', plans.map(({ id }) => id).join(' < ')),
      ...(besides > 0 ? [line('add-ons', `${besides} add-ons and seat packs`)] : []),
    ],
    needed:
      plans.length > 1
        ? []
        : [line('plans', 'Only the free plan is there.', 'Add each plan that is sold, with its prices.')],
    warnings: warningsAt(facts, 'plans'),
  }
}

function judgeAccess(facts: OnboardingFacts): Judged {
  const { config, preview } = facts
  if (!config) return withoutConfig(facts, 'Which fields say who has paid')
  const fields = preview?.fields ?? []
  return {
    isUntouched: false,
    hint: config.access.map(({ name }) => name).join(', '),
    found: [
      ...config.access.map((source) =>
        line(
          'fields',
          `${source.name}: ${Object.keys(source.mappings)
            .map((type) => `${type}s`)
            .join(' and ')}`,
        ),
      ),
      ...fields.map(({ path, seen, sampled }) => line('fields', `${path}: on ${seen} of ${sampled}`)),
    ],
    needed: [],
    warnings: warningsAt(facts, 'access'),
  }
}

function judgeDryRun(facts: OnboardingFacts): Judged {
  const { config, dryRun, preview, fullCheck } = facts
  if (!config) return withoutConfig(facts, 'What would be filed')
  // A check that filed under this configuration says more than a dry run.
  const isFiled = fullCheck !== null && fullCheck.configFingerprint === config.fingerprint
  const isRunning = dryRun !== null && dryRun.finishedAt === null
  return {
    isUntouched: dryRun === null && !isFiled,
    hint: preview
      ? `${preview.total} would be filed`
      : isFiled
        ? 'Checked'
        : isRunning
          ? 'Running'
          : 'What would be filed',
    found: [
      ...(preview
        ? [
            line(
              'dry-run-result',
              `${preview.total} incidents would be filed, ${preview.counts.agrees} accounts agree`,
            ),
          ]
        : []),
      ...(isFiled && !preview
        ? [line('dry-run-result', 'A full check was made under this configuration')]
        : []),
    ],
    needed: [
      ...(isRunning ? [line('dry-run-running', 'The dry run is under way.')] : []),
      ...(dryRun === null && !isFiled
        ? [
            line(
              'dry-run-missing',
              'Nothing was checked under this configuration yet.',
              'Start the dry run: it files nothing.',
            ),
          ]
        : []),
    ],
    warnings: (preview?.warnings ?? []).filter((warning) => !isAccepted(facts, warning)).map(mappingLine),
  }
}

function judgeGoLive(facts: OnboardingFacts): Judged {
  const { project, webhooks, schedules, alerts } = facts
  const isLive = project.state === 'live'
  const opened = webhooks.filter(({ health }) => health !== null)
  return {
    isUntouched: project.state === 'setting-up' && opened.length === 0 && alerts.channels === 0,
    hint: isLive ? 'Live' : project.state === 'paused' ? 'Paused' : 'Webhooks, schedule, alerts',
    found: [
      ...(isLive ? [line('project-state', 'The project is live')] : []),
      ...webhooks.flatMap(arrived),
      ...(schedules.enabled > 0 ? [line('schedule', `${schedules.enabled} tasks by the clock`)] : []),
      ...(alerts.rules > 0 ? [line('alerts', `${alerts.rules} alert rules`)] : []),
    ],
    needed: isLive
      ? []
      : [
          project.state === 'paused'
            ? line('project-state', 'The project is paused: nothing is checked by itself.', 'Let it go on.')
            : line('project-state', 'The project is not live: nothing is checked by itself.', 'Go live.'),
        ],
    warnings: [
      ...webhooks.flatMap(waited),
      ...(schedules.enabled === 0
        ? [line('schedule', 'Nothing is done by the clock.', 'Switch the daily check on.')]
        : []),
      ...(alerts.rules === 0
        ? [line('alerts', 'Nobody is told of incidents.', 'Add a channel and a rule.')]
        : []),
    ],
  }
}

function arrived({ provider, lastEventAt, lastTestAt }: WebhookFacts): readonly StepLine[] {
  const vendor = provider === 'stripe' ? 'Stripe' : 'Clerk'
  if (lastEventAt) return [line('webhook-event', `Events of ${vendor} arrive`)]
  return lastTestAt ? [line('webhook-test', `A test event arrived at the address for ${vendor}`)] : []
}

function waited({ provider, lastEventAt, health, url }: WebhookFacts): readonly StepLine[] {
  const vendor = provider === 'stripe' ? 'Stripe' : 'Clerk'
  if (lastEventAt) return []
  const local = isOnlyHere(url)
    ? [
        line(
          'address-local',
          `${vendor} cannot reach ${url}.`,
          'Set TRUEUP_PUBLIC_URL to an address that it can reach.',
        ),
      ]
    : []
  return health
    ? [
        line(
          'webhook-waiting',
          `No event of ${vendor} has come yet.`,
          `Change anything in ${vendor}, and see it arrive.`,
        ),
        ...local,
      ]
    : [
        line(
          'webhook-waiting',
          `Webhooks of ${vendor} are not set up.`,
          'Enter the signing secret of the endpoint.',
        ),
        ...local,
      ]
}

function withoutConfig({ kept, configVersion }: OnboardingFacts, hint: string): Judged {
  const isKept = configVersion !== null
  return {
    isUntouched: kept.draft === null && !isKept,
    hint,
    found: [],
    needed: [
      isKept
        ? line(
            'config-unreadable',
            'The configuration is not one that this version takes.',
            'Look at what is wrong with it, and save it again.',
          )
        : line(
            'config-missing',
            'No configuration is saved yet.',
            'Map identity, plans and access, then save.',
          ),
    ],
    warnings: [],
  }
}

function connected({ name, label, place, isLive }: ConnectedSource): StepLine {
  const vendor = name === 'stripe' ? 'Stripe' : name === 'clerk' ? 'Clerk' : name
  const more = [
    // A database is labelled by who reads where.
    ...(label.includes(place) ? [] : [place]),
    ...(isLive === null ? [] : [isLive ? 'live' : 'test']),
  ]
  return line(
    'source-connected',
    `${vendor} connected — ${label}${more.length > 0 ? ` (${more.join(', ')})` : ''}`,
  )
}

function failing({ failure, name }: ConnectedSource): readonly StepLine[] {
  return failure ? [line('source-failing', `${name}: ${failure.message}`, failure.fix)] : []
}

function warningsOf({ findings }: ConnectedSource): readonly StepLine[] {
  return findings
    .filter(({ state }) => state === 'warning')
    .map(({ name, found, fix }) => line('source-warning', `${name}: ${found}`, fix))
}

/** Test payments say nothing of the users of a production instance, nor live ones of a development instance's. */
function modesDiffer(sources: readonly ConnectedSource[]): readonly StepLine[] {
  const stripe = sources.find(({ kind }) => kind === 'stripe')
  const clerk = sources.find(({ kind }) => kind === 'clerk')
  if (!stripe || !clerk || stripe.isLive === clerk.isLive) return []
  return [
    line(
      'modes-differ',
      `Stripe is connected in ${stripe.isLive ? 'live' : 'test'} mode, and Clerk's ${clerk.isLive ? 'production' : 'development'} instance: payments of one would be compared with accounts of the other.`,
      'Use a live Stripe key with the production instance, and a test key with the development instance.',
    ),
  ]
}

function warningsAt(facts: OnboardingFacts, step: MappingWarning['step']): readonly StepLine[] {
  const { preview } = facts
  return (preview?.warnings ?? [])
    .filter((warning) => warning.step === step && !isAccepted(facts, warning))
    .map(mappingLine)
}

function mappingLine({ message, fix }: MappingWarning): StepLine {
  return line('mapping-warning', message, fix)
}

/** A person looked at it and takes it for right. */
function isAccepted({ kept }: OnboardingFacts, { code, on }: MappingWarning): boolean {
  return kept.answers.acceptedWarnings.includes(on === null ? code : `${code}:${on}`)
}
