import type { Cursor, Page, Price } from '@trueup/core'
import { readClerkPlanPrices } from '@trueup/core'
import { UnreadableAnswer } from '../clerk/errors.ts'
import type { RawObject } from './raw-page.ts'
import { isObject, rawPage } from './raw-page.ts'
import type { ClerkBillingConnection } from './request.ts'
import { billingSourceError } from './request.ts'

const pageSize = 500

/** Reads the prices of all plans, as one page: an instance has a few plans. */
export async function* readPlanPrices(
  connection: ClerkBillingConnection,
  cursors: readonly Cursor[],
): AsyncGenerator<Page<Price>> {
  if (cursors[0]?.done) return
  const plans = await listPlans(connection)
  yield {
    rows: plans.flatMap(({ raw }) => readClerkPlanPrices(raw)),
    cursors: [{ id: '0', position: '', done: true }],
  }
}

/** Every plan, those for users and those for organizations. */
export async function listPlans(connection: ClerkBillingConnection): Promise<readonly RawObject[]> {
  const plans = new Map<string, RawObject>()
  for (let offset = 0; ; offset += pageSize) {
    const { rows, total } = await plansFrom(connection, offset)
    for (const row of rows) plans.set(row.id, row)
    if (rows.length < pageSize || offset + rows.length >= total) return [...plans.values()]
  }
}

async function plansFrom(connection: ClerkBillingConnection, offset: number) {
  const answer = await connection.get('plans', '/billing/plans', { limit: pageSize, offset })
  try {
    const page = rawPage(answer)
    if (page.rows.length === 0 && page.total > offset) {
      throw new UnreadableAnswer(`the page is empty, though ${page.total} plans are counted`)
    }
    return page
  } catch (error) {
    throw billingSourceError(error, 'plans')
  }
}

/**
 * Whether a plan costs nothing and is yet not the one that everybody has. Clerk leaves the items of free plans out of
 * its list unless it is asked for them, and those of the default plan are as many as there are users.
 */
export function isFreeBesideDefault({ raw }: RawObject): boolean {
  const fees = [raw.fee, raw.annual_fee, raw.annual_monthly_fee]
  const isFree = fees.every((fee) => !isObject(fee) || !(Number(fee.amount) > 0))
  return isFree && raw.is_default !== true
}
