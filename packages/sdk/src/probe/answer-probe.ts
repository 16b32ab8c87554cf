import type { SubjectId } from '@trueup/core'
import { answerFor } from '../access/answer-for.ts'
import type { SharedFrame } from '../frame.ts'
import { jsonText } from '../webhook/json-field.ts'
import { openEnvelope } from '../webhook/open-envelope.ts'
import { refused } from '../webhook/respond.ts'
import { probeClaim, refuseSignature } from '../webhook/signature.ts'

/**
 * Answers what the gate says of a subject now: `POST` with `{"subject":{"type":"organization","id":"org_1"}}`, signed
 * with one of the probe's secrets in `Trueup-Signature: t=<seconds>,v1=<hex>` over `<t>.<body>`.
 *
 * The answer is `{ subject, access, reason, asOf, ageMs }`, with moments in ISO 8601.
 */
export async function answerProbe(frame: SharedFrame, request: Request): Promise<Response> {
  const { probeSecrets = [] } = frame.options
  if (probeSecrets.length === 0) return refused('not-configured')
  const keys = probeSecrets.map((secret) => new TextEncoder().encode(secret))
  const opened = await openEnvelope(request, (headers, body) =>
    refuseSignature(probeClaim(headers), keys, body, frame.clock.now()),
  )
  if ('refusal' in opened) return refused(opened.refusal)
  const subject = subjectIn(opened.json)
  if (!subject) return refused('event-unreadable')
  const answer = answerFor(await frame.store.subject(subject), subject, frame)
  const { plan, paid, trialEndsAt, entitlements, seats, reason, asOf, ageMs } = answer
  const access = { plan, paid, trialEndsAt, entitlements, seats }
  return new Response(JSON.stringify({ subject, access, reason, asOf, ageMs }), {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}

function subjectIn(json: unknown): SubjectId | null {
  const type = jsonText(json, 'subject', 'type')
  const id = jsonText(json, 'subject', 'id')
  return (type === 'user' || type === 'organization') && id ? { type, id } : null
}
