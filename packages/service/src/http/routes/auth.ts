import { z } from '@hono/zod-openapi'
import { roles } from '../../team/role.ts'
import { callerOf } from '../../team/sign-in/caller.ts'
import { changePassword } from '../../team/sign-in/change-password.ts'
import { confirmPerson } from '../../team/sign-in/confirm.ts'
import { parseName } from '../../team/sign-in/create-person.ts'
import { finishWithProvider, startWithProvider } from '../../team/sign-in/provider.ts'
import { renamePerson } from '../../team/sign-in/rename-person.ts'
import { askForReset, resetPassword } from '../../team/sign-in/reset-password.ts'
import {
  newBackupCodes,
  offerSecondFactor,
  turnOffSecondFactor,
  turnOnSecondFactor,
} from '../../team/sign-in/second-factor.ts'
import { endSession, endSessions, listSessions, requireSignedIn } from '../../team/sign-in/sessions.ts'
import { giveCode, signIn, signOut } from '../../team/sign-in/sign-in.ts'
import { askToSignUp, isFirstSignUp, signUpByLink, signUpFirst } from '../../team/sign-in/sign-up.ts'
import type { Team } from '../../team/team.ts'
import { listWorkspaces } from '../../team/workspace/workspaces.ts'
import { notFound } from '../api-error.ts'
import type { Principal } from '../principal.ts'
import type { Route, RouteRequest } from '../route.ts'
import { route } from '../route.ts'

const time = z.string().openapi({ format: 'date-time' })
const email = z.string().max(254).openapi({ format: 'email', example: 'ada@example.com' })
const password = z.string().max(1_000).openapi({ format: 'password' })
const newPassword = password.openapi({ description: '12 to 256 characters.' })
const token = z.string().max(200).openapi({ description: 'What stands behind # in the link.' })
const name = z.string().max(500).openapi({ example: 'Ada Lovelace' })
const step = z
  .object({
    next: z.enum(['done', 'code']).openapi({
      description: 'done: the cookie of the session is set; code: the second factor is asked for next.',
    }),
  })
  .openapi('SignInStep')

/** Signing up, signing in and out, and what a person settles for themselves. */
export function authRoutes({ team }: { readonly team: Team }): readonly Route[] {
  return [...signUpRoutes(team), ...sessionRoutes(team), ...passwordRoutes(team), ...meRoutes(team)]
}

function signUpRoutes(team: Team): readonly Route[] {
  const tag = 'Sign-in'
  return [
    route('GET /api/v1/sign-in-options', {
      summary: 'How one can sign in and sign up here',
      tag,
      answer: z.object({
        firstSignUp: z
          .boolean()
          .openapi({ description: 'The first person, who owns all, is still to come.' }),
        signUp: z.enum(['open', 'invite', 'closed']),
        canMail: z.boolean().openapi({ description: 'Whether forgotten passwords can be reset by mail.' }),
        provider: z.object({ name: z.string() }).nullable(),
      }),
      handle: async () => ({
        body: {
          firstSignUp: await isFirstSignUp(team),
          signUp: team.settings.signUp,
          canMail: team.sendMail !== null,
          provider: team.settings.oidc ? { name: team.settings.oidc.name } : null,
        },
      }),
    }),
    route('POST /api/v1/sign-up', {
      summary: 'Make an account and a workspace',
      tag,
      description:
        'The first person gives an address; after that only a `token` that was mailed opens this, where anybody may sign up.',
      body: z.strictObject({
        email: email.optional(),
        token: token.optional(),
        name,
        password: newPassword,
        workspaceName: name,
      }),
      isShownOnce: true,
      answer: step,
      async handle(request) {
        const { token: linked, email: address = '', ...said } = request.body
        const made =
          linked === undefined
            ? { ...(await signUpFirst(team, { ...said, email: address })), email: address }
            : await signUpByLink(team, { ...said, token: linked })
        return await signedInAs(team, request, made.email, said.password)
      },
    }),
    route('POST /api/v1/sign-up/link', {
      summary: 'Have a link to sign up with mailed',
      tag,
      body: z.strictObject({ email }),
      status: 204,
      async handle({ body, raw, address }) {
        await askToSignUp(team, callerOf(raw, address), body.email)
        return { status: 204 }
      },
    }),
  ]
}

function sessionRoutes(team: Team): readonly Route[] {
  const tag = 'Sign-in'
  return [
    route('POST /api/v1/session', {
      summary: 'Sign in with a password',
      tag,
      body: z.strictObject({
        email,
        password,
        remember: z
          .boolean()
          .default(true)
          .openapi({ description: 'false: until the browser is closed, a day at most.' }),
      }),
      isShownOnce: true,
      answer: step,
      async handle({ body, raw, address }) {
        const { next, cookies } = await signIn(team, callerOf(raw, address), body)
        return withCookies({ next }, cookies)
      },
    }),
    route('POST /api/v1/session/code', {
      summary: 'Give the code of the second factor',
      tag,
      description: 'Six digits of the authenticator app, or a backup code.',
      body: z.strictObject({ code: z.string().max(100) }),
      isShownOnce: true,
      answer: step,
      async handle({ body, raw, address }) {
        const { next, cookies } = await giveCode(team, callerOf(raw, address), body.code)
        return withCookies({ next }, cookies)
      },
    }),
    route('POST /api/v1/session/provider', {
      summary: 'Begin to sign in with the identity provider',
      tag,
      isShownOnce: true,
      answer: z.object({ url: z.string().openapi({ description: 'Where the browser goes next.' }) }),
      async handle({ raw, address }) {
        const { url, cookies } = await startWithProvider(team, callerOf(raw, address))
        return withCookies({ url }, cookies)
      },
    }),
    route('GET /api/auth/callback/oidc', {
      summary: 'Where the identity provider sends the browser back to',
      tag,
      produces: 'text/html',
      handle: async ({ raw, address }) => await finishWithProvider(team, callerOf(raw, address), raw),
    }),
    route('DELETE /api/v1/session', {
      summary: 'Sign out',
      tag,
      status: 204,
      async handle({ raw, address }) {
        const { cookies } = await signOut(team, callerOf(raw, address))
        return withCookies(null, cookies)
      },
    }),
    route('POST /api/v1/session/confirm', {
      summary: 'Show once more that it is you',
      tag,
      description: 'For the next ten minutes the session may do what needs it: keys, sources, ownership.',
      body: z.strictObject({ password, code: z.string().max(100).optional() }),
      isShownOnce: true,
      status: 204,
      async handle({ body, raw, address }) {
        await confirmPerson(team, callerOf(raw, address), {
          password: body.password,
          code: body.code ?? null,
        })
        return { status: 204 }
      },
    }),
  ]
}

function passwordRoutes(team: Team): readonly Route[] {
  const tag = 'Sign-in'
  return [
    route('POST /api/v1/password-reset', {
      summary: 'Have a link to a new password mailed',
      tag,
      description: 'The answer is the same whether or not there is a person with the address.',
      body: z.strictObject({ email }),
      status: 204,
      async handle({ body, raw, address }) {
        await askForReset(team, callerOf(raw, address), body.email)
        return { status: 204 }
      },
    }),
    route('POST /api/v1/password-reset/finish', {
      summary: 'Set a new password with a link',
      tag,
      description: 'Every session of the person ends.',
      body: z.strictObject({ token, password: newPassword }),
      isShownOnce: true,
      status: 204,
      async handle({ body, raw, address }) {
        await resetPassword(team, callerOf(raw, address), body)
        return { status: 204 }
      },
    }),
    route('PUT /api/v1/me/password', {
      summary: 'Change your password',
      tag: 'You',
      description: 'Every other session of yours ends.',
      body: z.strictObject({ current: password, next: newPassword }),
      status: 204,
      async handle({ body, raw, address }) {
        const { cookies } = await changePassword(team, callerOf(raw, address), body)
        return withCookies(null, cookies)
      },
    }),
  ]
}

function meRoutes(team: Team): readonly Route[] {
  const tag = 'You'
  const codes = z.array(z.string()).openapi({ description: 'Each opens once. They are shown this once.' })
  return [
    route('GET /api/v1/me', {
      summary: 'Who you are here',
      tag,
      answer: z.union([
        z.object({
          kind: z.literal('person'),
          personId: z.string(),
          email: z.string(),
          name: z.string(),
          hasTwoFactor: z.boolean(),
          isFresh: z.boolean().openapi({ description: 'You showed within ten minutes that it is you.' }),
          workspaces: z.array(z.object({ workspaceId: z.string(), name: z.string(), role: z.enum(roles) })),
        }),
        z.object({
          kind: z.literal('key'),
          keyId: z.string(),
          workspaceId: z.string(),
          projectId: z.string().nullable(),
          scope: z.enum(['read', 'read+repair']),
        }),
      ]),
      async handle({ principal, raw, address }) {
        if (principal.kind === 'key') return { body: principal }
        const { personId, name, hasTwoFactor, isFresh, ...person } = await requireSignedIn(
          team,
          callerOf(raw, address),
        )
        const workspaces = [...(await listWorkspaces(team, personId))]
        return {
          body: {
            kind: 'person' as const,
            personId,
            email: person.email,
            name,
            hasTwoFactor,
            isFresh,
            workspaces,
          },
        }
      },
    }),
    route('PATCH /api/v1/me', {
      summary: 'Change your name',
      tag,
      body: z.strictObject({ name }),
      status: 204,
      async handle({ body, principal }) {
        await renamePerson(team, personOf(principal), parseName(body.name))
        return { status: 204 }
      },
    }),
    route('POST /api/v1/me/second-factor', {
      summary: 'Begin to set up a second factor',
      tag,
      description: 'Show `uri` to an authenticator app; the factor is on once a code of it was confirmed.',
      body: z.strictObject({ password }),
      isShownOnce: true,
      answer: z.object({ uri: z.string().openapi({ example: 'otpauth://totp/…' }), backupCodes: codes }),
      async handle({ body, raw, address }) {
        const { uri, backupCodes } = await offerSecondFactor(team, callerOf(raw, address), body.password)
        return { body: { uri, backupCodes: [...backupCodes] } }
      },
    }),
    route('POST /api/v1/me/second-factor/confirm', {
      summary: 'Turn the second factor on with a code of it',
      tag,
      body: z.strictObject({ code: z.string().max(100) }),
      isShownOnce: true,
      status: 204,
      async handle({ body, raw, address }) {
        const { cookies } = await turnOnSecondFactor(team, callerOf(raw, address), body.code)
        return withCookies(null, cookies)
      },
    }),
    route('POST /api/v1/me/second-factor/remove', {
      summary: 'Turn the second factor off',
      tag,
      body: z.strictObject({ password }),
      isShownOnce: true,
      status: 204,
      async handle({ body, raw, address }) {
        const { cookies } = await turnOffSecondFactor(team, callerOf(raw, address), body.password)
        return withCookies(null, cookies)
      },
    }),
    route('POST /api/v1/me/second-factor/backup-codes', {
      summary: 'New backup codes in the place of the old ones',
      tag,
      body: z.strictObject({ password }),
      isShownOnce: true,
      answer: z.object({ backupCodes: codes }),
      async handle({ body, raw, address }) {
        const backupCodes = await newBackupCodes(team, callerOf(raw, address), body.password)
        return { body: { backupCodes: [...backupCodes] } }
      },
    }),
    route('GET /api/v1/me/sessions', {
      summary: 'Your sessions',
      tag,
      answer: z.object({
        items: z.array(
          z.object({
            sessionId: z.string(),
            isThisOne: z.boolean(),
            createdAt: time,
            expiresAt: time,
            address: z.string().nullable(),
            userAgent: z.string().nullable(),
          }),
        ),
      }),
      async handle({ raw, address }) {
        const own = await requireSignedIn(team, callerOf(raw, address))
        const lines = await listSessions(team, own.personId)
        return {
          body: {
            items: lines.map((line) => ({
              ...line,
              isThisOne: line.sessionId === own.sessionId,
              createdAt: line.createdAt.toISOString(),
              expiresAt: line.expiresAt.toISOString(),
            })),
          },
        }
      },
    }),
    route('DELETE /api/v1/me/sessions/{sessionId}', {
      summary: 'End one of your sessions',
      tag,
      params: z.object({ sessionId: z.string().max(200) }),
      status: 204,
      async handle({ principal, params }) {
        await endSession(team, personOf(principal), params.sessionId)
        return { status: 204 }
      },
    }),
    route('DELETE /api/v1/me/sessions', {
      summary: 'End all your sessions but this one',
      tag,
      status: 204,
      async handle({ raw, address }) {
        const own = await requireSignedIn(team, callerOf(raw, address))
        await endSessions(team, own.personId, { except: own.sessionId })
        return { status: 204 }
      },
    }),
  ]
}

/** The person who asks. Rows of the policy table that no key may use leave nobody else. */
export function personOf(principal: Principal): string {
  if (principal.kind === 'person') return principal.personId
  throw notFound()
}

/** An answer that sets cookies. Each stands on a line of its own, which a record of headers cannot hold. */
export function withCookies(body: unknown, cookies: readonly string[]): Response {
  const response = body === null ? new Response(null, { status: 204 }) : Response.json(body)
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** The answer to who has just become a person: a session. */
export async function signedInAs(
  team: Team,
  { raw, address }: Pick<RouteRequest<unknown, unknown, unknown>, 'raw' | 'address'>,
  person: string,
  secret: string,
): Promise<Response> {
  const { next, cookies } = await signIn(team, callerOf(raw, address), { email: person, password: secret })
  return withCookies({ next }, cookies)
}
