import { listPage, listRows } from '../answer/list.ts'
import { searchPage } from '../answer/search.ts'
import { type Invoice, type InvoiceStatus, linesUrl, subscriptionOf } from '../objects/invoice.ts'
import { useCard } from '../payment-method.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH, missing } from '../request/find.ts'
import { badRequest } from '../stripe-error.ts'
import { rangeHolds } from '../table.ts'

const readsInvoice = { permission: 'rak_invoice_read' }

export const invoiceRoutes: readonly Route[] = [
  route('GET /v1/invoices/search', 'invoice[]', (call) =>
    searchPage(call, call.state.invoices, '/v1/invoices/search', {
      text: ['customer', 'number', 'receipt_number', 'subscription'],
      numbers: ['created', 'total'],
      words: ['currency', 'status'],
      metadata: true,
      derived: { subscription: (row) => subscriptionOf(row as Invoice) },
    }),
  ),
  route('GET /v1/invoices', 'invoice[]', listInvoices),
  route('GET /v1/invoices/{id}', 'invoice', foundInvoice),
  route('GET /v1/invoices/{id}/lines', 'line_item[]', listLines, readsInvoice),
  route('POST /v1/invoices/{id}/finalize', 'invoice', finalizeInvoice),
  route('POST /v1/invoices/{id}/pay', 'invoice', payInvoice),
  route('POST /v1/invoices/{id}/void', 'invoice', voidInvoice),
  route('POST /v1/invoices/{id}/mark_uncollectible', 'invoice', markUncollectible),
]

function listInvoices(call: Call) {
  const { parameters, state } = call
  const customer = parameters.text('customer')
  const subscription = parameters.text('subscription')
  const status = parameters.text('status')
  const collection = parameters.text('collection_method')
  const due = parameters.range('due_date')
  if (customer !== undefined && !state.customers.has(customer) && !state.deleted.has(customer)) {
    throw missing(state, 'customer', customer, asParameter('customer'))
  }
  const by =
    subscription !== undefined
      ? { by: ['subscription', subscription] as const }
      : customer !== undefined
        ? { by: ['customer', customer] as const }
        : {}
  return listPage(call, state.invoices, 'invoice', '/v1/invoices', {
    ...by,
    where: (row) =>
      (customer === undefined || row.customer === customer) &&
      (status === undefined || row.status === status) &&
      (collection === undefined || row.collection_method === collection) &&
      (due === undefined || (row.due_date !== null && rangeHolds(due, row.due_date))),
  })
}

function listLines(call: Call) {
  const invoice = foundInvoice(call)
  return listRows(call, invoice.lines.data, 'line item', linesUrl(invoice.id))
}

function finalizeInvoice(call: Call): Invoice {
  const invoice = inStatus(
    call,
    ['draft'],
    "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
  )
  const autoAdvance = call.parameters.flag('auto_advance')
  return call.engine.finalizeInvoice(invoice, autoAdvance === undefined ? {} : { autoAdvance })
}

function payInvoice(call: Call): Invoice {
  const { engine, parameters, state } = call
  const invoice = foundInvoice(call)
  if (invoice.status === 'paid') throw badRequest('Invoice is already paid')
  if (invoice.status === 'void')
    throw badRequest('You can only pay an invoice that is open or uncollectible; this one is void.')
  const name = parameters.text('payment_method') ?? parameters.text('source')
  const customer = state.customers.get(invoice.customer ?? '')
  const card =
    name === undefined || customer === undefined ? name : useCard(state, customer, name, 'payment_method')
  return engine.payInvoice(invoice, {
    ...(card === undefined ? {} : { paymentMethod: card }),
    paidOutOfBand: parameters.flag('paid_out_of_band') ?? false,
    forgive: parameters.flag('forgive') ?? false,
  })
}

function voidInvoice(call: Call): Invoice {
  const only = 'You can only pass in open invoices. This invoice isn’t open.'
  return call.engine.voidInvoice(inStatus(call, ['open', 'uncollectible'], only))
}

function markUncollectible(call: Call): Invoice {
  const only = 'You can only mark open invoices as uncollectible.'
  return call.engine.markInvoiceUncollectible(inStatus(call, ['open'], only))
}

function inStatus(call: Call, statuses: readonly InvoiceStatus[], refusal: string): Invoice {
  const invoice = foundInvoice(call)
  if (statuses.includes(invoice.status)) return invoice
  throw badRequest(refusal)
}

function foundInvoice(call: Call): Invoice {
  return find(call.state, call.state.invoices, 'invoice', pathId(call), IN_PATH)
}
