import type { Severity } from '@trueup/core'
import { formatMoney } from '@trueup/core'
import type { AlertMessage } from '../alert-message.ts'
import { causeText, isNotice, lengthWords, moneyWords, titleOf } from '../alert-message.ts'
import { plainWords, shortened } from '../plain-words.ts'

/** https://developer.pagerduty.com/docs/events-api-v2/trigger-events */
export const pagerDutyLimits = { summary: 1_024, dedupKey: 255, bytes: 512 * 1024 }

/** What the Events API v2 of PagerDuty takes. */
export type PagerDutyEvent =
  | {
      readonly routing_key: string
      readonly event_action: 'trigger'
      readonly dedup_key: string
      readonly client: 'Trueup'
      readonly client_url: string
      readonly links: readonly { readonly href: string; readonly text: string }[]
      readonly payload: {
        readonly summary: string
        readonly source: string
        readonly severity: 'critical' | 'error' | 'warning' | 'info'
        readonly timestamp: string
        readonly component: string
        readonly group: string
        readonly class: string
        readonly custom_details: Readonly<Record<string, unknown>>
      }
    }
  | {
      readonly routing_key: string
      readonly event_action: 'acknowledge' | 'resolve'
      readonly dedup_key: string
    }

const severities = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
} as const satisfies Record<Severity, string>

/**
 * A message as an event. All of one course have one key: what comes later is added to the incident that PagerDuty
 * has open, and the end of the last one ends it. A test is sent at the lowest severity and has a key of its own.
 *
 * @param testKey the key of a test or notice
 */
export function renderPagerDuty(message: AlertMessage, routingKey: string, testKey: string): PagerDutyEvent {
  if (message.what === 'resolved' || message.what === 'acknowledged') {
    return {
      routing_key: routingKey,
      event_action: message.what === 'resolved' ? 'resolve' : 'acknowledge',
      dedup_key: dedupKey(message.episodeId),
    }
  }
  const isIncident = !isNotice(message)
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: dedupKey(isIncident ? message.episodeId : testKey),
    client: 'Trueup',
    client_url: message.link,
    links: isIncident
      ? [
          { href: message.link, text: message.count === 1 ? 'Open the incident' : 'Open the incidents' },
          ...(message.count === 1
            ? []
            : message.examples.map(({ link, sentence }) => ({ href: link, text: sentence }))),
        ]
      : [{ href: message.link, text: 'Open Trueup' }],
    payload: {
      summary: shortened(summaryOf(message), pagerDutyLimits.summary),
      source: plainWords(message.projectName, 60) || 'trueup',
      severity: isIncident ? severities[message.severity] : 'info',
      timestamp: (isIncident ? message.since : message.at).toISOString(),
      component: 'access',
      group: plainWords(message.projectName, 60) || 'trueup',
      class: isIncident ? message.kind : message.what,
      custom_details: isIncident
        ? {
            what_to_do: message.whatToDo,
            at_risk: moneyWords(message.moneyAtRisk, message.withoutSum),
            incidents: message.count,
            examples: message.examples.map(({ sentence, moneyAtRisk }) =>
              moneyAtRisk ? `${sentence} (${formatMoney(moneyAtRisk)} a month)` : sentence,
            ),
            ...(message.cause ? { cause: causeText(message.cause, message.count) } : {}),
            open_for: lengthWords(message.at.getTime() - message.since.getTime()),
          }
        : { said: plainWords(message.sentence, 1_000) },
    },
  }
}

/** What is read out over the phone: how bad, what, for whom, how much. */
function summaryOf(message: AlertMessage): string {
  if (isNotice(message)) return titleOf(message)
  const money =
    message.moneyAtRisk.length > 0 ? ` (${moneyWords(message.moneyAtRisk, message.withoutSum)})` : ''
  const example = message.count === 1 ? ` ${message.examples[0]?.sentence ?? ''}` : ''
  return `${titleOf(message)}${money}.${example}`
}

function dedupKey(id: string): string {
  return shortened(`trueup/${id}`, pagerDutyLimits.dedupKey)
}
