import { ClerkRefusal } from '../clerk-error.ts'
import { reply } from '../http/reply.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

/** The app at Svix behind the webhooks page. Endpoints are not made here but on that page, as at Clerk. */
export function addSvixRoutes(add: AddRoute, { state }: ClerkInstance): void {
  const url = () => reply({ svix_url: `https://app.svix.com/login#key=${state.instanceId}` })
  add('POST', '/webhooks/svix', () => {
    if (state.hasSvixApp) {
      throw new ClerkRefusal(
        400,
        'svix_app_exists',
        'Svix app already exists',
        'A Svix app has already been created for this instance.',
      )
    }
    state.hasSvixApp = true
    return url()
  })
  add('POST', '/webhooks/svix_url', () => {
    refuseMissing(state.hasSvixApp)
    return url()
  })
  add('DELETE', '/webhooks/svix', () => {
    refuseMissing(state.hasSvixApp)
    state.hasSvixApp = false
    return new Response(null, { status: 204 })
  })
}

function refuseMissing(hasApp: boolean): void {
  if (hasApp) return
  throw new ClerkRefusal(
    400,
    'svix_app_missing',
    'Svix app missing',
    'No Svix app was found for this instance.',
  )
}
