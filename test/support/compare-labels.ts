import { type Incident, identityKey } from '@trueup/core'
import type { Labels } from '@trueup/sandbox'
import type { CheckReport } from '../../packages/service/src/cli/output/report.ts'

/** What a check missed and what it said wrongly, measured by the labels of the world that it checked. */
export interface LabelDifference {
  readonly missed: readonly string[]
  readonly falseAlarms: readonly string[]
}

/** Compares incidents with the truth: by kind, by what they are filed on, and by component. */
export function compareWithLabels(incidents: readonly Incident[], labels: Labels): LabelDifference {
  const told = new Map(
    labels.drifts.map((label) => [`${label.kind}|${label.on}|${label.component}`, label.story]),
  )
  const found = new Map(incidents.map((incident) => [identityKey(incident.identity), incident.sentence]))
  return {
    missed: [...told].filter(([key]) => !found.has(key)).map(([key, story]) => `${key}: ${story}`),
    falseAlarms: [...found].filter(([key]) => !told.has(key)).map(([key, sentence]) => `${key}: ${sentence}`),
  }
}

/**
 * What of these alarms is not so in a world of which only a part was read. That a source was not read is so. So is
 * that two places disagree, where a label is told of the subject: had billing been read, it would have said which of
 * the two is wrong, and that in its place.
 */
export function notSo(falseAlarms: readonly string[], labels: Labels): readonly string[] {
  const told = new Set(
    labels.drifts.flatMap(({ subject }) => (subject ? [`${subject.type}:${subject.id}`] : [])),
  )
  return falseAlarms.filter((alarm) => {
    const [kind, on] = alarm.split('|')
    return kind !== 'source-unreadable' && !(kind === 'grants-disagree' && on !== undefined && told.has(on))
  })
}

/** The kinds that a report holds. */
export function kindsOf(report: CheckReport): ReadonlySet<string> {
  return new Set(report.incidents.map((incident) => incident.kind))
}
