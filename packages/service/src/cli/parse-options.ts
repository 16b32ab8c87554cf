import { InvalidArgumentError } from 'commander'

/** A moment in ISO 8601, with a day at least. */
export function parseTime(text: string): Date {
  const time = new Date(text)
  if (!/^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('It takes a moment in ISO 8601, such as 2026-11-01T00:00:00Z.')
  }
  return time
}

/** Minutes, 0 or more. */
export function parseMinutes(text: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) {
    throw new InvalidArgumentError('It takes a number of minutes, 0 or more.')
  }
  return Number(text)
}

/** A whole number, 1 or more. */
export function parseWholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) {
    throw new InvalidArgumentError('It takes a whole number, 1 or more.')
  }
  return Number(text)
}

/** A whole number, 0 or more. */
export function parseSeed(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number, 0 or more.')
  return Number(text)
}

/** A TCP port; 0 lets the system pick a free one. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('It takes a port from 0 to 65535; 0 picks a free one.')
  }
  return Number(text)
}
