import type { GateRefusal } from './gate-answer.ts'

/**
 * A closed gate as JSON: `{ error, message, current, required, reason, ageMs }`.
 *
 * @example
 * if (!answer.open) return refusalResponse(answer)
 */
export function refusalResponse(refusal: GateRefusal): Response {
  const { status, code, message, current, required, reason, ageMs } = refusal
  return new Response(JSON.stringify({ error: code, message, current, required, reason, ageMs }), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}
