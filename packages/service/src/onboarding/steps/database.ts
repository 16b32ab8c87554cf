import type { ConnectedSource } from '../../project/source.ts'
import type { OnboardingFacts } from '../facts.ts'
import { connected, failing, warningsOf } from './source-lines.ts'
import { placeOf } from './stack.ts'
import type { Judged, StepLine } from './step.ts'
import { line } from './step.ts'

export function judgeDatabase({ kept, sources, config }: OnboardingFacts): Judged {
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
