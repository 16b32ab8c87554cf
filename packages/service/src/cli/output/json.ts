import { latestDate } from '@trueup/core'
import type { CheckReport } from './report.ts'

/**
 * The report as one JSON object, in pieces to be written one after the other: of a big account it is too long to be
 * held as one text. The end of a trial without bound is written as `null`, for want of a date.
 */
export function* jsonOf({ incidents, ...head }: CheckReport): Generator<string> {
  const before = write(head, '').replace(/\n\}$/, ',\n  "incidents": [')
  yield before
  for (const [place, incident] of incidents.entries()) {
    yield `${place === 0 ? '' : ','}\n    ${write(incident, '    ')}`
  }
  yield incidents.length === 0 ? ']\n}\n' : '\n  ]\n}\n'
}

const endless = JSON.stringify(latestDate)

function write(value: unknown, indent: string): string {
  // In the text, since a function that is asked for every value makes writing take several times as long.
  return JSON.stringify(value, null, 2).replaceAll(endless, 'null').replaceAll('\n', `\n${indent}`)
}
