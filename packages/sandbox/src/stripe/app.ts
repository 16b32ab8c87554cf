import { Hono } from 'hono'
import { expandAnswer, expandedKinds } from './answer/expand.ts'
import { errorAnswer, reply } from './answer/reply.ts'
import type { BillingEngine } from './billing-engine.ts'
import { hostedPages } from './page/hosted-pages.ts'
import { toExpand } from './permissions.ts'
import type { Route } from './request/call.ts'
import { decodeParameters } from './request/decode.ts'
import { IdempotentAnswers, type SavedAnswer } from './request/idempotency.ts'
import { requirePermission, type StripeKey, type StripeKeys } from './request/keys.ts'
import { describedParameters, type ParameterTable } from './request/parameter-table.ts'
import { Parameters } from './request/parameters.ts'
import { type RawRequest, readRequest } from './request/read-request.ts'
import { routes } from './routes/index.ts'
import { API_VERSION, type StripeState } from './state.ts'
import { StripeError } from './stripe-error.ts'

export interface StripeAppOptions {
  /** What the account holds. */
  readonly state: StripeState
  /** The API keys to accept. */
  readonly keys: StripeKeys
  /** What computes money, periods and states. */
  readonly engine: BillingEngine
}

/**
 * Stripe's API on the state given, as the official SDKs and command-line tool expect it: `/v1/...` with form parameters,
 * `/v2/...` with JSON, and pages to click at `/c/pay/...` (checkout) and `/p/session/...` (billing portal).
 *
 * @example
 * const app = createStripeApp({ state, keys, engine })
 * await app.request('/v1/customers', { headers: { authorization: 'Bearer sk_test_sandbox' } })
 */
export function createStripeApp(options: StripeAppOptions): Hono {
  const { state, keys } = options
  const answers = new IdempotentAnswers(state.clock)
  const app = new Hono()

  for (const one of routes) {
    const [method = '', path = ''] = one.operation.split(' ')
    const table = one.parameters ?? describedParameters(one.operation)
    if (table === undefined) throw new Error(`Nothing says which parameters ${one.operation} takes.`)
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), async (context) => {
      const request = await readRequest(context, state)
      try {
        const key = keys.authenticate(request.authorization)
        requirePermission(key, one.permission, state.account.id)
        const found =
          request.idempotencyKey === null
            ? null
            : answers.find(key.value, request.idempotencyKey, request.fingerprint)
        if (found !== null) return reply(found, request, true)
        const act = prepare(options, one, table, request, key, context.req.param())
        const answer = act()
        if (request.idempotencyKey !== null) {
          answers.save(key.value, request.idempotencyKey, request.fingerprint, answer)
        }
        return reply(answer, request, false)
      } catch (error) {
        return reply(errorAnswer(error, request, state), request, false)
      }
    })
  }

  app.route('/', hostedPages(options))
  app.notFound(async (context) => {
    const request = await readRequest(context, state)
    const error = new StripeError(
      404,
      `Unrecognized request URL (${request.method}: ${request.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    )
    return reply(errorAnswer(error, request, state), request, false)
  })
  return app
}

/**
 * Checks everything that is refused before the endpoint acts, by throwing. What it returns acts, and gives an answer
 * whatever happens: that answer may be saved for the idempotency key.
 */
function prepare(
  { state, engine }: StripeAppOptions,
  one: Route,
  table: ParameterTable,
  request: RawRequest,
  key: StripeKey,
  path: { readonly [name: string]: string },
): () => SavedAnswer {
  if (request.unusable !== null) throw request.unusable
  const values = decodeParameters(request.values, table, request.method === 'POST' ? 'unset' : 'refuse')
  const parameters = new Parameters(values)
  const expand = parameters.texts('expand') ?? []
  for (const kind of expandedKinds(one.answers, expand)) {
    requirePermission(key, toExpand(kind), state.account.id)
  }
  const apiVersion = request.apiVersion ?? API_VERSION
  return () => {
    state.request = { id: request.id, idempotencyKey: request.idempotencyKey }
    try {
      const answer = one.run({ state, engine, path, parameters, apiVersion, origin: request.origin })
      const body = JSON.stringify(expandAnswer(state, answer, one.answers, expand))
      return { status: 200, body, requestId: request.id }
    } catch (error) {
      return errorAnswer(error, request, state)
    } finally {
      state.request = null
    }
  }
}
