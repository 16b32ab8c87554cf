import type { Context } from 'hono'
import { SandboxError } from './sandbox-error.ts'

/** @throws SandboxError `invalid-input` when the body is not JSON. */
export async function readJson(c: Context): Promise<unknown> {
  const text = await c.req.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SandboxError(
      'invalid-input',
      `the body is ${text === '' ? 'empty' : 'not JSON'}; JSON is needed`,
      'Send a JSON body.',
      { cause },
    )
  }
}

/** The answer of a control route to an error: 400 or 404 with what was found and what to do; other errors go on. */
export function controlError(error: Error, c: Context): Response {
  if (!(error instanceof SandboxError)) throw error
  const { code, message, fix } = error
  return c.json({ error: { code, message, fix } }, code === 'unknown-id' ? 404 : 400)
}
