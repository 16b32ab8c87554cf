import { listPage, listRows } from '../answer/list.ts'
import type { CheckoutSession } from '../objects/checkout-session.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { find, IN_PATH } from '../request/find.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest } from '../stripe-error.ts'
import { checkoutLines, totalsOf } from './checkout-lines.ts'
import { createCheckoutSession } from './create-checkout-session.ts'

const reads = { permission: 'rak_checkout_session_read' }

export const checkoutRoutes: readonly Route[] = [
  route('GET /v1/checkout/sessions', 'checkout.session[]', listSessions),
  route('POST /v1/checkout/sessions', 'checkout.session', createCheckoutSession),
  route('GET /v1/checkout/sessions/{id}', 'checkout.session', foundSession),
  route('POST /v1/checkout/sessions/{id}', 'checkout.session', updateSession),
  route('POST /v1/checkout/sessions/{id}/expire', 'checkout.session', (call) =>
    call.engine.expireCheckout(foundSession(call)),
  ),
  route('GET /v1/checkout/sessions/{id}/line_items', 'item[]', listLines, reads),
]

function listSessions(call: Call) {
  const { parameters, state } = call
  const customer = parameters.text('customer')
  const subscription = parameters.text('subscription')
  const intent = parameters.text('payment_intent')
  const link = parameters.text('payment_link')
  const status = parameters.text('status')
  const email = parameters.object('customer_details')?.text('email')
  const by =
    subscription !== undefined
      ? { by: ['subscription', subscription] as const }
      : intent !== undefined
        ? { by: ['payment_intent', intent] as const }
        : customer !== undefined
          ? { by: ['customer', customer] as const }
          : {}
  return listPage(call, state.checkoutSessions, 'checkout.session', '/v1/checkout/sessions', {
    ...by,
    where: (row) =>
      (customer === undefined || row.customer === customer) &&
      (intent === undefined || row.payment_intent === intent) &&
      (link === undefined || row.payment_link === link) &&
      (status === undefined || row.status === status) &&
      (email === undefined || row.customer_details?.email === email),
  })
}

function updateSession(call: Call): CheckoutSession {
  const { parameters, state } = call
  const session = foundSession(call)
  const patch: Partial<CheckoutSession> = { metadata: mergeMetadata(session.metadata, parameters) }
  const asked = parameters.objects('line_items')
  const details = state.checkouts.get(session.id)
  if (asked !== undefined && details !== undefined) {
    if (session.status !== 'open')
      throw badRequest('The line items of a session can change only while it is open.', 'line_items')
    const lines = checkoutLines(call, asked, session.mode, details.lines)
    state.checkouts.set(session.id, { ...details, lines })
    Object.assign(patch, totalsOf(lines))
  }
  // No event tells of an update of a session.
  state.checkoutSessions.update(session, patch)
  return session
}

function listLines(call: Call) {
  const session = foundSession(call)
  const lines = call.state.checkouts.get(session.id)?.lines ?? []
  return listRows(call, lines, 'line item', `/v1/checkout/sessions/${session.id}/line_items`)
}

function foundSession(call: Call): CheckoutSession {
  return find(call.state, call.state.checkoutSessions, 'checkout.session', pathId(call), IN_PATH)
}
