import { addressHeader } from './library.ts'

/** What of a request the sign-in looks at. */
export interface Caller {
  /** The header `cookie`. */
  readonly cookie: string | null
  readonly userAgent: string | null
  /** Where it came from, as the service found it behind its proxies; `null`: not known. */
  readonly address: string | null
}

/** The caller of a request. */
export function callerOf(request: Request, address: string | null): Caller {
  return { cookie: request.headers.get('cookie'), userAgent: request.headers.get('user-agent'), address }
}

/** The caller in the library's terms. Nothing else of a request reaches it. */
export function headersOf({ cookie, userAgent, address }: Caller): Headers {
  const headers = new Headers()
  if (cookie) headers.set('cookie', cookie)
  if (userAgent) headers.set('user-agent', userAgent.slice(0, 400))
  if (address) headers.set(addressHeader, address)
  return headers
}

/** The caller without a cookie, so that an act counts on nothing but what is handed to it. */
export function withoutCookies(caller: Caller): Caller {
  return { ...caller, cookie: null }
}

/** The caller with those cookies alone whose name ends so. */
export function withCookiesNamed(caller: Caller, ending: string): Caller {
  const kept = (caller.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.split('=', 1)[0]?.endsWith(ending))
  return { ...caller, cookie: kept.length > 0 ? kept.join('; ') : null }
}
