import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { date, layout, money } from '../../server/page-layout.ts'
import type { Invoice } from '../objects/invoice.ts'
import { addCard } from '../payment-method.ts'
import { confirmedOutcome } from '../payment-outcome.ts'
import { StripeError } from '../stripe-error.ts'
import { cardRefusal, noTestCard } from './card-refusal.ts'
import type { PageOptions } from './hosted-pages.ts'

/** The page of one invoice: its lines, and a way to pay it while it is open. */
export function invoicePages({ state, engine }: PageOptions): Hono {
  const app = new Hono()

  app.get('/i/:id', (context) => {
    const invoice = state.invoices.get(context.req.param('id'))
    return invoice === undefined || invoice.status === 'draft'
      ? context.text('There is no such invoice.\n', 404)
      : show(context, invoice, null)
  })

  app.post('/i/:id', async (context) => {
    const invoice = state.invoices.get(context.req.param('id'))
    if (invoice === undefined || invoice.status === 'draft')
      return context.text('There is no such invoice.\n', 404)
    const { card } = await context.req.parseBody()
    const number = typeof card === 'string' ? card.trim() : ''
    const outcome = confirmedOutcome(number)
    if (outcome === null) return show(context, invoice, noTestCard)
    if (outcome !== 'succeeds') return show(context, invoice, cardRefusal(outcome))
    const customer = state.customers.get(invoice.customer ?? '') ?? null
    try {
      const paymentMethod = addCard(state, 'succeeds', customer, number.slice(-4)).id
      engine.payInvoice(invoice, { paymentMethod, paidOutOfBand: false, forgive: false })
    } catch (error) {
      if (error instanceof StripeError) return show(context, invoice, error.message)
      throw error
    }
    return context.redirect(`/i/${invoice.id}`, 303)
  })

  function show(context: Context, invoice: Invoice, problem: string | null) {
    return context.html(
      layout(
        `Invoice ${invoice.number ?? invoice.id}`,
        html`
${problem === null ? '' : html`<p class="error" role="alert">${problem}</p>`}
<p>${invoice.status} · ${date(invoice.created)}</p>
<table>
${invoice.lines.data.map((line) => html`<tr><td>${line.description ?? line.id}</td><td>${money(line.amount, line.currency)}</td></tr>`)}
<tr><th>Total</th><th>${money(invoice.total, invoice.currency)}</th></tr>
</table>
${
  invoice.status === 'open'
    ? html`<form method="post">
<label>Card number <input name="card" required inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242"></label>
<button type="submit">Pay ${money(invoice.amount_remaining, invoice.currency)}</button>
</form>`
    : ''
}`,
      ),
      problem === null ? 200 : 402,
    )
  }

  return app
}
