import { Hono } from 'hono'
import { checkAnswer } from './clerk-spec.ts'

/** An app whose every answer is held against the API's description, and what that showed. */
export interface CheckedApp {
  readonly app: Hono
  /** Answers that the description forbids: operation, status and what is wrong. */
  readonly wrong: string[]
  /** Operations that were answered with success. */
  readonly answered: Set<string>
}

/** Puts an app behind the check; for tests. */
export function checkedApp(inner: Pick<Hono, 'fetch'>): CheckedApp {
  const app = new Hono()
  const wrong: string[] = []
  const answered = new Set<string>()
  app.all('*', async (c) => {
    const response = await inner.fetch(c.req.raw, c.env)
    const body = await response.clone().text()
    const { method, path } = c.req
    const { operation, problems } = checkAnswer({
      method,
      path,
      status: response.status,
      body,
      paginated: c.req.query('paginated') === 'true',
    })
    if (operation === null) return response
    if (response.ok) answered.add(operation)
    if (problems.length > 0)
      wrong.push(`${operation} ${response.status}: ${problems.join('; ').slice(0, 600)}`)
    return response
  })
  return { app, wrong, answered }
}
