import { listPage } from '../answer/list.ts'
import {
  type Invoice,
  type InvoiceLineItem,
  linesUrl,
  makeInvoice,
  makeInvoiceLineItem,
} from '../objects/invoice.ts'
import { type InvoiceItem, makeInvoiceItem } from '../objects/invoice-item.ts'
import { wireList } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { ParameterTable } from '../request/parameter-table.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'
import { priceIn } from './price-in.ts'

// These operations are not in the API description that the other tables come from.
const EXPAND: ParameterTable = { expand: { type: 'array', of: { type: 'string' } } }
const ITEM: ParameterTable = {
  ...EXPAND,
  amount: { type: 'number' },
  currency: { type: 'string' },
  customer: { type: 'string', required: true },
  description: { type: 'string' },
  discountable: { type: 'boolean' },
  invoice: { type: 'string' },
  metadata: { type: 'map', clear: true },
  pricing: { type: 'object', fields: { price: { type: 'string' } } },
  quantity: { type: 'number' },
}
const LIST: ParameterTable = {
  ...EXPAND,
  customer: { type: 'string' },
  ending_before: { type: 'string' },
  invoice: { type: 'string' },
  limit: { type: 'number' },
  pending: { type: 'boolean' },
  starting_after: { type: 'string' },
}
const INVOICE: ParameterTable = {
  ...EXPAND,
  auto_advance: { type: 'boolean' },
  collection_method: { type: 'enum', values: ['charge_automatically', 'send_invoice'] },
  currency: { type: 'string' },
  customer: { type: 'string', required: true },
  days_until_due: { type: 'number' },
  default_payment_method: { type: 'string' },
  description: { type: 'string' },
  due_date: { type: 'number' },
  footer: { type: 'string' },
  metadata: { type: 'map', clear: true },
  pending_invoice_items_behavior: { type: 'enum', values: ['exclude', 'include'] },
}

export const invoiceItemRoutes: readonly Route[] = [
  route('GET /v1/invoiceitems', 'invoiceitem[]', listItems, {
    parameters: LIST,
    permission: 'rak_invoice_read',
  }),
  route('POST /v1/invoiceitems', 'invoiceitem', createItem, {
    parameters: ITEM,
    permission: 'rak_invoice_write',
  }),
  route('GET /v1/invoiceitems/{id}', 'invoiceitem', foundItem, {
    parameters: EXPAND,
    permission: 'rak_invoice_read',
  }),
  route('POST /v1/invoices', 'invoice', createInvoice, { parameters: INVOICE }),
]

function listItems(call: Call) {
  const { parameters, state } = call
  const customer = parameters.text('customer')
  const invoice = parameters.text('invoice')
  const pending = parameters.flag('pending')
  return listPage(call, state.invoiceItems, 'invoiceitem', '/v1/invoiceitems', {
    ...(customer === undefined ? {} : { by: ['customer', customer] as const }),
    where: (row) =>
      (invoice === undefined || row.invoice === invoice) &&
      (pending === undefined || (row.invoice === null) === pending),
  })
}

/** An item for the customer's next invoice, or for the draft that is named. */
function createItem(call: Call): InvoiceItem {
  const { parameters, state } = call
  const customer = find(
    state,
    state.customers,
    'customer',
    parameters.needText('customer'),
    asParameter('customer'),
  )
  const named = parameters.text('invoice')
  const draft =
    named === undefined ? undefined : find(state, state.invoices, 'invoice', named, asParameter('invoice'))
  if (draft !== undefined && draft.status !== 'draft') {
    throw badRequest(`The invoice ${draft.id} is no longer editable, as it is ${draft.status}.`, 'invoice')
  }
  const pricing = parameters.object('pricing')
  const price = pricing === undefined ? undefined : priceIn(call, pricing, 'one_time')
  const amount = parameters.number('amount')
  if (amount === undefined && price === undefined) throw missingParameter('amount')
  const quantity = parameters.number('quantity') ?? 1
  const item = makeInvoiceItem({
    id: state.ids.next('ii'),
    created: state.now(customer.test_clock),
    customer: customer.id,
    amount: amount ?? (price?.unit_amount ?? 0) * quantity,
    currency: price?.currency ?? parameters.text('currency')?.toLowerCase() ?? 'usd',
    livemode: state.livemode,
    metadata: mergeMetadata({}, parameters),
    pricing:
      price === undefined
        ? null
        : {
            price_details: { price: price.id, product: price.product },
            type: 'price_details',
            unit_amount_decimal: price.unit_amount_decimal,
          },
    quantity,
    test_clock: customer.test_clock,
    ...given<InvoiceItem>(parameters, ['description', 'discountable']),
  })
  state.invoiceItems.insert(item)
  state.emit('invoiceitem.created', item)
  if (draft !== undefined) putOn(call, draft, [item])
  return item
}

function foundItem(call: Call): InvoiceItem {
  return find(call.state, call.state.invoiceItems, 'invoiceitem', pathId(call), IN_PATH)
}

/** A draft of the customer's own, with the items that wait where it is asked to include them. */
function createInvoice(call: Call): Invoice {
  const { parameters, state } = call
  const customer = find(
    state,
    state.customers,
    'customer',
    parameters.needText('customer'),
    asParameter('customer'),
  )
  const created = state.now(customer.test_clock)
  const days = parameters.number('days_until_due')
  const includes = parameters.text('pending_invoice_items_behavior') === 'include'
  const waiting = includes
    ? state.invoiceItems.by('customer', customer.id).filter((item) => item.invoice === null)
    : []
  const id = state.ids.next('in')
  const invoice = makeInvoice({
    id,
    created,
    customer: customer.id,
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    currency:
      parameters.text('currency')?.toLowerCase() ?? waiting[0]?.currency ?? customer.currency ?? 'usd',
    livemode: state.livemode,
    metadata: mergeMetadata({}, parameters),
    test_clock: customer.test_clock,
    due_date: parameters.number('due_date') ?? (days === undefined ? null : created + days * 86_400),
    ...given<Invoice>(parameters, [
      'auto_advance',
      'collection_method',
      'default_payment_method',
      'description',
      'footer',
    ]),
  })
  state.invoices.insert(invoice)
  putOn(call, invoice, waiting)
  state.emit('invoice.created', invoice)
  return invoice
}

/** Makes lines of the items and adds them to a draft's sums. */
function putOn({ state }: Call, invoice: Invoice, items: readonly InvoiceItem[]): void {
  const lines = items.map((item) => {
    state.invoiceItems.update(item, { invoice: invoice.id })
    return lineOf(state.ids.next('il'), invoice, item)
  })
  const all = [...invoice.lines.data, ...lines]
  const total = all.reduce((sum, line) => sum + line.amount, 0)
  state.invoices.update(invoice, {
    amount_due: Math.max(0, total),
    amount_remaining: Math.max(0, total),
    lines: wireList(linesUrl(invoice.id), all),
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  })
}

function lineOf(id: string, invoice: Invoice, item: InvoiceItem): InvoiceLineItem {
  return makeInvoiceLineItem({
    id,
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discountable: item.discountable,
    invoice: invoice.id,
    livemode: item.livemode,
    metadata: { ...item.metadata },
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: false,
        proration_details: null,
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: item.period,
    pricing: item.pricing,
    quantity: item.quantity,
  })
}
