import type { ConnectedSource } from '../../project/source.ts'
import type { StepLine } from './step.ts'
import { line, vendorNames } from './step.ts'

/** A source is named after its vendor, unless somebody named it. */
const vendors = new Map<string, string>(Object.entries(vendorNames))

export function connected({ name, label, place, isLive }: ConnectedSource): StepLine {
  const vendor = vendors.get(name) ?? name
  const more = [
    // A database is labelled by who reads where.
    ...(label.includes(place) ? [] : [place]),
    ...(isLive === null ? [] : [isLive ? 'live' : 'test']),
  ]
  return line(
    'source-connected',
    `${vendor} connected — ${label}${more.length > 0 ? ` (${more.join(', ')})` : ''}`,
  )
}

export function failing({ failure, name }: ConnectedSource): readonly StepLine[] {
  return failure ? [line('source-failing', `${name}: ${failure.message}`, failure.fix)] : []
}

export function warningsOf({ findings }: ConnectedSource): readonly StepLine[] {
  return findings
    .filter(({ state }) => state === 'warning')
    .map(({ name, found, fix }) => line('source-warning', `${name}: ${found}`, fix))
}
