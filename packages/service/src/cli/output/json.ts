import { latestDate } from '@trueup/core'
import type { CheckReport } from './report.ts'

/** The report as one JSON object. The end of a trial without bound is written as `null`, for want of a date. */
export function jsonOf(report: CheckReport): string {
  return `${JSON.stringify(report, withoutEndlessDates, 2)}\n`
}

const endless = latestDate.toISOString()

function withoutEndlessDates(_key: string, value: unknown): unknown {
  return value === endless ? null : value
}
