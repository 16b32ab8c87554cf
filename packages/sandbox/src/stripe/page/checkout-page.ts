import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { layout, money } from '../../server/page-layout.ts'
import type { CheckoutSession } from '../objects/checkout-session.ts'
import { addCard } from '../payment-method.ts'
import { confirmedOutcome, testNumberOutcome } from '../payment-outcome.ts'
import { StripeError } from '../stripe-error.ts'
import { cardRefusal, noTestCard } from './card-refusal.ts'
import type { PageOptions } from './hosted-pages.ts'
import { redeemAtCheckout } from './redeem-at-checkout.ts'

/**
 * The checkout page: pay with a test card, confirm with the bank where it asks (3-D Secure), pay by a delayed method,
 * redeem a promotion code, or go back.
 */
export function checkoutPages({ state, engine }: PageOptions): Hono {
  const app = new Hono()

  app.get('/c/pay/:id', (context) => {
    const session = openSession(context.req.param('id'))
    return session instanceof Response ? session : show(context, session, null)
  })

  app.post('/c/pay/:id/promotion', async (context) => {
    const session = openSession(context.req.param('id'))
    if (session instanceof Response) return session
    const text = await fieldsOf(context)
    try {
      redeemAtCheckout(state, session, text('promotion_code'))
    } catch (error) {
      if (error instanceof StripeError) return show(context, session, error.message)
      throw error
    }
    return context.redirect(`/c/pay/${session.id}`, 303)
  })

  app.post('/c/pay/:id', async (context) => {
    const session = openSession(context.req.param('id'))
    if (session instanceof Response) return session
    const text = await fieldsOf(context)
    const paid = needsCard(session) ? payByCard(text) : { method: null }
    if ('ask' in paid) return askBank(context, session, text)
    if ('problem' in paid) return show(context, session, paid.problem)
    try {
      engine.completeCheckout(session, {
        ...(paid.method === null ? {} : { paymentMethod: paid.method }),
        delayed: text('method') === 'delayed',
        ...(text('email') === '' ? {} : { email: text('email') }),
        ...(text('name') === '' ? {} : { name: text('name') }),
      })
    } catch (error) {
      if (error instanceof StripeError) return show(context, session, error.message)
      throw error
    }
    return context.redirect(successUrl(session), 303)
  })

  /** The card that the buyer typed, once the bank has let it through. */
  function payByCard(
    text: (name: string) => string,
  ): { readonly method: string } | { readonly problem: string } | { readonly ask: true } {
    const number = text('card')
    const outcome = testNumberOutcome(number)
    if (outcome === null) return { problem: noTestCard }
    if (outcome === 'requires_action' && text('confirm') === '') return { ask: true }
    const confirmed = text('confirm') === 'yes' ? confirmedOutcome(number) : outcome
    if (confirmed !== null && confirmed !== 'succeeds') return { problem: cardRefusal(confirmed) }
    return { method: addCard(state, 'succeeds', null, number.slice(-4)).id }
  }

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
    const currency = session.currency ?? 'usd'
    const off = Number(session.total_details?.amount_discount ?? 0)
    return context.html(
      layout(
        titleOf(session),
        html`
${problem === null ? '' : html`<p class="error" role="alert">${problem}</p>`}
<table>
${lines.map((line) => html`<tr><td>${line.description ?? line.price?.id} × ${line.quantity ?? 1}</td><td>${money(line.amount_subtotal, line.currency)}</td></tr>`)}
${off === 0 ? '' : html`<tr><td>Discount</td><td>−${money(off, currency)}</td></tr>`}
${lines.length === 0 ? '' : html`<tr><th>Due today</th><th>${money(session.amount_total ?? 0, currency)}</th></tr>`}
</table>
${
  session.allow_promotion_codes === true
    ? html`<form method="post" action="/c/pay/${session.id}/promotion">
<label>Promotion code <input name="promotion_code" required autocomplete="off"></label>
<button type="submit">Apply</button>
</form>`
    : ''
}
<form method="post" action="/c/pay/${session.id}">
<label>Email <input name="email" type="email" required value="${known ?? ''}"></label>
<label>Name <input name="name" autocomplete="off"></label>
${
  needsCard(session)
    ? html`<label>Card number <input name="card" required inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242"></label>
<label>Payment <select name="method"><option value="card">At once</option><option value="delayed">Delayed, as by bank debit</option></select></label>`
    : ''
}
<button type="submit">${buttonOf(session)}</button>
</form>
${session.cancel_url === null ? '' : html`<p><a href="${session.cancel_url}">Go back without paying</a></p>`}`,
      ),
      problem === null ? 200 : 402,
    )
  }

  /** The bank's page between: 3-D Secure. */
  function askBank(context: Context, session: CheckoutSession, text: (name: string) => string) {
    const kept = ['email', 'name', 'card', 'method']
    return context.html(
      layout(
        'Confirm the payment with your bank',
        html`
<p>3-D Secure: your bank wants to know whether it is you who pays ${money(session.amount_total ?? 0, session.currency ?? 'usd')}.</p>
<form method="post" action="/c/pay/${session.id}">
${kept.map((name) => html`<input type="hidden" name="${name}" value="${text(name)}">`)}
<button type="submit" name="confirm" value="yes">Complete authentication</button>
<button type="submit" name="confirm" value="no" class="plain">Fail authentication</button>
</form>`,
      ),
    )
  }

  return app
}

/** Only where nothing is due and the session does not insist. */
function needsCard(session: CheckoutSession): boolean {
  return !(session.payment_method_collection === 'if_required' && session.amount_total === 0)
}

function titleOf(session: CheckoutSession): string {
  if (session.mode === 'setup') return 'Save a card'
  return `Pay ${money(session.amount_total ?? 0, session.currency ?? 'usd')}`
}

function buttonOf(session: CheckoutSession): string {
  if (session.mode === 'setup') return 'Save'
  return session.amount_total === 0 ? 'Start' : 'Pay'
}

/** The fields of a form by name; one that is missing is empty. */
async function fieldsOf(context: Context): Promise<(name: string) => string> {
  const form = await context.req.parseBody()
  return (name) => {
    const value = form[name]
    return typeof value === 'string' ? value.trim() : ''
  }
}

/** Where the buyer lands, with the session's id put in. */
function successUrl(session: CheckoutSession): string {
  const url = session.success_url ?? session.return_url ?? '/'
  return url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

function closed(message: string, status: number): Response {
  return new Response(`${message}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
