import type { Incident, IncidentKind } from '@trueup/core'
import { sql } from 'kysely'
import { newId } from '../new-id.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import { followLedger } from '../outgoing/follow-ledger.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { ruleTells } from './alert-rule.ts'
import { type AlertTransaction, alertDb } from './channels.ts'
import { dueAt } from './due-at.ts'
import { numberEntries } from './number-entries.ts'
import { type KeptRule, rulesOf } from './rules.ts'

/** How long ends of incidents are gathered before it is told that they have ended. */
const endGatherSeconds = 10

/** The turns of an incident that somebody may have to be told of. */
const turns = [
  'incident-opened',
  'incident-reopened',
  'incident-acknowledged',
  'incident-ignored',
  'incident-resolved',
] as const

/**
 * Works out who is to be told of what has become of incidents since it was last called, and puts the messages on their
 * way. An incident is told to a channel once each time it opens, by the first rule that tells it; those of one kind go
 * into one message. The ledger only says which incidents to look at: what is told is what they are now, so one that
 * opened and ended in between is not told at all.
 *
 * May be called at any time, any number of times and by any number of processes.
 *
 * @example
 * await routeIncidents(dependencies, { workspaceId, projectId }) // at the end of each check
 */
export async function routeIncidents(dependencies: AlertDependencies, tenant: ProjectTenant): Promise<void> {
  await numberEntries(dependencies, tenant)
  const db = alertDb(dependencies, tenant)
  let isMore = true
  while (isMore) {
    isMore = await followLedger(db, tenant, 'alert', turns, async (tx, entries) => {
      const ids = [...new Set(entries.flatMap(({ incidentId }) => incidentId ?? []))]
      if (ids.length > 0) await new Routing(dependencies, tenant, tx).route(ids)
    })
  }
}

interface Channel {
  readonly channel_id: string
  readonly kind: string
}

interface Told {
  readonly channel_id: string
  readonly incident_id: string
  readonly opening: number
  readonly rule_id: string
  readonly cause: string
  readonly episode_id: string
  readonly delivery_id: string
  readonly ended_at: Date | null
}

/** Incidents of one kind that one rule tells one channel. */
interface Group {
  readonly channel: Channel
  readonly rule: KeptRule
  readonly kind: IncidentKind
  readonly told: { readonly incident: Incident; readonly opening: number }[]
}

class Routing {
  readonly #dependencies: AlertDependencies
  readonly #tenant: ProjectTenant
  readonly #tx: AlertTransaction
  readonly #now: Date
  readonly #own: ReturnType<typeof sql>

  constructor(dependencies: AlertDependencies, tenant: ProjectTenant, tx: AlertTransaction) {
    this.#dependencies = dependencies
    this.#tenant = tenant
    this.#tx = tx
    this.#now = dependencies.clock.now()
    this.#own = sql`workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`
  }

  async route(incidentIds: readonly string[]): Promise<void> {
    const rules = await rulesOf(this.#tx, this.#tenant)
    const { rows: channels } = await sql<Channel>`select channel_id, kind from trueup.alert_channel
      where ${this.#own} and enabled`.execute(this.#tx)
    const { rows } = await sql<{ incident: Incident }>`select incident from trueup.incident
      where project_id = ${this.#tenant.projectId} and incident_id = any(${[...incidentIds]}::text[])`.execute(
      this.#tx,
    )
    const incidents = rows.map(({ incident }) => incident)
    const told = await this.#toldOf(incidentIds)
    const current = told.filter(({ ended_at }) => ended_at === null)
    await this.#tellEnds(incidents, current, rules, channels)
    await this.#tellAcknowledged(incidents, current, channels)
    for (const group of groupsOf(incidents, told, rules, channels)) await this.#tellOpened(group)
  }

  /** What channels were told of these incidents. */
  async #toldOf(incidentIds: readonly string[]): Promise<readonly Told[]> {
    const { rows } =
      await sql<Told>`select channel_id, incident_id, opening, rule_id, cause, episode_id, delivery_id,
        ended_at
      from trueup.alert_told where ${this.#own} and incident_id = any(${[...incidentIds]}::text[])
      order by channel_id, incident_id, opening`.execute(this.#tx)
    return rows
  }

  async #tellOpened({ channel, rule, kind, told }: Group): Promise<void> {
    const isCritical = told.some(({ incident }) => incident.severity === 'critical')
    const { rows: episodes } = await sql<{ episode_id: string; last_due_at: Date; is_open: boolean }>`
      select episode_id, last_due_at, exists (select from trueup.alert_told told where told.workspace_id = e.workspace_id
          and told.project_id = e.project_id and told.episode_id = e.episode_id and told.ended_at is null) as is_open
      from trueup.alert_episode e
      where ${this.#own} and channel_id = ${channel.channel_id} and cause = ${kind}`.execute(this.#tx)
    const [episode] = episodes
    const due = dueAt(rule.rule, { now: this.#now, lastAt: episode?.last_due_at ?? null, isCritical })
    const delivery = await this.#openDelivery(channel, 'opened', rule, kind, due)
    const episodeId = episode?.is_open ? episode.episode_id : delivery.id
    await sql`insert into trueup.alert_episode (workspace_id, project_id, channel_id, cause, episode_id, last_due_at)
      values (${this.#tenant.workspaceId}, ${this.#tenant.projectId}, ${channel.channel_id}, ${kind}, ${episodeId},
        ${delivery.dueAt})
      on conflict (workspace_id, project_id, channel_id, cause) do update
        set episode_id = excluded.episode_id, last_due_at = excluded.last_due_at`.execute(this.#tx)
    await sql`insert into trueup.alert_told (workspace_id, project_id, channel_id, incident_id, opening, rule_id, cause,
        episode_id, delivery_id, told_at)
      select ${this.#tenant.workspaceId}, ${this.#tenant.projectId}, ${channel.channel_id}, new.id, new.opening,
        ${rule.id}, ${kind}, ${episodeId}, ${delivery.id}, ${this.#now}
      from unnest(${told.map(({ incident }) => incident.id)}::text[], ${told.map(({ opening }) => opening)}::int[])
        as new (id, opening)
      on conflict do nothing`.execute(this.#tx)
  }

  /** What was told and is over: said where the rule says so. What was not sent yet is taken back instead. */
  async #tellEnds(
    incidents: readonly Incident[],
    told: readonly Told[],
    rules: readonly KeptRule[],
    channels: readonly Channel[],
  ): Promise<void> {
    const over = new Map(
      incidents
        .filter(({ state }) => state === 'resolved' || state === 'ignored')
        .map((incident) => [incident.id, incident]),
    )
    for (const [, group] of groupBy(
      told.filter(({ incident_id }) => over.has(incident_id)),
      (line) => `${line.channel_id} ${line.rule_id} ${line.cause}`,
    )) {
      const [first] = group
      const channel = channels.find(({ channel_id }) => channel_id === first?.channel_id)
      const sent = await this.#begunDeliveries(group.map(({ delivery_id }) => delivery_id))
      const said = group.filter(
        ({ incident_id, delivery_id }) =>
          sent.has(delivery_id) && over.get(incident_id)?.state === 'resolved',
      )
      await this.#end(group, null)
      if (!first || !channel) continue
      const rule = rules.find(({ id }) => id === first.rule_id)
      if (channel.kind === 'pagerduty') {
        await this.#endEpisodes(channel, group)
      } else if (said.length > 0 && (rule?.rule.recovery ?? true)) {
        const isCritical = said.some(({ incident_id }) => over.get(incident_id)?.severity === 'critical')
        const due = dueAt(
          {
            quietHours: rule?.rule.quietHours ?? null,
            gatherSeconds: endGatherSeconds,
            againAfterMinutes: 0,
          },
          { now: this.#now, lastAt: null, isCritical },
        )
        const delivery = await this.#openDelivery(channel, 'resolved', rule ?? null, first.cause, due)
        await this.#end(said, delivery.id)
      }
    }
  }

  /** PagerDuty holds one incident for a course: it ends with the last of it, and nothing holds that back. */
  async #endEpisodes(channel: Channel, ended: readonly Told[]): Promise<void> {
    for (const [episodeId, lines] of groupBy(ended, ({ episode_id }) => episode_id)) {
      const { rows: open } = await sql`select 1 from trueup.alert_told where ${this.#own}
        and episode_id = ${episodeId} and ended_at is null limit 1`.execute(this.#tx)
      if (open.length > 0) continue
      const { rows: begun } = await sql`select 1 from trueup.alert_told told
        join trueup.delivery using (workspace_id, project_id, delivery_id)
        where told.workspace_id = ${this.#tenant.workspaceId} and told.project_id = ${this.#tenant.projectId}
          and told.episode_id = ${episodeId} and delivery.content is not null limit 1`.execute(this.#tx)
      if (begun.length === 0) continue
      const [first] = lines
      if (!first) continue
      const delivery = await this.#newDelivery(channel, 'resolved', episodeId, {
        at: this.#now,
        heldFor: null,
      })
      // Also what was not told itself: others of the course were, and PagerDuty holds one incident for all.
      await this.#end(lines, delivery.id)
    }
  }

  /** Only PagerDuty has a place for it. */
  async #tellAcknowledged(
    incidents: readonly Incident[],
    told: readonly Told[],
    channels: readonly Channel[],
  ): Promise<void> {
    const taken = new Set(incidents.filter(({ state }) => state === 'acknowledged').map(({ id }) => id))
    const pagers = new Map(
      channels.filter(({ kind }) => kind === 'pagerduty').map((channel) => [channel.channel_id, channel]),
    )
    const noticed = told.filter(
      ({ incident_id, channel_id }) => taken.has(incident_id) && pagers.has(channel_id),
    )
    const begun = await this.#begunDeliveries(noticed.map(({ delivery_id }) => delivery_id))
    const lines = noticed.filter(({ delivery_id }) => begun.has(delivery_id))
    for (const [episodeId, [first]] of groupBy(lines, ({ episode_id }) => episode_id)) {
      const channel = first && pagers.get(first.channel_id)
      if (!channel) continue
      await this.#newDelivery(channel, 'acknowledged', episodeId, { at: this.#now, heldFor: null })
    }
  }

  /** The message of this kind that still waits for its first try, so that more can go into it; else a new one. */
  async #openDelivery(
    channel: Channel,
    type: 'opened' | 'resolved',
    rule: KeptRule | null,
    kind: string,
    due: Due,
  ): Promise<Made> {
    const cause = `${rule?.id ?? ''} ${kind}`
    const { rows } = await sql<{
      delivery_id: string
      due_at: Date
    }>`select delivery_id, due_at from trueup.delivery
      where ${this.#own} and audience = 'alert' and target_id = ${channel.channel_id} and type = ${type}
        and cause = ${cause} and state = 'waiting' and content is null for update`.execute(this.#tx)
    const [waiting] = rows
    if (!waiting) return await this.#newDelivery(channel, type, cause, due)
    if (waiting.due_at <= due.at) return { id: waiting.delivery_id, dueAt: waiting.due_at }
    await sql`update trueup.delivery set due_at = ${due.at}, held_for = ${due.heldFor}
      where ${this.#own} and delivery_id = ${waiting.delivery_id}`.execute(this.#tx)
    await this.#sendJob(waiting.delivery_id, due.at)
    return { id: waiting.delivery_id, dueAt: due.at }
  }

  async #newDelivery(channel: Channel, type: string, cause: string, due: Due): Promise<Made> {
    const { randomBytes } = this.#dependencies
    const id = newId('dlv', randomBytes)
    await sql`insert into trueup.delivery (workspace_id, project_id, delivery_id, audience, target_id, key, message_id,
        type, cause, held_for, created_at, due_at)
      values (${this.#tenant.workspaceId}, ${this.#tenant.projectId}, ${id}, 'alert', ${channel.channel_id}, ${id},
        ${newId('msg', randomBytes)}, ${type}, ${cause}, ${due.heldFor}, ${this.#now}, ${due.at})`.execute(
      this.#tx,
    )
    await this.#sendJob(id, due.at)
    return { id, dueAt: due.at }
  }

  async #sendJob(deliveryId: string, startAfter: Date): Promise<void> {
    await this.#dependencies.jobs.send(
      'alert.deliver',
      { ...this.#tenant, deliveryId },
      { startAfter, tx: this.#tx },
    )
  }

  /** Those of these deliveries that have been tried: whoever they are for may have heard. */
  async #begunDeliveries(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await sql<{ delivery_id: string }>`select delivery_id from trueup.delivery
      where ${this.#own} and delivery_id = any(${[...new Set(ids)]}::text[]) and content is not null
      for update`.execute(this.#tx)
    return new Set(rows.map(({ delivery_id }) => delivery_id))
  }

  async #end(lines: readonly Told[], endDeliveryId: string | null): Promise<void> {
    await sql`update trueup.alert_told told set ended_at = ${this.#now}, end_delivery_id = ${endDeliveryId}
      from unnest(${lines.map(({ channel_id }) => channel_id)}::text[],
        ${lines.map(({ incident_id }) => incident_id)}::text[], ${lines.map(({ opening }) => opening)}::int[])
        as line (channel_id, incident_id, opening)
      where told.workspace_id = ${this.#tenant.workspaceId} and told.project_id = ${this.#tenant.projectId}
        and told.channel_id = line.channel_id and told.incident_id = line.incident_id
        and told.opening = line.opening`.execute(this.#tx)
  }
}

type Due = ReturnType<typeof dueAt>

/** A delivery that takes in what is told, and when it goes out. */
interface Made {
  readonly id: string
  readonly dueAt: Date
}

/**
 * Who is to be told of which open incidents: each channel by the first rule that tells it. What was told of an opening
 * is not told again, nor what opened before the rule was there.
 */
function groupsOf(
  incidents: readonly Incident[],
  told: readonly Told[],
  rules: readonly KeptRule[],
  channels: readonly Channel[],
): readonly Group[] {
  const known = new Set(told.map((line) => `${line.channel_id} ${line.incident_id} ${line.opening}`))
  const groups = new Map<string, Group>()
  for (const incident of incidents) {
    if (incident.state !== 'open') continue
    const { opening, at } = lastOpening(incident)
    for (const channel of channels) {
      if (known.has(`${channel.channel_id} ${incident.id} ${opening}`)) continue
      const rule = rules.find(
        (one) =>
          one.enabled &&
          one.createdAt <= at &&
          one.rule.channels.includes(channel.channel_id) &&
          ruleTells(one.rule, incident),
      )
      if (!rule) continue
      const key = `${channel.channel_id} ${rule.id} ${incident.kind}`
      const group = groups.get(key) ?? { channel, rule, kind: incident.kind, told: [] }
      group.told.push({ incident, opening })
      groups.set(key, group)
    }
  }
  return [...groups.values()]
}

/** How often an incident has opened, counting that it was ignored for a time, and when it last did. */
function lastOpening({ history, openedAt }: Incident): { readonly opening: number; readonly at: Date } {
  const openings = history.filter(({ act }) => act === 'incident-opened' || act === 'incident-reopened')
  return { opening: Math.max(1, openings.length), at: openings.at(-1)?.at ?? openedAt }
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}
