import { LedgerError } from '../ledger/ledger-error.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { sendNotice } from './send-test.ts'

/**
 * Numbers what is staged for the ledger, before it is followed. A ledger that cannot be signed keeps nobody from being
 * told of incidents: its entries are numbered before they are signed. That it was changed is told itself, once a day.
 */
export async function numberEntries(dependencies: AlertDependencies, tenant: ProjectTenant): Promise<void> {
  try {
    await dependencies.advanceLedger(tenant)
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    if (error.code !== 'ledger-changed' && error.code !== 'ledger-forked') return
    const day = dependencies.clock.now().toISOString().slice(0, 10)
    await sendNotice(dependencies, tenant, `${error.code} ${day}`, {
      headline: 'The Access Ledger is not what it was',
      sentence: `${error.message} Nothing is signed meanwhile. ${error.fix}`,
    })
  }
}
