import { createHash } from 'node:crypto'
import type { JsonValue } from '@trueup/core'
import { readEntry } from '@trueup/core'
import type { ProjectTenant } from './delivery/delivery-tables.ts'
import type { FollowedEntry } from './follow-ledger.ts'
import { messageTypeOf } from './message-types.ts'

/** A message for an endpoint, as it is sent. */
export interface OutgoingMessage {
  /** The same for each endpoint and each try. */
  readonly id: string
  readonly type: string
  readonly body: string
}

/**
 * What an entry of the ledger says to an app, as JSON in the form that Standard Webhooks recommends: `type`,
 * `timestamp`, and `data`. It is what was true when the act was done; whoever needs what is true now asks the API.
 *
 * Evidence stays here: it quotes billing and the app at length, and is read through the API by whoever may.
 */
export function messageOfEntry(
  { workspaceId, projectId }: ProjectTenant,
  followed: FollowedEntry,
  publicUrl: string,
): OutgoingMessage {
  const type = messageTypeOf(followed.act)
  const entry = readEntry(JSON.parse(new TextDecoder().decode(followed.bytes)))
  if (type === null || typeof entry === 'string') {
    throw new Error(`The entry ${followed.sequence} cannot be told: ${type === null ? followed.act : entry}.`)
  }
  const personal: Readonly<Record<string, JsonValue>> =
    followed.personal === null ? {} : JSON.parse(followed.personal)
  const { about, facts, by, at } = entry
  const page = `${publicUrl}/projects/${encodeURIComponent(projectId)}`
  const common = {
    workspaceId,
    projectId,
    /** Of two messages about one thing, the one with the greater number came later. */
    sequence: followed.sequence,
    by,
  }
  // A header carries it, so nothing of the project's own id, which may be in any script, stands in it.
  const name = createHash('sha256').update(`${workspaceId}\n${projectId}\n${followed.sequence}`)
  const id = `msg_${name.digest('hex').slice(0, 32)}`
  const bodyOf = (data: object) =>
    JSON.stringify({ type, timestamp: at.toISOString(), data: { ...common, ...data } })
  switch (entry.act) {
    case 'check-finished':
      return {
        id,
        type,
        body: bodyOf({
          check: { id: about.check, complete: facts.complete, counts: facts.counts, parts: facts.parts },
          url: `${page}/checks/${encodeURIComponent(about.check ?? '')}`,
        }),
      }
    case 'repair-proposed':
    case 'repair-approved':
    case 'repair-applied':
    case 'repair-verified':
    case 'repair-failed':
    case 'repair-undone':
      return {
        id,
        type,
        body: bodyOf({
          repair: {
            id: about.repair,
            incidentId: about.incident ?? null,
            checkId: about.check ?? null,
            source: about.source ?? null,
            ...pick(facts, ['state', 'kind', 'repairAct', 'how', 'undoes', 'undo', 'batch']),
            ...pick(personal, ['subject', 'customer', 'note']),
          },
          url: `${page}/repairs/${encodeURIComponent(about.repair ?? '')}`,
        }),
      }
    default:
      return {
        id,
        type,
        body: bodyOf({
          incident: {
            id: about.incident,
            checkId: about.check ?? null,
            ...pick(facts, [
              'kind',
              'component',
              'severity',
              'state',
              'hurts',
              'moneyAtRisk',
              'openings',
              'openedAt',
              'lastSeenAt',
              'resolvedAt',
              'ignoredUntil',
              'touchedCount',
            ]),
            ...pick(personal, ['subject', 'customer', 'sentence', 'owed', 'granted', 'allowed', 'note']),
          },
          url: `${page}/incidents/${encodeURIComponent(about.incident ?? '')}`,
        }),
      }
  }
}

/** These fields; `null` for one that is not there, such as what was erased. */
function pick(
  from: Readonly<Record<string, JsonValue>>,
  names: readonly string[],
): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? null]))
}
