import type { AnswerOf, InputArgument } from './operation.ts'
import { policy, type RouteKey } from './policy.ts'
import { type ApiProblem, notConfirmed, outOfReach, problemOf } from './problem.ts'

interface Sent {
  readonly path?: Readonly<Record<string, string>> | undefined
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
}

/** What a page as a whole does about two answers that any call can get. */
export interface Callbacks {
  /** Asks the person who they are; whether they showed it. */
  readonly confirm: () => Promise<boolean>
  /** The session is over. */
  readonly onSignedOut: () => void
}

let callbacks: Callbacks = { confirm: async () => false, onSignedOut: () => {} }

/** Set once, where the page starts. */
export function setCallbacks(given: Callbacks): void {
  callbacks = given
}

/**
 * Calls a route of the API by the name that it has in the policy table and the reference.
 *
 * Where the answer is that one has to show once more who one is, the dialog for it opens and the call is sent again.
 *
 * @throws ApiProblem
 * @example
 * const { items } = await call('GET /api/v1/projects/{projectId}/checks', { path: { projectId } })
 */
export async function call<Key extends RouteKey>(
  key: Key,
  ...[input, signal]: [...InputArgument<Key>, signal?: AbortSignal]
): Promise<AnswerOf<Key>> {
  return await send<AnswerOf<Key>>(key, (input ?? {}) as Sent, signal as AbortSignal | undefined)
}

/** The same for calls whose route is known only when they are made. */
export async function send<Answer>(key: RouteKey, input: Sent, signal?: AbortSignal): Promise<Answer> {
  const [method = 'GET'] = key.split(' ')
  const request: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      // Whoever presses twice, or whose connection broke off, has it done once.
      ...(method === 'POST' && policy[key].role !== 'nobody' ? { 'idempotency-key': newKey() } : {}),
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(signal ? { signal } : {}),
  }
  const address = addressOf(key, input)
  const response = await answered(address, request)
  if (response.ok) return (await bodyOf(response)) as Answer
  const problem = await problemOf(response)
  if (problem.code === 'confirmation-needed') {
    if (!(await callbacks.confirm())) throw notConfirmed()
    const again = await answered(address, request)
    if (again.ok) return (await bodyOf(again)) as Answer
    throw await problemOf(again)
  }
  if (isSignedOut(problem)) callbacks.onSignedOut()
  throw problem
}

/** The address of a route, for links and downloads. */
export function addressOf(key: RouteKey, { path = {}, query = {} }: Sent): string {
  const [, template = ''] = key.split(' ')
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null) search.append(name, String(one))
  }
  return search.size > 0 ? `${filled}?${search}` : filled
}

/** Whether an answer says that nobody is signed in any more; a wrong password says something else. */
export function isSignedOut({ status, code }: ApiProblem): boolean {
  return status === 401 && (code === 'signed-out' || code === 'not-signed-in')
}

async function answered(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request)
  } catch (error) {
    if (request.signal?.aborted) throw error
    throw outOfReach()
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const text = await response.text()
  return text === '' ? undefined : JSON.parse(text)
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
