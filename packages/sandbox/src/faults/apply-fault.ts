import type { Timer } from '../server/timer.ts'
import type { Misbehaviour } from './fault.ts'
import { cutBody, type NodeBindings, resetConnection } from './lose-answer.ts'
import type { Vendor } from './vendor.ts'

/** A request on its way to the vendor's app. */
export interface FaultedRequest {
  readonly vendor: Vendor
  readonly timer: Timer
  readonly key: string | null
  readonly bindings: Partial<NodeBindings> | undefined
  /** Lets the vendor's app do the work. */
  answer(): Promise<Response>
}

/** Answers a request as the misbehaviour says, letting the app do the work where the misbehaviour lets it. */
export async function applyFault(fault: Misbehaviour, request: FaultedRequest): Promise<Response> {
  const { vendor, timer, bindings } = request
  switch (fault.kind) {
    case 'rate-limited':
      return vendor.rateLimited(fault)
    case 'server-error':
      if (fault.applied) await request.answer()
      return vendor.serverError(fault.status)
    case 'outage':
      return vendor.serverError(503)
    case 'key-revoked':
      return vendor.keyRevoked(request.key)
    case 'reset':
      if (fault.applied) await request.answer()
      return resetConnection(bindings)
    case 'cut-body':
      return cutBody(bindings, await request.answer())
    case 'slow':
      if (fault.where === 'middle') return pausedInTheMiddle(await request.answer(), fault.delayMs, timer)
      await timer.sleep(fault.delayMs)
      return request.answer()
    case 'short-page':
      return shortPage(await request.answer(), vendor)
  }
}

async function pausedInTheMiddle(response: Response, delayMs: number, timer: Timer): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const half = Math.floor(bytes.length / 2)
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(bytes.subarray(0, half))
      await timer.sleep(delayMs)
      controller.enqueue(bytes.subarray(half))
      controller.close()
    },
  })
  const headers = new Headers(response.headers)
  headers.set('content-length', String(bytes.length))
  return new Response(body, { status: response.status, headers })
}

async function shortPage(response: Response, vendor: Vendor): Promise<Response> {
  const text = await response.text()
  const page = response.ok ? vendor.shortPage(parsed(text)) : null
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(page === null ? text : JSON.stringify(page), { status: response.status, headers })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON, so not a list: the caller lets it pass as it is.
    return null
  }
}
