import type { CheckReport } from './report.ts'

/** The report as JUnit XML: each incident is a failed test, so that a CI server lists them. */
export function junitOf(report: CheckReport): string {
  const cases = report.incidents.map((incident) => {
    const name = incident.subject?.id ?? incident.customer ?? incident.component
    const details = [incident.sentence, incident.repair.summary].map(escapeXml).join('\n')
    return [
      `    <testcase classname="trueup.${escapeXml(incident.kind)}" name="${escapeXml(`${name} (${incident.component})`)}">`,
      `      <failure type="${escapeXml(incident.severity)}" message="${escapeXml(incident.sentence)}">${details}</failure>`,
      '    </testcase>',
    ].join('\n')
  })
  const agreeing =
    report.counts.agrees > 0
      ? [`    <testcase classname="trueup" name="${report.counts.agrees} subjects agree"/>`]
      : []
  const errors = report.unread.map(
    ({ part, code, message }) =>
      `    <testcase classname="trueup.read" name="${escapeXml(part)}"><error type="${escapeXml(code)}" message="${escapeXml(message)}"/></testcase>`,
  )
  const count = cases.length + agreeing.length + errors.length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="trueup check" tests="${count}" failures="${cases.length}" errors="${errors.length}" timestamp="${report.startedAt.toISOString()}">`,
    ...agreeing,
    ...cases,
    ...errors,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

function escapeXml(text: string): string {
  // XML has no way to write most control characters, not even escaped.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  const printable = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
  return printable.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
