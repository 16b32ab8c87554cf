import { InvalidArgumentError } from 'commander'

/** A moment in ISO 8601. */
export function parseTime(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('It takes a moment in ISO 8601, such as 2026-11-01T00:00:00Z.')
  }
  return time
}

/** Minutes, 0 or more. */
export function parseMinutes(text: string): number {
  const minutes = Number(text)
  if (text.trim() === '' || !Number.isFinite(minutes) || minutes < 0) {
    throw new InvalidArgumentError('It takes a number of minutes, 0 or more.')
  }
  return minutes
}

/** A whole number, 0 or more. */
export function parseWholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(text)
}
