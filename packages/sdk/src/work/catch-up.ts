import type Stripe from 'stripe'
import { BillingError } from '../billing-error.ts'
import type { Frame } from '../frame.ts'
import { workFor } from '../webhook/receive-stripe.ts'
import { readStripeEvent } from '../webhook/stripe-event.ts'
import { sweep } from './sweep.ts'

const cursorName = 'stripe-events'
/** Events may be listed a moment after one that was made later. */
const overlapSeconds = 300
/** Stripe lists events for 30 days. */
const keptSeconds = 30 * 86_400
/** Stripe bounds reads over a month as well, so that the list is not asked for at every round of work. */
const restSeconds = 600

/**
 * Finds what webhooks did not bring: events that Stripe lists since the last look, at most every ten minutes, and
 * subjects whose billing was not read for long. What it finds becomes work.
 *
 * @returns False where Stripe could not be asked now; the next round asks for the same.
 */
export async function catchUp(frame: Frame): Promise<boolean> {
  let isCaughtUp = true
  try {
    await readMissedEvents(frame)
  } catch (error) {
    if (!(error instanceof BillingError && error.retryable)) throw error
    isCaughtUp = false
  }
  await sweep(frame)
  return isCaughtUp
}

async function readMissedEvents(frame: Frame): Promise<void> {
  const now = Math.floor(frame.clock.now().getTime() / 1000)
  const before = placeIn(await frame.store.unit((unit) => unit.cursor(cursorName)))
  if (before && Math.abs(now - before.lookedAt) < restSeconds) return
  // The first look begins with the present: what was before is for the backfill.
  const seen = before?.seen ?? now
  const since = Math.max(seen, now - keptSeconds) - overlapSeconds
  let newest = seen
  let last: string | null = null
  for (;;) {
    const after: string | null = last
    const page: Stripe.ApiList<Stripe.Event> = await frame.stripe.call((stripe) =>
      stripe.events.list({
        created: { gte: since },
        limit: 100,
        ...(after === null ? {} : { starting_after: after }),
      }),
    )
    for (const event of page.data) await take(frame, event)
    newest = Math.max(newest, ...page.data.map(({ created }) => created))
    last = page.data.at(-1)?.id ?? null
    if (!page.has_more || last === null) break
  }
  // Moved only once all pages were taken, so that a crash repeats them.
  await frame.store.unit((unit) => unit.setCursor(cursorName, `${newest}:${now}`))
}

/** Up to where events were seen, and when they were last looked for, both in seconds. */
function placeIn(text: string | null): { readonly seen: number; readonly lookedAt: number } | null {
  const [seen, lookedAt] = (text ?? '').split(':').map(Number)
  return seen !== undefined && lookedAt !== undefined ? { seen, lookedAt } : null
}

async function take(frame: Frame, listed: Stripe.Event): Promise<void> {
  const event = await readStripeEvent(JSON.parse(JSON.stringify(listed)))
  if (!event || event.livemode !== frame.options.livemode) return
  const work = await workFor(frame, event)
  await frame.store.unit(async (unit) => {
    const { id, type, keys } = event
    const isNew = await unit.addEvent({ source: 'stripe', id, type, keys, receivedAt: frame.clock.now() })
    if (isNew && work) await unit.putWork(work)
  })
}
