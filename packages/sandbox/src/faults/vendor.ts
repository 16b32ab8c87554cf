import type { StripeLimitReason } from './fault.ts'

/** How a vendor words what a fault makes it say. */
export interface Vendor {
  readonly name: 'stripe' | 'clerk'
  /** The API key of a request, or null. */
  keyOf(headers: Headers): string | null
  rateLimited(hit: { readonly reason: StripeLimitReason; readonly retryAfterSeconds: number }): Response
  serverError(status: 500 | 502 | 503): Response
  keyRevoked(key: string | null): Response
  /** The page with half of its rows that claims to be the last; null where the body is not a list. */
  shortPage(body: unknown): unknown
}

/** What stands before both vendors' APIs answers a 502 by itself, in HTML. */
export function badGateway(): Response {
  const body =
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n'
  return new Response(body, { status: 502, headers: { 'content-type': 'text/html' } })
}

export function halfOf<T>(rows: readonly T[]): readonly T[] {
  return rows.slice(0, Math.floor(rows.length / 2))
}
