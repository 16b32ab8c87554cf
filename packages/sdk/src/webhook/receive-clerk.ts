import type { SharedFrame } from '../frame.ts'
import { jsonText } from './json-field.ts'
import { openEnvelope } from './open-envelope.ts'
import { refused } from './respond.ts'
import { clerkClaim, clerkKey, refuseSignature } from './signature.ts'
import { storeAndAct } from './store-and-act.ts'

/**
 * Takes a webhook of Clerk: authenticates the raw body, stores the event under its `svix-id`, and does what it
 * asks for: brings the user or organization in step, or reads its billing. What Clerk says of it is read anew.
 */
export async function receiveClerk(
  frame: SharedFrame,
  request: Request,
  storeOnly: boolean,
): Promise<Response> {
  const endpoint = frame.options.webhooks?.clerk
  if (!endpoint) return refused('not-configured')
  const keys = endpoint.secrets.flatMap((secret) => clerkKey(secret) ?? [])
  const opened = await openEnvelope(request, (headers, body) =>
    refuseSignature(clerkClaim(headers), keys, body, frame.clock.now()),
  )
  if ('refusal' in opened) return refused(opened.refusal)
  const type = jsonText(opened.json, 'type')
  const id = request.headers.get('svix-id')
  if (!type || !id) return refused('event-unreadable')
  const { instanceId } = endpoint
  if (instanceId && jsonText(opened.json, 'instance_id') !== instanceId) return refused('wrong-account')
  return storeAndAct(frame, {
    storeOnly,
    event: { source: 'clerk', id, type, keys: [id] },
    work: frame.seller.askedByClerk(type, opened.json),
  })
}
