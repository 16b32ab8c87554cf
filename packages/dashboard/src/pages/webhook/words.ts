import type { AnswerOf, ItemOf } from '../../api/operation.ts'
import type { Tone } from '../../ui/badge.tsx'

type Event = ItemOf<'GET /api/v1/projects/{projectId}/events'>
type Alarm = AnswerOf<'GET /api/v1/projects/{projectId}/webhooks'>['endpoints'][number]['alarms'][number]

export const vendorNames: Readonly<Record<Event['provider'], string>> = { stripe: 'Stripe', clerk: 'Clerk' }

export const verdictWords: Readonly<
  Record<Event['verdict'], { readonly tone: Tone; readonly text: string }>
> = {
  'acted-on': { tone: 'success', text: 'acted on' },
  twin: { tone: 'neutral', text: 'twin' },
  'not-acted-on': { tone: 'neutral', text: 'not acted on' },
}

/** What an alarm of an endpoint means, and what to do. */
export const alarmWords: Readonly<Record<Alarm, { readonly tone: Tone; readonly text: string }>> = {
  'no-secret': {
    tone: 'warning',
    text: 'No signing secret is kept, so nothing is taken. Enter it at the setup step of the provider.',
  },
  'never-received': { tone: 'warning', text: 'Nothing has come yet. Add the address at the provider.' },
  silent: {
    tone: 'danger',
    text: 'Nothing came for longer than is usual. Look whether the endpoint is disabled.',
  },
  losing: {
    tone: 'danger',
    text: 'The provider has events that never came. They were checked all the same.',
  },
  refusing: { tone: 'danger', text: 'Events are refused. The reasons stand below.' },
  'not-compared': { tone: 'warning', text: 'The provider’s own list could not be read lately.' },
  'clock-differs': {
    tone: 'warning',
    text: 'The clock of this server and the provider’s differ by more than a minute.',
  },
}
