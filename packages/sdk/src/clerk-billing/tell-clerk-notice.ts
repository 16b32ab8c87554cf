import { decodeJson } from '../store/json.ts'
import type { LeasedWork } from '../store/store.ts'
import type { ClerkFrame } from './clerk-frame.ts'
import type { ClerkNotice, ClerkNoticeContext } from './clerk-notice.ts'

/** Calls the app's hook in the transaction that ends with the note that it ran. */
export async function tellClerkNotice(frame: ClerkFrame, work: LeasedWork): Promise<void> {
  if (work.detail === null) throw new Error('Work of the kind notice holds a notice.')
  const notice = decodeJson(work.detail) as ClerkNotice
  await frame.store.unit(async (unit) => {
    // Ended first: whoever lost the lease has nothing to tell, and two that tell at once wait for each other here.
    if (!(await unit.finishWork(work))) return
    await callHook(frame, notice, { transaction: unit.transaction })
  })
}

async function callHook(
  { options }: ClerkFrame,
  notice: ClerkNotice,
  context: ClerkNoticeContext<unknown>,
): Promise<void> {
  switch (notice.kind) {
    case 'payment-failed':
      return options.onPaymentFailed?.(notice, context)
    case 'trial-ending':
      return options.onTrialEnding?.(notice, context)
    case 'recovered':
      return options.onRecovered?.(notice, context)
    case 'canceled':
      return options.onCanceled?.(notice, context)
  }
}
