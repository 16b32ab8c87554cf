import { listPage } from '../answer/list.ts'
import type { PaymentIntent, PaymentMethod } from '../objects/payment.ts'
import { addCard, attach } from '../payment-method.ts'
import { isTestCard, testNumberOutcome } from '../payment-outcome.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { ParameterTable } from '../request/parameter-table.ts'
import { badRequest, StripeError } from '../stripe-error.ts'

// These operations are not in the API description that the other tables come from.
const EXPAND: ParameterTable = { expand: { type: 'array', of: { type: 'string' } } }
const PAGE: ParameterTable = {
  ...EXPAND,
  ending_before: { type: 'string' },
  limit: { type: 'number' },
  starting_after: { type: 'string' },
}
const CARD: ParameterTable = {
  ...EXPAND,
  billing_details: { type: 'any' },
  card: { type: 'any' },
  metadata: { type: 'map', clear: true },
  type: { type: 'enum', values: ['card'], required: true },
}

export const paymentMethodRoutes: readonly Route[] = [
  route('GET /v1/payment_methods', 'payment_method[]', listMethods, {
    parameters: { ...PAGE, customer: { type: 'string' }, type: { type: 'string' } },
  }),
  route('POST /v1/payment_methods', 'payment_method', createMethod, { parameters: CARD }),
  route('GET /v1/payment_methods/{id}', 'payment_method', foundMethod, { parameters: EXPAND }),
  route('POST /v1/payment_methods/{id}/attach', 'payment_method', attachMethod, {
    parameters: { ...EXPAND, customer: { type: 'string', required: true } },
  }),
  route('POST /v1/payment_methods/{id}/detach', 'payment_method', detachMethod, { parameters: EXPAND }),
  route('GET /v1/customers/{id}/payment_methods', 'payment_method[]', listOfCustomer, {
    parameters: { ...PAGE, type: { type: 'string' } },
  }),
  route('GET /v1/payment_intents', 'payment_intent[]', listIntents, {
    parameters: {
      ...PAGE,
      created: { type: 'any-of', of: [{ type: 'number' }, { type: 'ref', to: 'RangeQueryParam' }] },
      customer: { type: 'string' },
    },
  }),
  route('GET /v1/payment_intents/{id}', 'payment_intent', foundIntent, {
    parameters: { ...EXPAND, client_secret: { type: 'string' } },
  }),
]

function listMethods(call: Call) {
  const customer = call.parameters.text('customer')
  const type = call.parameters.text('type')
  return listPage(call, call.state.paymentMethods, 'PaymentMethod', '/v1/payment_methods', {
    ...(customer === undefined ? {} : { by: ['customer', customer] as const }),
    where: (row) => type === undefined || row.type === type,
  })
}

function listOfCustomer(call: Call) {
  const { parameters, state } = call
  const customer = find(state, state.customers, 'customer', pathId(call), IN_PATH)
  const type = parameters.text('type')
  return listPage(
    call,
    state.paymentMethods,
    'PaymentMethod',
    `/v1/customers/${customer.id}/payment_methods`,
    {
      by: ['customer', customer.id],
      where: (row) => type === undefined || row.type === type,
    },
  )
}

/**
 * A card by a test token (`card[token]=tok_visa`) or one of Stripe's test numbers. Any other number is refused, so that
 * nobody's real card is ever stored.
 */
function createMethod(call: Call): PaymentMethod {
  const { parameters, state } = call
  const card = parameters.object('card')?.values ?? {}
  const token = typeof card.token === 'string' ? card.token : null
  const number = typeof card.number === 'string' ? card.number : null
  const outcome = token === null ? testNumberOutcome(number ?? '') : state.outcomeOf(token)
  if (outcome === null) {
    throw new StripeError(
      402,
      'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
      {
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'test_mode_live_card',
      },
    )
  }
  const method = addCard(state, outcome, null, number?.slice(-4))
  method.metadata = mergeMetadata({}, parameters)
  return method
}

function foundMethod(call: Call): PaymentMethod {
  const { state } = call
  const id = pathId(call)
  if (isTestCard(id) && !state.paymentMethods.has(id)) return addCard(state, state.outcomeOf(id))
  return find(state, state.paymentMethods, 'PaymentMethod', id, IN_PATH)
}

function attachMethod(call: Call): PaymentMethod {
  const { parameters, state } = call
  const customer = find(
    state,
    state.customers,
    'customer',
    parameters.needText('customer'),
    asParameter('customer'),
  )
  const method = foundMethod(call)
  if (method.customer !== null && method.customer !== customer.id) {
    throw badRequest('The payment method you provided has already been attached to a customer.')
  }
  return method.customer === customer.id ? method : attach(state, method, customer)
}

function detachMethod(call: Call): PaymentMethod {
  const { state } = call
  const method = foundMethod(call)
  if (method.customer === null) {
    throw badRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    )
  }
  const { customer } = method
  state.paymentMethods.update(method, { customer: null })
  state.emit('payment_method.detached', method, { customer })
  return method
}

function listIntents(call: Call) {
  const customer = call.parameters.text('customer')
  return listPage(call, call.state.paymentIntents, 'payment_intent', '/v1/payment_intents', {
    ...(customer === undefined ? {} : { by: ['customer', customer] as const }),
  })
}

function foundIntent(call: Call): PaymentIntent {
  return find(call.state, call.state.paymentIntents, 'payment_intent', pathId(call), IN_PATH)
}
