/**
 * A JSON answer. The content type carries no charset: with one, Clerk's SDK takes the body for text, and every call
 * "succeeds" with a string.
 */
export function reply(value: unknown, status = 200): Response {
  return replyText(JSON.stringify(value), status)
}

/** As {@link reply}, for JSON that is written already. */
export function replyText(json: string, status = 200): Response {
  return new Response(json, { status, headers: { 'content-type': 'application/json' } })
}
