import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { layout, money } from '../../server/page-layout.ts'
import type { CheckoutSession } from '../objects/checkout-session.ts'
import { addCard } from '../payment-method.ts'
import { type PaymentOutcome, testNumberOutcome } from '../payment-outcome.ts'
import { StripeError } from '../stripe-error.ts'
import type { PageOptions } from './hosted-pages.ts'

const REFUSALS: { readonly [outcome in Exclude<PaymentOutcome, 'succeeds'>]: string } = {
  requires_action: 'Your bank asks you to confirm this payment, and you did not.',
  generic_decline: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  lost_card: 'Your card was declined.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
}

/** The checkout page: pay with a test card, pay by a delayed method, or go back. */
export function checkoutPages({ state, engine }: PageOptions): Hono {
  const app = new Hono()

  app.get('/c/pay/:id', (context) => {
    const session = openSession(context.req.param('id'))
    return session instanceof Response ? session : show(context, session, null)
  })

  app.post('/c/pay/:id', async (context) => {
    const session = openSession(context.req.param('id'))
    if (session instanceof Response) return session
    const form = await context.req.parseBody()
    const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '')
    const email = text('email')
    const outcome = cardOutcome(text('card'), text('confirm'))
    if (outcome === null)
      return show(context, session, 'Only Stripe’s test card numbers work here, such as 4242 4242 4242 4242.')
    if (outcome !== 'succeeds') return show(context, session, REFUSALS[outcome])
    const card = addCard(state, testNumberOutcome(text('card')) ?? 'succeeds', null, text('card').slice(-4))
    try {
      engine.completeCheckout(session, {
        paymentMethod: card.id,
        delayed: text('method') === 'delayed',
        ...(email === '' ? {} : { email }),
        ...(text('name') === '' ? {} : { name: text('name') }),
      })
    } catch (error) {
      if (error instanceof StripeError) return show(context, session, error.message)
      throw error
    }
    return context.redirect(successUrl(session), 303)
  })

  function openSession(id: string): CheckoutSession | Response {
    const session = state.checkoutSessions.get(id)
    if (session === undefined) return closed('This checkout does not exist.', 404)
    if (session.status === 'open' && session.expires_at <= state.now()) engine.expireCheckout(session)
    if (session.status === 'open') return session
    return closed(
      session.status === 'complete' ? 'This checkout has been paid.' : 'This checkout has expired.',
      410,
    )
  }

  function show(context: Context, session: CheckoutSession, problem: string | null) {
    const lines = state.checkouts.get(session.id)?.lines ?? []
    const known = state.customers.get(session.customer ?? '')?.email ?? session.customer_email
    const total = money(session.amount_total ?? 0, session.currency ?? 'usd')
    return context.html(
      layout(
        session.mode === 'setup' ? 'Save a card' : `Pay ${total}`,
        html`
${problem === null ? '' : html`<p class="error" role="alert">${problem}</p>`}
<table>
${lines.map((line) => html`<tr><td>${line.description ?? line.price?.id} × ${line.quantity ?? 1}</td><td>${money(line.amount_total, line.currency)}</td></tr>`)}
</table>
<form method="post">
<label>Email <input name="email" type="email" required value="${known ?? ''}"></label>
<label>Name <input name="name" autocomplete="off"></label>
<label>Card number <input name="card" required inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242"></label>
<label>Payment <select name="method"><option value="card">At once</option><option value="delayed">Delayed, as by bank debit</option></select></label>
<label><input name="confirm" type="checkbox" value="yes" style="width:auto"> Confirm with my bank if it asks</label>
<button type="submit">${session.mode === 'setup' ? 'Save' : 'Pay'}</button>
</form>
${session.cancel_url === null ? '' : html`<p><a href="${session.cancel_url}">Go back without paying</a></p>`}`,
      ),
      problem === null ? 200 : 402,
    )
  }

  return app
}

function cardOutcome(number: string, confirm: string): PaymentOutcome | null {
  const outcome = testNumberOutcome(number)
  return outcome === 'requires_action' && confirm === 'yes' ? 'succeeds' : outcome
}

/** Where the buyer lands, with the session's id put in. */
function successUrl(session: CheckoutSession): string {
  const url = session.success_url ?? session.return_url ?? '/'
  return url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

function closed(message: string, status: number): Response {
  return new Response(`${message}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
