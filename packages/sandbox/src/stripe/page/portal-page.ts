import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { date, layout, money } from '../../server/page-layout.ts'
import type { ProrationBehavior } from '../billing-engine.ts'
import { change } from '../change.ts'
import type { Customer } from '../objects/customer.ts'
import type { PortalConfiguration, PortalSession } from '../objects/portal.ts'
import type { Subscription } from '../objects/subscription.ts'
import { addCard } from '../payment-method.ts'
import { testNumberOutcome } from '../payment-outcome.ts'
import { StripeError } from '../stripe-error.ts'
import { noTestCard } from './card-refusal.ts'
import type { PageOptions } from './hosted-pages.ts'

// Stripe does not say how long a portal link works; it is short.
const LASTS_SECONDS = 3600

interface Visit {
  readonly session: PortalSession
  readonly customer: Customer
  readonly configuration: PortalConfiguration
}

/**
 * The billing portal: what the customer has, a way to cancel or take that back, to change the plan where the
 * configuration offers others, payment methods, details, and invoices. A flow shows only its own part.
 */
export function portalPages({ state, engine }: PageOptions): Hono {
  const app = new Hono()

  app.get('/p/session/:id', (context) => {
    const visit = visitOf(context.req.param('id'))
    return visit instanceof Response ? visit : show(context, visit, null)
  })

  app.post('/p/session/:id/:act', async (context) => {
    const visit = visitOf(context.req.param('id'))
    if (visit instanceof Response) return visit
    const form = await context.req.parseBody()
    const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '')
    try {
      act(visit, context.req.param('act'), text)
    } catch (error) {
      if (error instanceof StripeError) return show(context, visit, error.message)
      throw error
    }
    const back = visit.session.flow?.after_completion as
      | { type?: string; redirect?: { return_url?: string } }
      | undefined
    const url = back?.type === 'redirect' ? back.redirect?.return_url : undefined
    return context.redirect(url ?? `/p/session/${visit.session.id}`, 303)
  })

  function visitOf(id: string): Visit | Response {
    const session = state.portalSessions.get(id)
    const customer = state.customers.get(session?.customer ?? '')
    const configuration = state.portalConfigurations.get(session?.configuration ?? '')
    const open = session !== undefined && session.created + LASTS_SECONDS > state.now(customer?.test_clock)
    if (open && customer !== undefined && configuration !== undefined)
      return { session, customer, configuration }
    return new Response('This link to the billing portal does not work any more. Ask for a new one.\n', {
      status: 410,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
  }

  function act(visit: Visit, name: string, text: (name: string) => string): void {
    switch (name) {
      case 'cancel':
        cancel(visit, ownSubscription(visit, text('subscription')))
        return
      case 'renew':
        renew(ownSubscription(visit, text('subscription')))
        return
      case 'update':
        update(visit, ownSubscription(visit, text('subscription')), text('price'))
        return
      case 'card':
        changeCard(visit.customer, text('card'))
        return
      case 'default':
        useCardFromNowOn(visit.customer, ownCard(visit, text('payment_method')))
        return
      case 'details':
        changeDetails(visit, { name: text('name'), email: text('email') })
        return
      default:
        throw new StripeError(404, `The portal has no act "${name}".`)
    }
  }

  function ownSubscription({ customer }: Visit, id: string): Subscription {
    const subscription = state.subscriptions.get(id)
    if (subscription?.customer === customer.id) return subscription
    throw new StripeError(404, `No such subscription: '${id}'`)
  }

  function cancel({ configuration }: Visit, subscription: Subscription): void {
    const feature = configuration.features.subscription_cancel as { enabled?: boolean; mode?: string }
    if (feature.enabled !== true) throw new StripeError(400, 'This portal does not let customers cancel.')
    if (feature.mode === 'immediately') {
      engine.cancelSubscription(subscription, { invoiceNow: false, prorate: false })
      return
    }
    // The portal sets only `cancel_at` in the flexible billing mode, and the flag in the classic one.
    const flexible = subscription.billing_mode.type === 'flexible'
    engine.updateSubscription(subscription, {
      ...UNCHANGED,
      cancellationDetails: { reason: 'cancellation_requested' },
      ...(flexible ? { cancelAt: 'min_period_end' as const } : { cancelAtPeriodEnd: true }),
    })
  }

  function ownCard({ customer }: Visit, id: string): string {
    const card = state.paymentMethods.get(id)
    if (card?.customer === customer.id) return card.id
    throw new StripeError(404, `No such PaymentMethod: '${id}'`)
  }

  /** To another price that the configuration offers. */
  function update({ configuration }: Visit, subscription: Subscription, price: string): void {
    if (!pricesOffered(configuration).includes(price)) {
      throw new StripeError(400, 'This portal does not let customers change to this price.')
    }
    const [item] = subscription.items.data
    if (item === undefined || subscription.items.data.length > 1) {
      throw new StripeError(400, 'The portal changes subscriptions of one item only.')
    }
    const { proration_behavior: proration } = configuration.features.subscription_update as {
      readonly proration_behavior?: ProrationBehavior
    }
    engine.updateSubscription(subscription, {
      ...UNCHANGED,
      prorationBehavior: proration ?? 'none',
      items: [{ kind: 'change', item: item.id, price }],
    })
  }

  function pricesOffered({ features }: PortalConfiguration): readonly string[] {
    const feature = features.subscription_update as {
      readonly enabled?: boolean
      readonly products?: readonly { readonly prices: readonly string[] }[] | ''
    }
    return feature.enabled === true && feature.products
      ? feature.products.flatMap(({ prices }) => prices)
      : []
  }

  function changeDetails(
    { configuration, customer }: Visit,
    details: { readonly name: string; readonly email: string },
  ): void {
    const feature = configuration.features.customer_update as {
      readonly enabled?: boolean
      readonly allowed_updates?: readonly string[]
    }
    const allowed = feature.enabled === true ? (feature.allowed_updates ?? []) : []
    const patch = Object.fromEntries(
      Object.entries(details).filter(([field, value]) => allowed.includes(field) && value !== ''),
    )
    if (Object.keys(patch).length === 0)
      throw new StripeError(400, 'This portal lets customers change nothing of these.')
    change(state, state.customers, customer, patch, 'customer.updated')
  }

  function renew(subscription: Subscription): void {
    engine.updateSubscription(subscription, {
      ...UNCHANGED,
      ...(subscription.cancel_at_period_end ? { cancelAtPeriodEnd: false } : { cancelAt: null }),
    })
  }

  function changeCard(customer: Customer, number: string): void {
    const outcome = testNumberOutcome(number)
    if (outcome === null) {
      throw new StripeError(402, noTestCard)
    }
    const card = addCard(state, outcome, customer, number.slice(-4))
    state.emit('payment_method.attached', card)
    useCardFromNowOn(customer, card.id)
  }

  function useCardFromNowOn(customer: Customer, card: string): void {
    const settings = { ...customer.invoice_settings, default_payment_method: card }
    change(state, state.customers, customer, { invoice_settings: settings }, 'customer.updated')
  }

  function show(context: Context, visit: Visit, problem: string | null) {
    const { configuration, customer, session } = visit
    const flow = typeof session.flow?.type === 'string' ? session.flow.type : null
    const isShown = (part: string) => flow === null || flow.startsWith(part)
    const here = `/p/session/${session.id}`
    const subscriptions = state.subscriptions
      .by('customer', customer.id)
      .filter((row) => row.status !== 'canceled')
    const offered = pricesOffered(configuration)
    const cards = state.paymentMethods.all().filter((card) => card.customer === customer.id)
    const standard = customer.invoice_settings.default_payment_method
    const invoices = state.invoices.by('customer', customer.id).slice(-10).reverse()
    return context.html(
      layout(
        `Billing of ${customer.name ?? customer.email ?? customer.id}`,
        html`
${problem === null ? '' : html`<p class="error" role="alert">${problem}</p>`}
${
  isShown('subscription')
    ? html`<h2>Subscriptions</h2>
${subscriptions.map((subscription) => [subscriptionPart(here, subscription), updatePart(here, subscription, offered)])}`
    : ''
}
${
  isShown('payment_method')
    ? html`<h2>Payment methods</h2>
${cards.map(
  (card) => html`<form method="post" action="${here}/default">
<input type="hidden" name="payment_method" value="${card.id}">
<p>${card.card.brand} •••• ${card.card.last4}${card.id === standard ? ' · default' : ''}</p>
${card.id === standard ? '' : html`<button type="submit" class="plain">Make •••• ${card.card.last4} the default</button>`}
</form>`,
)}
<form method="post" action="${here}/card">
<label>New card number <input name="card" required inputmode="numeric" autocomplete="off"></label>
<button type="submit">Change card</button>
</form>`
    : ''
}
${
  isShown('customer')
    ? html`<h2>Details</h2>
<form method="post" action="${here}/details">
<label>Name <input name="name" value="${customer.name ?? ''}" autocomplete="off"></label>
<label>Email <input name="email" type="email" value="${customer.email ?? ''}"></label>
<button type="submit">Save</button>
</form>`
    : ''
}
${
  flow === null
    ? html`<h2>Invoices</h2>
<table>
${invoices.map((invoice) => html`<tr><td><a href="/i/${invoice.id}">${invoice.number ?? invoice.id}</a></td><td>${date(invoice.created)}</td><td>${invoice.status}</td><td>${money(invoice.total, invoice.currency)}</td></tr>`)}
</table>`
    : ''
}
${session.return_url === null ? '' : html`<p><a href="${session.return_url}">Back</a></p>`}`,
      ),
      problem === null ? 200 : 400,
    )
  }

  function subscriptionPart(here: string, subscription: Subscription) {
    const names = subscription.items.data.map(
      ({ price }) => state.products.get(price.product)?.name ?? price.id,
    )
    const ends = subscription.cancel_at
    const name = ends === null ? 'cancel' : 'renew'
    return html`<form method="post" action="${here}/${name}">
<p><strong>${names.join(', ')}</strong> · ${subscription.status}${ends === null ? '' : ` · ends ${date(ends)}`}</p>
<input type="hidden" name="subscription" value="${subscription.id}">
<button type="submit">${ends === null ? 'Cancel' : 'Do not cancel'}</button>
</form>`
  }

  /** The other prices that this portal offers for what is subscribed to. */
  function updatePart(here: string, subscription: Subscription, offered: readonly string[]) {
    const now = subscription.items.data.map(({ price }) => price.id)
    const prices = offered.flatMap((id) => state.prices.get(id) ?? []).filter(({ id }) => !now.includes(id))
    if (prices.length === 0 || now.length > 1) return ''
    const nameOf = (product: string) => state.products.get(product)?.name ?? product
    return html`<form method="post" action="${here}/update">
<input type="hidden" name="subscription" value="${subscription.id}">
<label>Change the plan to <select name="price">
${prices.map((price) => html`<option value="${price.id}">${nameOf(price.product)}, ${money(price.unit_amount ?? 0, price.currency)} a ${price.recurring?.interval ?? 'time'}</option>`)}
</select></label>
<button type="submit">Change plan</button>
</form>`
  }

  return app
}

const UNCHANGED = {
  paymentBehavior: 'allow_incomplete',
  prorationBehavior: 'none',
  addInvoiceItems: [],
} as const
