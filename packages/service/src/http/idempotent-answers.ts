import { createHash } from 'node:crypto'
import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from '../store/database.ts'
import { ApiError } from './api-error.ts'
import type { RouteKey } from './policy.ts'
import type { Principal } from './principal.ts'
import type { ReachedTenant } from './route.ts'

const keptHours = 24
/** A request that has not been answered for so long never will be: its process died. */
const busySeconds = 60

export interface IdempotentAnswers {
  /**
   * Runs a POST with an `Idempotency-Key` once: the same key with the same content gets the first answer again for
   * {@link keptHours} hours. Anything else is run as it is.
   */
  once(
    request: Request,
    route: RouteKey,
    sent: {
      readonly principal: Principal
      readonly tenant: ReachedTenant
      readonly params: unknown
      readonly body: unknown
    },
    run: () => Promise<Response>,
    /** What is sent or answered holds a secret: nothing of either is kept but that it was carried out. */
    isShownOnce?: boolean,
  ): Promise<Response>
}

/** Answers kept in the database, so that another process knows them too. */
export function createIdempotentAnswers(
  { system }: Pick<Database, 'system'>,
  clock: Clock,
): IdempotentAnswers {
  return {
    async once(request, route, { principal, tenant, params, body }, run, isShownOnce = false) {
      const key = request.headers.get('idempotency-key')
      if (key === null || request.method !== 'POST') return await run()
      if (principal.kind === 'nobody') return await run()
      assertKey(key)
      const owner = principal.kind === 'person' ? principal.personId : principal.keyId
      const content = createHash('sha256')
        // A hash of a password could be guessed at.
        .update(JSON.stringify([route, params, isShownOnce ? null : body]))
        .digest('hex')
      const now = clock.now()
      const { rows: begun } = await sql<{ readonly owner: string }>`
        insert into trueup.idempotent_answer (workspace_id, owner, key, content, begun_at)
        values (${tenant.workspaceId}, ${owner}, ${key}, ${content}, ${now})
        on conflict (workspace_id, owner, key) do update
          set content = excluded.content, begun_at = excluded.begun_at, status = null, answer = null
          where idempotent_answer.begun_at < ${hoursBefore(now, keptHours)}
            or (idempotent_answer.status is null
              and idempotent_answer.begun_at < ${new Date(now.getTime() - busySeconds * 1_000)})
        returning owner`.execute(system)
      if (begun.length === 0) return await answeredBefore(system, tenant.workspaceId, owner, key, content)
      const of = sql`workspace_id = ${tenant.workspaceId} and owner = ${owner} and key = ${key} and begun_at = ${now}`
      try {
        const response = await run()
        const text = isShownOnce ? null : await response.clone().text()
        await sql`update trueup.idempotent_answer set status = ${response.status}, answer = ${text},
          headers = ${isShownOnce ? null : JSON.stringify([...response.headers])} where ${of}`.execute(system)
        return response
      } catch (error) {
        // What was refused changed nothing, so it may be sent again.
        await sql`delete from trueup.idempotent_answer where ${of}`.execute(system)
        throw error
      }
    },
  }
}

async function answeredBefore(
  system: Database['system'],
  workspaceId: string,
  owner: string,
  key: string,
  content: string,
): Promise<Response> {
  const { rows } = await sql<{
    readonly content: string
    readonly status: number | null
    readonly answer: string | null
    readonly headers: string | null
  }>`select content, status, answer, headers from trueup.idempotent_answer
    where workspace_id = ${workspaceId} and owner = ${owner} and key = ${key}`.execute(system)
  const [before] = rows
  if (before && before.content !== content) {
    throw new ApiError({
      code: 'idempotency-key-reused',
      message: 'This Idempotency-Key was sent with another request.',
      fix: 'Make a new key for each request, and send it again only with the same content.',
    })
  }
  if (!before || before.status === null) {
    throw new ApiError({
      code: 'idempotency-key-busy',
      message: 'The first request with this Idempotency-Key is still at work.',
      fix: 'Wait a moment, then send it again.',
      retryAfterSeconds: 2,
    })
  }
  if (before.answer === null) {
    throw new ApiError({
      code: 'idempotency-key-spent',
      message: 'This was done already, and its answer held a secret that is shown once.',
      fix: 'If the secret was lost, revoke it and make another with a new Idempotency-Key.',
    })
  }
  const headers = new Headers(JSON.parse(before.headers ?? '[]'))
  headers.set('Idempotent-Replayed', 'true')
  return new Response(before.status === 204 ? null : before.answer, { status: before.status, headers })
}

function assertKey(key: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return
  throw new ApiError({
    code: 'request-malformed',
    message: 'The Idempotency-Key is empty, too long, or holds characters that no key needs.',
    fix: 'Send 1 to 255 visible ASCII characters, such as a UUID.',
  })
}

function hoursBefore(date: Date, hours: number): Date {
  return new Date(date.getTime() - hours * 3_600_000)
}
