import type { Frame } from '../frame.ts'
import type { WorkDraft } from '../store/store.ts'
import { adoption, workOn } from '../work/work-on.ts'
import { openEnvelope } from './open-envelope.ts'
import { refused } from './respond.ts'
import { refuseSignature, stripeClaim, stripeKey } from './signature.ts'
import { storeAndAct } from './store-and-act.ts'
import type { StripeEvent } from './stripe-event.ts'
import { readStripeEvent } from './stripe-event.ts'

/**
 * Takes a webhook of Stripe: authenticates the raw body, stores the event, and has the customer's billing read. What
 * the payload says is not believed and not kept.
 */
export async function receiveStripe(frame: Frame, request: Request, storeOnly: boolean): Promise<Response> {
  const endpoint = frame.options.webhooks?.stripe
  if (!endpoint) return refused('not-configured')
  const opened = await openEnvelope(request, (headers, body) =>
    refuseSignature(stripeClaim(headers), endpoint.secrets.map(stripeKey), body, frame.clock.now()),
  )
  if ('refusal' in opened) return refused(opened.refusal)
  const event = await readStripeEvent(opened.json)
  if (!event) return refused('event-unreadable')
  if (event.livemode !== frame.options.livemode) return refused('wrong-mode')
  if ((event.account ?? null) !== (endpoint.account ?? null)) return refused('wrong-account')
  return storeAndAct(frame, {
    storeOnly,
    event: { source: 'stripe', id: event.id, type: event.type, keys: event.keys },
    work: await workFor(frame, event),
  })
}

/** Reading a subject's billing, or finding out whose it is. `null`: it concerns nobody who could be billed. */
export async function workFor(frame: Frame, event: StripeEvent): Promise<WorkDraft | null> {
  const { customerId, objectPath } = event
  const now = frame.clock.now()
  if (!customerId) return objectPath ? adoption(objectPath, now) : null
  const known = await frame.store.unit((unit) => unit.subjectOfCustomer(customerId))
  const isGone = event.type.replace(/^v1\./, '') === 'customer.deleted'
  return known && !isGone ? workOn('read', known.subject, now) : adoption(customerId, now)
}
