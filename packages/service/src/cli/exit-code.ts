import type { Severity } from '@trueup/core'
import { severities } from '@trueup/core'
import type { CheckReport } from './output/report.ts'

/** What a command's exit status says to a script. */
export const exitCodes = { agrees: 0, drifts: 1, couldNotTell: 2 } as const

/**
 * 0 when both sides agree, 1 when an incident is at least as severe as `failOn`, 2 when the check could not tell:
 * something was not read, or could not be decided. Where the incidents are not listed, any drift counts.
 */
export function exitCodeOf(report: CheckReport, failOn: Severity): number {
  if (report.error) return exitCodes.couldNotTell
  const lowest = severities.indexOf(failOn)
  const isDrifting = report.incidents.some(
    (incident) => incident.kind !== 'source-unreadable' && severities.indexOf(incident.severity) >= lowest,
  )
  const isDriftingUnlisted = report.incidentsUnlisted === true && report.counts.drifts > 0
  if (isDrifting || isDriftingUnlisted) return exitCodes.drifts
  return report.complete && report.counts.cannotTell === 0 ? exitCodes.agrees : exitCodes.couldNotTell
}
