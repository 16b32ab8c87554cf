import { readBody } from './read-body.ts'
import type { WebhookRefusal } from './respond.ts'
import type { SignatureRefusal } from './signature.ts'

/**
 * Reads the raw body of a webhook and has its signature checked before anything is made of it. A body that another
 * part of the app has parsed cannot be checked any more and is refused.
 */
export async function openEnvelope(
  request: Request,
  refuse: (headers: Headers, body: Uint8Array) => Promise<SignatureRefusal | null>,
): Promise<{ readonly json: unknown } | { readonly refusal: WebhookRefusal }> {
  if (request.method !== 'POST') return { refusal: 'method-not-allowed' }
  const body = await readBody(request)
  if (!body) return { refusal: 'body-unreadable' }
  const refusal = await refuse(request.headers, body)
  if (refusal) return { refusal }
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) }
  } catch {
    // Signed and no JSON: nothing that a vendor sends, and sending it again would not help.
    return { refusal: 'event-unreadable' }
  }
}
