import type { OnboardingFacts, WebhookFacts } from '../facts.ts'
import { isOnlyHere } from '../send-test-event.ts'
import type { Judged, StepLine } from './step.ts'
import { line, vendorNames } from './step.ts'

export function judgeGoLive(facts: OnboardingFacts): Judged {
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
  const vendor = vendorNames[provider]
  if (lastEventAt) return [line('webhook-event', `Events of ${vendor} arrive`)]
  return lastTestAt ? [line('webhook-test', `A test event arrived at the address for ${vendor}`)] : []
}

function waited({ provider, lastEventAt, health, url }: WebhookFacts): readonly StepLine[] {
  const vendor = vendorNames[provider]
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
