import { listPage } from '../answer/list.ts'
import { searchPage } from '../answer/search.ts'
import { change } from '../change.ts'
import type { Charge, InvoicePayment, Refund } from '../objects/payment.ts'
import { refundCharge } from '../refund-charge.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { ParameterTable } from '../request/parameter-table.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'

const EXPAND: ParameterTable = { expand: { type: 'array', of: { type: 'string' } } }
const REFUND: ParameterTable = {
  ...EXPAND,
  amount: { type: 'number' },
  charge: { type: 'string' },
  metadata: { type: 'map', clear: true },
  payment_intent: { type: 'string' },
  reason: { type: 'enum', values: ['duplicate', 'fraudulent', 'requested_by_customer'] },
}

export const paymentRoutes: readonly Route[] = [
  route('GET /v1/invoice_payments', 'invoice_payment[]', listInvoicePayments),
  route('GET /v1/invoice_payments/{id}', 'invoice_payment', (call) =>
    find(call.state, call.state.invoicePayments, 'invoice_payment', pathId(call), IN_PATH),
  ),
  route(
    'GET /v1/charges/search',
    'charge[]',
    (call) =>
      searchPage(call, call.state.charges, '/v1/charges/search', {
        text: ['customer'],
        numbers: ['amount', 'created'],
        words: ['currency', 'disputed', 'refunded', 'status'],
        metadata: true,
      }),
    {
      parameters: {
        ...EXPAND,
        query: { type: 'string', required: true },
        limit: { type: 'number' },
        page: { type: 'string' },
      },
    },
  ),
  route('GET /v1/charges', 'charge[]', listCharges),
  route('GET /v1/charges/{id}', 'charge', (call) =>
    find(call.state, call.state.charges, 'charge', pathId(call), IN_PATH),
  ),
  route('GET /v1/refunds', 'refund[]', listRefunds),
  route('POST /v1/refunds', 'refund', createRefund, { parameters: REFUND }),
  route('GET /v1/refunds/{id}', 'refund', foundRefund),
  route('POST /v1/refunds/{id}', 'refund', updateRefund, {
    parameters: { ...EXPAND, metadata: { type: 'map', clear: true } },
  }),
  route('GET /v1/disputes', 'dispute[]', listDisputes),
  route('GET /v1/disputes/{id}', 'dispute', (call) =>
    find(call.state, call.state.disputes, 'dispute', pathId(call), IN_PATH),
  ),
]

function listInvoicePayments(call: Call) {
  const { parameters, state } = call
  const invoice = parameters.text('invoice')
  const status = parameters.text('status')
  const payment = parameters.object('payment')
  const intent = payment?.text('payment_intent')
  const by =
    invoice !== undefined
      ? { by: ['invoice', invoice] as const }
      : intent !== undefined
        ? { by: ['payment', intent] as const }
        : {}
  const type = payment?.text('type')
  return listPage(call, state.invoicePayments, 'invoice_payment', '/v1/invoice_payments', {
    ...by,
    where: (row: InvoicePayment) =>
      (status === undefined || row.status === status) &&
      (type === undefined || row.payment.type === type) &&
      (intent === undefined || row.payment.payment_intent === intent),
  })
}

function listCharges(call: Call) {
  const { parameters, state } = call
  const customer = parameters.text('customer')
  const intent = parameters.text('payment_intent')
  const group = parameters.text('transfer_group')
  const by =
    intent !== undefined
      ? { by: ['payment_intent', intent] as const }
      : customer !== undefined
        ? { by: ['customer', customer] as const }
        : {}
  return listPage(call, state.charges, 'charge', '/v1/charges', {
    ...by,
    where: (row) =>
      (customer === undefined || row.customer === customer) &&
      (group === undefined || row.transfer_group === group),
  })
}

/** The index that `charge` or `payment_intent` filters by. */
function byCharge(call: Call) {
  const charge = call.parameters.text('charge')
  const intent = call.parameters.text('payment_intent')
  if (charge !== undefined) return { by: ['charge', charge] as const }
  return intent === undefined ? {} : { by: ['payment_intent', intent] as const }
}

function listRefunds(call: Call) {
  return listPage(call, call.state.refunds, 'refund', '/v1/refunds', byCharge(call))
}

function listDisputes(call: Call) {
  return listPage(call, call.state.disputes, 'dispute', '/v1/disputes', byCharge(call))
}

function createRefund(call: Call): Refund {
  const { parameters, state } = call
  return refundCharge(state, refundedCharge(call), {
    ...given<{ amount: number; reason: Refund['reason'] }>(parameters, ['amount', 'reason']),
    metadata: mergeMetadata({}, parameters),
  })
}

function refundedCharge(call: Call): Charge {
  const { parameters, state } = call
  const charge = parameters.text('charge')
  if (charge !== undefined) return find(state, state.charges, 'charge', charge, asParameter('charge'))
  const intent = parameters.text('payment_intent')
  if (intent === undefined) throw missingParameter('payment_intent')
  find(state, state.paymentIntents, 'payment_intent', intent, asParameter('payment_intent'))
  const paid = state.charges.by('payment_intent', intent).findLast((row) => row.status === 'succeeded')
  if (paid !== undefined) return paid
  throw badRequest(
    `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
    'payment_intent',
  )
}

function updateRefund(call: Call): Refund {
  const { parameters, state } = call
  const refund = foundRefund(call)
  const metadata = mergeMetadata(refund.metadata, parameters)
  change(state, state.refunds, refund, { metadata }, 'refund.updated')
  return refund
}

function foundRefund(call: Call): Refund {
  return find(call.state, call.state.refunds, 'refund', pathId(call), IN_PATH)
}
