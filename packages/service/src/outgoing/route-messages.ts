import { sql } from 'kysely'
import type { AlertDependencies } from '../alert/alert-dependencies.ts'
import { numberEntries } from '../alert/number-entries.ts'
import { newId } from '../new-id.ts'
import { toJson } from '../store/json-codec.ts'
import type { ProjectTenant } from './delivery/delivery-tables.ts'
import { endpointRows, outgoingDb } from './endpoints.ts'
import { followLedger } from './follow-ledger.ts'
import { messageOfEntry } from './message-of-entry.ts'
import { messageTypeOf, toldActs } from './message-types.ts'

/**
 * Makes the messages of what the ledger has entered since it was last called, one for each endpoint that wants it, and
 * sends a job for each. An endpoint is told of what happened since it was added.
 *
 * May be called at any time, any number of times and by any number of processes: each message is made once.
 */
export async function routeMessages(dependencies: AlertDependencies, tenant: ProjectTenant): Promise<void> {
  const { clock, jobs, publicUrl, randomBytes } = dependencies
  await numberEntries(dependencies, tenant)
  const db = outgoingDb(dependencies, tenant)
  let isMore = true
  while (isMore) {
    isMore = await followLedger(db, tenant, 'webhook', toldActs, async (tx, entries) => {
      const endpoints = (await endpointRows(tx, tenant).execute()).filter(({ enabled }) => enabled)
      if (endpoints.length === 0) return
      const now = clock.now()
      const made = entries.flatMap((entry) => {
        const type = messageTypeOf(entry.act)
        const told = endpoints.filter(
          ({ message_types, created_at }) =>
            message_types.some((one) => one === type) && created_at <= entry.at,
        )
        if (told.length === 0) return []
        const message = messageOfEntry(tenant, entry, publicUrl)
        return told.map(({ endpoint_id }) => ({
          ...message,
          endpointId: endpoint_id,
          deliveryId: newId('dlv', randomBytes),
        }))
      })
      await sql`insert into trueup.delivery (workspace_id, project_id, audience, created_at, due_at, delivery_id,
          target_id, key, message_id, type, content)
        select ${tenant.workspaceId}, ${tenant.projectId}, 'webhook', ${now}::timestamptz, ${now}::timestamptz, made.*
        from unnest(${made.map(({ deliveryId }) => deliveryId)}::text[],
          ${made.map(({ endpointId }) => endpointId)}::text[],
          ${made.map(({ id, endpointId }) => `${id} ${endpointId}`)}::text[], ${made.map(({ id }) => id)}::text[],
          ${made.map(({ type }) => type)}::text[], ${made.map(({ body }) => toJson(body))}::json[]) as made`.execute(
        tx,
      )
      for (const { deliveryId } of made) {
        await jobs.send('outgoing.deliver', { ...tenant, deliveryId }, { tx })
      }
    })
  }
}
