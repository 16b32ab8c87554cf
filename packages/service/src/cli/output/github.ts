import type { CheckReport } from './report.ts'
import { holdsOfEarlierChecks } from './report.ts'

/** The report as GitHub Actions annotations, one a line. */
export function githubOf(report: CheckReport): string {
  const lines = report.incidents.map((incident) => {
    const level = incident.severity === 'critical' || incident.severity === 'high' ? 'error' : 'warning'
    return `::${level} title=${property(incident.kind)}::${data(`${incident.sentence} ${incident.repair.summary}`)}`
  })
  const unread = report.unread.map(
    ({ part, message }) => `::error title=source-unreadable::${data(`${part}: ${message}`)}`,
  )
  const held = holdsOfEarlierChecks(report).map(
    ({ sentence }) => `::warning title=repairs-held::${data(sentence)}`,
  )
  const { agrees, drifts, cannotTell } = report.counts
  return [
    ...lines,
    ...unread,
    ...held,
    `::notice title=trueup::${agrees} agree, ${drifts} drift, ${cannotTell} could not be told`,
    '',
  ].join('\n')
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
