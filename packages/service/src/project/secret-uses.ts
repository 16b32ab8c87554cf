import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import type { ProjectTenant } from './project-service.ts'
import type { SecretField } from './secret-field.ts'
import type { ProjectTables } from './tables.ts'

/** Which secret was taken out. */
export interface UsedSecret {
  readonly id: string
  readonly field: SecretField
  readonly name: string
}

interface Counted extends ProjectTenant, UsedSecret {
  readonly usedFor: string
  readonly hour: Date
  uses: number
  lastAt: Date
}

/** Longest time that counts are kept in memory, in milliseconds. */
const flushAfterMs = 10_000
const hourMs = 3_600_000
/** How long it is remembered what a secret was used for. */
export const useRetentionDays = 90

/** One hour in which a secret was used for something. */
export interface SecretUse extends UsedSecret {
  readonly usedFor: string
  readonly hour: Date
  readonly uses: number
  readonly lastAt: Date
}

/**
 * Remembers when secrets were taken out and for what, a line an hour: which key was used, since when and where, is
 * what must be known on the day that one leaks.
 *
 * That a secret was used in an hour is written before it is handed out; how often, at the latest
 * {@link flushAfterMs} later, so that a check of one customer costs no write.
 */
export class SecretUses {
  readonly #database: Database
  readonly #clock: Clock
  #hour = 0
  #written = new Set<string>()
  #pending = new Map<string, Counted>()
  #flushedAt = 0

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database
    this.#clock = clock
  }

  /** Notes that these are about to be used. */
  async note(tenant: ProjectTenant, secrets: readonly UsedSecret[], usedFor: string): Promise<void> {
    const now = this.#clock.now()
    const hour = Math.floor(now.getTime() / hourMs) * hourMs
    if (hour !== this.#hour) {
      this.#hour = hour
      this.#written = new Set()
    }
    const fresh: string[] = []
    for (const secret of secrets) {
      const key = JSON.stringify([tenant.workspaceId, tenant.projectId, secret.id, usedFor])
      const pendingKey = `${key} ${hour}`
      const counted = this.#pending.get(pendingKey)
      if (counted) {
        counted.uses += 1
        counted.lastAt = now
      } else {
        const { id, field, name } = secret
        this.#pending.set(pendingKey, {
          ...tenant,
          id,
          field,
          name,
          usedFor,
          hour: new Date(hour),
          uses: 1,
          lastAt: now,
        })
      }
      if (!this.#written.has(key)) fresh.push(key)
    }
    if (fresh.length > 0 || now.getTime() - this.#flushedAt >= flushAfterMs) await this.flush()
    for (const key of fresh) this.#written.add(key)
  }

  /** Writes what was counted. To be called before the process ends. */
  async flush(): Promise<void> {
    const counted = this.#pending
    this.#pending = new Map()
    this.#flushedAt = this.#clock.now().getTime()
    if (counted.size === 0) return
    try {
      await this.#write([...counted.values()])
    } catch (error) {
      for (const [key, use] of counted) {
        const since = this.#pending.get(key)
        if (since) since.uses += use.uses
        else this.#pending.set(key, use)
      }
      throw error
    }
  }

  async #write(counted: readonly Counted[]): Promise<void> {
    const column = <T>(of: (use: Counted) => T) => counted.map(of)
    await sql`with used as (
        select * from unnest(${column((use) => use.workspaceId)}::text[], ${column((use) => use.projectId)}::text[],
          ${column((use) => use.id)}::text[], ${column((use) => use.usedFor)}::text[],
          ${column((use) => use.hour)}::timestamptz[], ${column((use) => use.field)}::text[],
          ${column((use) => use.name)}::text[], ${column((use) => use.uses)}::bigint[],
          ${column((use) => use.lastAt)}::timestamptz[])
          as used (workspace_id, project_id, secret_id, used_for, hour, field, name, uses, last_at)),
      -- A project that was deleted meanwhile has nothing to remember.
      here as (select used.* from used join trueup.project using (workspace_id, project_id)),
      kept as (
        insert into trueup.secret_use as known
          (workspace_id, project_id, secret_id, used_for, hour, field, name, uses, last_at)
        select workspace_id, project_id, secret_id, used_for, hour, field, name, uses, last_at from here
        order by workspace_id, project_id, secret_id, used_for, hour
        on conflict (workspace_id, project_id, secret_id, used_for, hour) do update
          set uses = known.uses + excluded.uses, last_at = greatest(known.last_at, excluded.last_at)),
      summed as (
        select workspace_id, project_id, secret_id, sum(uses)::bigint as uses, max(last_at) as last_at,
          (array_agg(used_for order by last_at desc))[1] as used_for
        from here group by workspace_id, project_id, secret_id)
      update trueup.project_secret secret
      set uses = secret.uses + summed.uses, last_used_at = greatest(secret.last_used_at, summed.last_at),
        last_used_for = summed.used_for
      from summed
      where (secret.workspace_id, secret.project_id, secret.secret_id)
        = (summed.workspace_id, summed.project_id, summed.secret_id)`.execute(this.#database.system)
  }

  /** What the secrets of a project were used for, the latest first; also of secrets that are gone. */
  async uses(tenant: ProjectTenant, limit: number): Promise<readonly SecretUse[]> {
    await this.flush()
    return await this.#database
      .scoped(tenant)
      .withTables<ProjectTables>()
      .selectFrom('trueup.secret_use')
      .select([
        'secret_id as id',
        'field',
        'name',
        'used_for as usedFor',
        'hour',
        'uses',
        'last_at as lastAt',
      ])
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .orderBy('last_at', 'desc')
      .orderBy('secret_id')
      .orderBy('used_for')
      .limit(limit)
      .execute()
  }

  /** Forgets what is older than {@link useRetentionDays}, of every project. Gives how many lines that were. */
  async forgetOld(): Promise<number> {
    const before = new Date(this.#clock.now().getTime() - useRetentionDays * 24 * hourMs)
    const { numDeletedRows } = await this.#database.system
      .withTables<ProjectTables>()
      .deleteFrom('trueup.secret_use')
      .where('hour', '<', before)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }
}
