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

/** A step before its place and its state are known. */
export type Judged = Omit<OnboardingStep, 'number' | 'key' | 'title' | 'state'> & {
  /** Nothing was done for it yet. */
  readonly isUntouched: boolean
}

/** Vendors as they write themselves. */
export const vendorNames = { stripe: 'Stripe', clerk: 'Clerk' } as const

export function line(code: StepLineCode, text: string, fix: string | null = null): StepLine {
  return { code, text, fix }
}
