import { makePortalUrl } from '../checkout/portal.ts'
import type { Frame } from '../frame.ts'
import type { LeasedWork } from '../store/store.ts'
import type { Notice, NoticeContext } from './notice.ts'

/** Calls the app's hook in the transaction that ends with the note that it ran. */
export async function tellNotice(frame: Frame, notice: Notice, work: LeasedWork): Promise<void> {
  await frame.store.unit(async (unit) => {
    // Ended first: whoever lost the lease has nothing to tell, and two that tell at once wait for each other here.
    if (!(await unit.finishWork(work))) return
    await callHook(frame, notice, {
      transaction: unit.transaction,
      portalUrl: (returnUrl) => makePortalUrl(frame, { customerId: notice.customerId, returnUrl }),
    })
  })
}

async function callHook(frame: Frame, notice: Notice, context: NoticeContext<unknown>): Promise<void> {
  const { options } = frame
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
