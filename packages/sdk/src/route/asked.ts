import type { Choice } from '../catalogue/choose-price.ts'
import { intervals } from '../catalogue/plan-for-sale.ts'
import type { PortalFlow } from '../checkout/portal.ts'
import { jsonField, jsonText } from '../webhook/json-field.ts'
import { readBody } from '../webhook/read-body.ts'

/** What a browser asked for is not in the form that the route takes. */
export type AskedRefusal = 'json-required' | 'body-unreadable' | 'body-invalid'

/**
 * The JSON that a browser sent. Only with the content type of JSON, which a form of another site cannot send with the
 * cookies of this one.
 */
export async function askedJson(
  request: Request,
): Promise<{ readonly json: unknown } | { readonly refusal: AskedRefusal }> {
  const [type] = (request.headers.get('content-type') ?? '').split(';')
  if (type?.trim().toLowerCase() !== 'application/json') return { refusal: 'json-required' }
  const body = await readBody(request)
  if (!body) return { refusal: 'body-unreadable' }
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) }
  } catch {
    return { refusal: 'body-invalid' }
  }
}

/** What is to be bought; `null`: it does not say, or says it wrong. */
export function askedChoice(json: unknown): Choice | null {
  const plan = jsonText(json, 'plan')
  const interval = intervals.find((each) => each === jsonField(json, 'interval'))
  const currency = optionalText(json, 'currency')
  if (!plan || !interval || currency === null) return null
  return { plan, interval, ...(currency === undefined ? {} : { currency }) }
}

/** How many seats; `undefined`: not said, `null`: said wrong. */
export function askedSeats(json: unknown): number | null | undefined {
  const seats = jsonField(json, 'seats')
  if (seats === undefined) return undefined
  return typeof seats === 'number' && Number.isSafeInteger(seats) && seats > 0 ? seats : null
}

/** What the portal is to open with; `undefined`: its front page, `null`: said wrong. */
export function askedFlow(json: unknown): PortalFlow | null | undefined {
  const flow = jsonField(json, 'flow')
  if (flow === undefined) return undefined
  if (flow === 'payment-method' || flow === 'cancel' || flow === 'update') return flow
  const choice = jsonField(flow, 'confirm') === true ? askedChoice(flow) : null
  return choice && { confirm: true, ...choice }
}

/** A text; `undefined`: not there, `null`: something else is. */
export function optionalText(json: unknown, key: string): string | null | undefined {
  return jsonField(json, key) === undefined ? undefined : jsonText(json, key)
}
