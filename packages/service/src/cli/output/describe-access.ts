import type { Access } from '@trueup/core'
import { latestDate } from '@trueup/core'

/** An access in words: `pro, paid, trial until 2026-12-01, reports + sso, 12 seats`. What it does not speak of is left out. */
export function describeAccess(access: Access): string {
  const { plan, paid, trialEndsAt, entitlements, seats } = access
  const parts = [plan, paid ? 'paid' : 'not paid']
  if (trialEndsAt)
    parts.push(trialEndsAt >= latestDate ? 'any trial end' : `trial until ${dayOf(trialEndsAt)}`)
  if (entitlements === 'every') parts.push('any feature')
  else if (entitlements.length > 0) parts.push(entitlements.join(' + '))
  if (seats === 'unlimited') parts.push('any number of seats')
  else if (seats !== null) parts.push(`${seats} seats`)
  return parts.join(', ')
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
