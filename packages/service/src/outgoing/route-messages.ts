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
      for (const entry of entries) {
        const type = messageTypeOf(entry.act)
        const told = endpoints.filter(
          ({ message_types, created_at }) =>
            message_types.some((one) => one === type) && created_at <= entry.at,
        )
        if (told.length === 0) continue
        const message = messageOfEntry(tenant, entry, publicUrl)
        for (const { endpoint_id } of told) {
          const deliveryId = newId('dlv', randomBytes)
          await sql`insert into trueup.delivery (workspace_id, project_id, delivery_id, audience, target_id, key,
              message_id, type, content, created_at, due_at)
            values (${tenant.workspaceId}, ${tenant.projectId}, ${deliveryId}, 'webhook', ${endpoint_id},
              ${`${message.id} ${endpoint_id}`}, ${message.id}, ${message.type}, ${toJson(message.body)}, ${now}, ${now})`.execute(
            tx,
          )
          await jobs.send('outgoing.deliver', { ...tenant, deliveryId }, { tx })
        }
      }
    })
  }
}
