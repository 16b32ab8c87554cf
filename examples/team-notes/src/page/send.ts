/**
 * Asks the app's server as whoever is signed in. A session token lives a minute and is renewed once where it has run
 * out; with Clerk's own script in the page that is done for you.
 *
 * @throws Error with what the server said
 */
export async function send(clerkUrl: string, path: string, body?: unknown): Promise<unknown> {
  let response = await ask(path, body)
  if (response.status === 401 && (await renew(clerkUrl))) response = await ask(path, body)
  const answer: unknown = await response.json()
  if (response.ok) return answer
  throw new Error(String(Object(answer).message ?? response.status))
}

/** Has the server make an address at a vendor, and goes there. */
export async function goTo(clerkUrl: string, path: string, body: unknown): Promise<void> {
  const url: unknown = Object(await send(clerkUrl, path, body)).url
  if (typeof url === 'string') location.assign(url)
}

function ask(path: string, body: unknown): Promise<Response> {
  if (body === undefined) return fetch(path)
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function renew(clerkUrl: string): Promise<boolean> {
  const client = await fetch(`${clerkUrl}/v1/client`, { credentials: 'include' })
  const { response } = Object(await client.json())
  const id: unknown = Object(response).last_active_session_id
  if (typeof id !== 'string') return false
  const renewed = await fetch(`${clerkUrl}/v1/client/sessions/${id}/tokens`, {
    method: 'POST',
    credentials: 'include',
  })
  return renewed.ok
}
