import { foundText } from './found-text.ts'
import type { Read } from './granted.ts'
import { isAbsent } from './read-path.ts'

/**
 * Reads a seat limit that the app keeps in metadata: a whole number, as a number or as digits, or `unlimited`.
 * Here 0 is no seat at all.
 */
export function readSeats(value: unknown): Read<number | 'unlimited'> {
  if (typeof value === 'string' && value.trim().toLowerCase() === 'unlimited') {
    return { state: 'value', value: 'unlimited' }
  }
  return readCount(value, 'a whole number of seats, or unlimited')
}

/** Reads a count of members: a whole number, as a number or as digits. */
export function readMembers(value: unknown): Read<number> {
  return readCount(value, 'a whole number of members')
}

/**
 * Reads Clerk's own limit of an organization, where 0 stands for unlimited.
 *
 * Source: Clerk Backend API, `max_allowed_memberships` of an organization.
 */
export function readMembershipLimit(value: unknown): Read<number | 'unlimited'> {
  const limit = readCount(value, 'a whole number of memberships, 0 for unlimited')
  return limit.state === 'value' && limit.value === 0 ? { state: 'value', value: 'unlimited' } : limit
}

function readCount(value: unknown, needed: string): Read<number> {
  if (isAbsent(value)) return { state: 'absent' }
  const count = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0)
    return { state: 'value', value: count }
  return { state: 'unreadable', found: foundText(value), needed }
}
