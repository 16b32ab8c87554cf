import type { SharedFrame } from '../frame.ts'
import type { InboxEvent, WorkDraft } from '../store/store.ts'
import { doWork } from '../work/do-work.ts'
import { received } from './respond.ts'

interface Taken {
  /** Whether nothing is to be done beyond storing: the caller's transaction is open. */
  readonly storeOnly: boolean
  readonly event: Omit<InboxEvent, 'receivedAt'>
  /** What the event asks for; `null`: nothing. */
  readonly work: WorkDraft | null
}

/** So much other work is done on the occasion, such as the mirror and hooks of what was just read. */
const onTheWay = 20

/**
 * Stores an event with the work that it asks for, in one transaction, and then does the work. An event is answered with
 * success only when it is stored. Work that fails is kept, and unless the app does it by itself the vendor is asked to
 * send the event again.
 */
export async function storeAndAct(frame: SharedFrame, { storeOnly, event, work }: Taken): Promise<Response> {
  const isNew = await frame.store.unit(async (unit) => {
    const added = await unit.addEvent({ ...event, receivedAt: frame.clock.now() })
    if (added && work) await unit.putWork(work)
    return added
  })
  const state = isNew ? (work ? 'new' : 'ignored') : 'known'
  if (storeOnly || !work || frame.options.webhooks?.processing === 'deferred') return received(state)
  await doWork(frame, { keys: [work.key], limit: 1 })
  // Failed now, or at an earlier delivery and not due yet. What is set aside waits for a person and not for the vendor.
  const [left] = await frame.store.unit((unit) => unit.waitingWork({ limit: 1, keys: [work.key] }))
  if (left && left.attempts > 0 && !left.setAside) return received('retry')
  await doWork(frame, { limit: onTheWay })
  return received(state)
}
