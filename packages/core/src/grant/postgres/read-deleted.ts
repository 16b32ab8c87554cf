import { foundText } from '../found-text.ts'
import type { Read } from '../granted.ts'
import { isAbsent } from '../read-path.ts'
import { readTrialEnd } from '../read-trial-end.ts'

/**
 * Only what says yes or no of itself. Words of state such as `active` mean the opposite here of what they mean in a
 * flag of access, so none is taken.
 */
const words: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['t', true],
  ['yes', true],
  ['1', true],
  ['-infinity', true],
  ['false', false],
  ['f', false],
  ['no', false],
  ['0', false],
  ['infinity', false],
])

/**
 * Reads the mark of soft deletion: a flag, or the moment since when the row counts as deleted. Nothing is not deleted,
 * and so is a moment that has not come yet.
 *
 * @example
 * readDeleted('2026-01-31 10:00:00+00', new Date('2026-06-01')) // { state: 'value', value: true }
 */
export function readDeleted(value: unknown, now: Date): Read<boolean> {
  if (isAbsent(value)) return { state: 'value', value: false }
  if (typeof value === 'boolean') return { state: 'value', value }
  if (typeof value === 'string' || value === 0 || value === 1) {
    const word = words.get(String(value).trim().toLowerCase())
    if (word !== undefined) return { state: 'value', value: word }
  }
  const moment = readTrialEnd(value)
  if (moment.state === 'value') return { state: 'value', value: moment.value.getTime() <= now.getTime() }
  return {
    state: 'unreadable',
    found: foundText(value),
    needed: 'true or false, or the moment of the deletion',
  }
}
