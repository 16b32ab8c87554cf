import { listPage } from '../answer/list.ts'
import { searchPage } from '../answer/search.ts'
import { change } from '../change.ts'
import { type Customer, makeCustomer } from '../objects/customer.ts'
import type { Deleted, JsonObject } from '../objects/wire.ts'
import { useCard } from '../payment-method.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { addressOf, given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { StripeError } from '../stripe-error.ts'

export const customerRoutes: readonly Route[] = [
  route('GET /v1/customers/search', 'customer[]', searchCustomers),
  route('GET /v1/customers', 'customer[]', listCustomers),
  route('POST /v1/customers', 'customer', createCustomer),
  route('GET /v1/customers/{id}', 'customer', retrieveCustomer),
  route('POST /v1/customers/{id}', 'customer', updateCustomer),
  route('DELETE /v1/customers/{id}', 'customer', (call) => call.engine.deleteCustomer(foundCustomer(call))),
]

function listCustomers(call: Call) {
  const { state, parameters } = call
  const email = parameters.text('email')
  const clock = parameters.text('test_clock')
  // Customers on a test clock are listed only by their clock.
  const isShown = (row: Customer) =>
    row.test_clock === (clock ?? null) && (email === undefined || row.email === email)
  if (clock !== undefined) {
    return listPage(call, state.customers, 'customer', '/v1/customers', {
      by: ['test_clock', clock],
      where: isShown,
    })
  }
  if (email !== undefined) {
    return listPage(call, state.customers, 'customer', '/v1/customers', {
      by: ['email', email],
      where: isShown,
    })
  }
  return listPage(call, state.customers, 'customer', '/v1/customers', { where: isShown })
}

function searchCustomers(call: Call) {
  return searchPage(call, call.state.customers, '/v1/customers/search', {
    text: ['email', 'name', 'phone'],
    numbers: ['created'],
    metadata: true,
  })
}

function createCustomer(call: Call): Customer {
  const { state, parameters } = call
  const clock = parameters.text('test_clock')
  if (clock !== undefined) find(state, state.testClocks, 'test clock', clock, asParameter('test_clock'))
  const id = state.ids.next('cus')
  const customer = makeCustomer({
    id,
    created: state.now(clock),
    invoice_prefix: state.ids.random(8).toUpperCase(),
    livemode: state.livemode,
    test_clock: clock ?? null,
    ...fieldsOf(call),
    metadata: mergeMetadata({}, parameters),
  })
  state.customers.insert(customer)
  attachCards(call, customer)
  state.emit('customer.created', customer)
  return customer
}

function retrieveCustomer(call: Call): Customer | Deleted {
  return call.state.deleted.get(pathId(call)) ?? foundCustomer(call)
}

function updateCustomer(call: Call): Customer {
  const { state, parameters } = call
  const customer = foundCustomer(call)
  const invoiceSettings = customer.invoice_settings
  const patch: Partial<Customer> = {
    ...fieldsOf(call),
    metadata: mergeMetadata(customer.metadata, parameters),
  }
  const settings = parameters.object('invoice_settings')
  if (settings !== undefined) {
    const card = settings.textOrNull('default_payment_method')
    patch.invoice_settings = {
      ...invoiceSettings,
      ...given(settings, ['footer']),
      ...(card === undefined
        ? {}
        : {
            default_payment_method:
              card === null
                ? null
                : useCard(state, customer, card, 'invoice_settings[default_payment_method]'),
          }),
    }
  }
  const source = parameters.text('source') ?? parameters.textOrNull('default_source')
  if (source !== undefined) {
    patch.default_source = source === null ? null : useCard(state, customer, source, 'source')
  }
  change(state, state.customers, customer, patch, 'customer.updated')
  return customer
}

function foundCustomer(call: Call): Customer {
  return find(call.state, call.state.customers, 'customer', pathId(call), IN_PATH)
}

function fieldsOf(call: Call): Partial<Customer> {
  const { parameters } = call
  const email = parameters.text('email')
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new StripeError(400, `Invalid email address: ${email}`, { code: 'email_invalid', param: 'email' })
  }
  const fields: Partial<Customer> = given(parameters, [
    'balance',
    'description',
    'email',
    'invoice_prefix',
    'name',
    'next_invoice_sequence',
    'phone',
    'preferred_locales',
  ])
  if (parameters.has('tax_exempt')) fields.tax_exempt = parameters.word('tax_exempt') ?? 'none'
  if (parameters.has('address')) fields.address = addressOf(parameters.object('address'))
  const shipping = parameters.objectOrNull('shipping')
  if (shipping === null) fields.shipping = null
  else if (shipping !== undefined) {
    const address = addressOf(shipping.object('address')) as JsonObject | null
    fields.shipping = { address, name: shipping.text('name') ?? '', phone: shipping.text('phone') ?? null }
  }
  return fields
}

function attachCards(call: Call, customer: Customer): void {
  const { state, parameters } = call
  const card = parameters.text('payment_method')
  if (card !== undefined) useCard(state, customer, card, 'payment_method')
  const source = parameters.text('source')
  if (source !== undefined) customer.default_source = useCard(state, customer, source, 'source')
  const settings = parameters.object('invoice_settings')
  const standard = settings?.text('default_payment_method')
  if (standard !== undefined) {
    // The same test card named twice in one request is one card.
    const same = standard === card ? state.paymentMethods.by('customer', customer.id).at(-1)?.id : undefined
    const id = same ?? useCard(state, customer, standard, 'invoice_settings[default_payment_method]')
    customer.invoice_settings = { ...customer.invoice_settings, default_payment_method: id }
  }
  if (settings?.has('footer')) {
    customer.invoice_settings = { ...customer.invoice_settings, footer: settings.text('footer') ?? null }
  }
}
