import type { SubjectId } from '@trueup/core'
import type { Frame } from '../frame.ts'
import { workOn } from '../work/work-on.ts'
import { jsonText } from './json-field.ts'
import { openEnvelope } from './open-envelope.ts'
import { refused } from './respond.ts'
import { clerkClaim, clerkKey, refuseSignature } from './signature.ts'
import { storeAndAct } from './store-and-act.ts'

/**
 * Takes a webhook of Clerk: authenticates the raw body, stores the event under its `svix-id`, and brings the user or
 * organization in step. What Clerk says of it is read anew.
 */
export async function receiveClerk(frame: Frame, request: Request, storeOnly: boolean): Promise<Response> {
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
  const subject = subjectIn(type, opened.json, frame)
  return storeAndAct(frame, {
    storeOnly,
    event: { source: 'clerk', id, type, keys: [id] },
    work: subject ? workOn('sync', subject, frame.clock.now()) : null,
  })
}

/** `organization.*` and `user.*` name their object; others concern nobody who is billed. */
function subjectIn(type: string, json: unknown, frame: Frame): SubjectId | null {
  const [noun, verb] = type.split('.')
  if (noun !== frame.subjectType || !verb) return null
  const id = jsonText(json, 'data', 'id')
  return id ? { type: frame.subjectType, id } : null
}
