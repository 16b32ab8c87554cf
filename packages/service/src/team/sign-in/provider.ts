import { ofEverybody, type Team } from '../team.ts'
import { TeamError } from '../team-error.ts'
import { askLibrary } from './ask-library.ts'
import { countAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { headersOf, withCookiesNamed, withoutCookies } from './caller.ts'
import type { SignInLibrary } from './library.ts'
import { oidcProviderId } from './library.ts'
import type { WithCookies } from './sign-in.ts'
import { networkOf } from './sign-in.ts'

/**
 * Begins to sign in with the identity provider: where to send the browser, and the cookie that it comes back with.
 *
 * @throws TeamError `provider-missing` where none is set up; `provider-unreachable`
 */
export async function startWithProvider(
  team: Team,
  caller: Caller,
): Promise<WithCookies & { readonly url: string }> {
  await countAttempt(team, ['provider', networkOf(caller.address)], { most: 60, seconds: 900 })
  const library = await libraryOfProvider(team)
  const { publicUrl } = team.settings
  const { headers, response } = await askLibrary(async () =>
    library.api.signInSocial({
      body: {
        provider: oidcProviderId,
        callbackURL: `${publicUrl}/`,
        errorCallbackURL: `${publicUrl}/sign-in`,
        disableRedirect: true,
      },
      headers: headersOf(withoutCookies(caller)),
      returnHeaders: true,
    }),
  )
  if (!response.url) throw new Error('The sign-in library gave no address of the identity provider.')
  return { url: response.url, cookies: headers.getSetCookie() }
}

/**
 * What the browser is answered that the identity provider sent back: it goes on to the dashboard with a session, or to
 * the sign-in page with the reason. Nobody becomes a person by this: an address that is not known here is turned away.
 *
 * @throws TeamError `provider-missing`, `provider-unreachable`
 */
export async function finishWithProvider(team: Team, caller: Caller, request: Request): Promise<Response> {
  await countAttempt(team, ['provider-back', networkOf(caller.address)], { most: 60, seconds: 900 })
  const library = await libraryOfProvider(team)
  const { search } = new URL(request.url)
  const { publicUrl } = team.settings
  const answer = await library.handler(
    new Request(`${publicUrl}/api/auth/callback/${oidcProviderId}${search}`, {
      headers: headersOf(withCookiesNamed(caller, '.state')),
    }),
  )
  // Nothing but the way on and the cookies leaves the library.
  const headers = new Headers({
    location: answer.headers.get('location') ?? `${publicUrl}/sign-in?error=failed`,
  })
  for (const cookie of answer.headers.getSetCookie()) headers.append('set-cookie', cookie)
  return new Response(null, { status: 302, headers })
}

/**
 * Takes from a person whose address nobody had proven what they signed in with before, when the identity provider says
 * whose address it is: whoever had taken that name by an invite link that was not mailed is not them.
 */
export async function provenByProvider(team: Pick<Team, 'database'>, personId: string): Promise<void> {
  await ofEverybody(team)
    .transaction()
    .execute(async (tx) => {
      const proven = await tx
        .updateTable('trueup.person')
        .set({ email_verified: true, two_factor_enabled: false })
        .where('id', '=', personId)
        .where('email_verified', '=', false)
        .executeTakeFirst()
      if (proven.numUpdatedRows === 0n) return
      await tx
        .deleteFrom('trueup.person_account')
        .where('person_id', '=', personId)
        .where('provider_id', '<>', oidcProviderId)
        .execute()
      await tx.deleteFrom('trueup.person_two_factor').where('person_id', '=', personId).execute()
      await tx.deleteFrom('trueup.person_session').where('person_id', '=', personId).execute()
    })
}

async function libraryOfProvider(team: Team): Promise<SignInLibrary> {
  if (!team.settings.oidc) {
    throw new TeamError({
      code: 'provider-missing',
      message: 'No identity provider is set up here.',
      fix: 'Sign in with a password. Whoever runs this service sets one up with TRUEUP_OIDC_ISSUER.',
    })
  }
  const library = await team.providerLibrary()
  if (library) return library
  throw new TeamError({
    code: 'provider-unreachable',
    message: 'The identity provider did not say where it signs people in.',
    fix: 'Try again in a minute. Whoever runs this service looks at TRUEUP_OIDC_ISSUER.',
  })
}
