/** Why a webhook was not taken. Closed list; it stands in the answer. */
export type WebhookRefusal =
  | 'method-not-allowed'
  | 'body-unreadable'
  | 'signature-missing'
  | 'signature-expired'
  | 'signature-invalid'
  | 'event-unreadable'
  | 'wrong-mode'
  | 'wrong-account'
  | 'not-configured'

const statusOf: Readonly<Record<WebhookRefusal, number>> = {
  'method-not-allowed': 405,
  'body-unreadable': 400,
  'signature-missing': 401,
  'signature-expired': 401,
  'signature-invalid': 401,
  'event-unreadable': 400,
  'wrong-mode': 400,
  'wrong-account': 400,
  'not-configured': 404,
}

export function refused(reason: WebhookRefusal): Response {
  return answer(statusOf[reason], { error: reason })
}

/** Kept; with `retry`, what it asks for is not done yet, and the vendor may send it again. */
export function received(state: 'new' | 'known' | 'ignored' | 'retry'): Response {
  return answer(state === 'retry' ? 503 : 200, { received: state })
}

function answer(status: number, body: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
}
