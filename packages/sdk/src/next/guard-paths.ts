import type { Gate, GateRefusal } from '../gate/gate-answer.ts'
import { refusalResponse } from '../gate/refusal-response.ts'

/** A path of the app, with all below it, that only some may see. */
export interface GuardedPath<Auth> {
  /** From the first slash: `/reports`. */
  readonly path: string
  readonly gate: Gate<Auth>
  /** Where a browser is sent that may not; `null` and default: it is answered with the refusal as JSON. */
  readonly redirectTo?: string | null | ((refusal: GateRefusal) => string | null)
}

/** Closes paths by their gates. Of a path that several guard, all gates have to be open. */
export function guardPaths<Auth>(
  guarded: readonly GuardedPath<Auth>[],
): (request: Request, auth: Auth) => Promise<Response | undefined> {
  return async (request, auth) => {
    const asked = plainPath(new URL(request.url).pathname)
    // No route answers such a path, and what would be guarded of it cannot be told.
    if (asked === null) return new Response(null, { status: 400 })
    for (const { path, gate, redirectTo = null } of guarded) {
      if (!isWithin(asked, path)) continue
      const answer = await gate(auth)
      if (answer.open) continue
      const target = typeof redirectTo === 'function' ? redirectTo(answer) : redirectTo
      return target === null
        ? refusalResponse(answer)
        : Response.redirect(new URL(target, request.url).href, 307)
    }
    return undefined
  }
}

/** The path as the router reads it: `/%72eports`, `//reports` and `/_next/data/b/reports.json` are all `/reports`. */
function plainPath(pathname: string): string | null {
  try {
    const plain = decodeURIComponent(pathname).replaceAll(/[/\\]+/g, '/')
    const data = /^\/_next\/data\/[^/]+(\/.*)\.json$/.exec(plain)
    return data?.[1] ?? plain
  } catch {
    return null
  }
}

function isWithin(asked: string, path: string): boolean {
  const whole = path.replace(/\/+$/, '')
  return asked === whole || asked.startsWith(`${whole}/`)
}
