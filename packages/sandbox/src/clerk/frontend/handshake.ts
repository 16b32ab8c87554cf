import type { Context } from 'hono'
import type { ClerkSession } from '../objects/index.ts'
import type { ClerkInstance } from '../routes/route.ts'
import { appCookies } from './cookies.ts'

/** The parameter under which an app's server is handed the cookies that it is to set. */
const handshakeParameter = '__clerk_handshake'

/**
 * Sends a browser back to an app with the cookies of its sign-in, in a signed token: the app's server, which may be on
 * another host, sets them by the SDK's `authenticateRequest`.
 */
export function backToApp(
  context: Context,
  instance: ClerkInstance,
  session: ClerkSession | null,
  redirectUrl: URL,
): Response {
  const handshake = instance.signingKey.token({
    handshake: [...appCookies(instance, session, redirectUrl.origin)],
  })
  const url = new URL(redirectUrl)
  url.searchParams.set(handshakeParameter, handshake)
  // A form that was sent is not to be sent to the app as well.
  return context.redirect(url.href, 303)
}

/** Where a page is to lead to; `null` for what is no address of the web. */
export function redirectUrlOf(text: string | undefined): URL | null {
  if (text === undefined || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null
}
