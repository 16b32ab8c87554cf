import { formatMoney } from '@trueup/core'
import type { Colors } from '../terminal.ts'
import { describeAccess } from './describe-access.ts'
import { hang, printable } from './lay-out.ts'
import type { ReportedIncident } from './report.ts'

const labelWidth = 10

/** Everything that an incident carries, for a person: both sides, where they were read, and the request that mends it. */
export function incidentDetails(
  incident: ReportedIncident,
  { color, width }: { readonly color: Colors; readonly width: number },
): readonly string[] {
  const part = (label: string, lines: readonly string[]) =>
    lines.flatMap((line, index) => {
      const mark = `    ${(index === 0 ? label : '').padEnd(labelWidth)}`
      const [first = '', ...others] = hang(mark, printable(line), width)
      return [`${color.dim(first.slice(0, mark.length))}${first.slice(mark.length)}`, ...others]
    })
  const { owed, granted, allowed, moneyAtRisk, moneyNote, touchedCount, touched, repair } = incident
  const sides =
    owed && granted && allowed
      ? [
          ...part('owed', [describeAccess(owed)]),
          ...part('granted', [describeAccess(granted)]),
          ...part('allowed', [describeAccess(allowed)]),
        ]
      : []
  const requests = [...(repair.request ? [repair.request] : []), ...repair.furtherRequests]
  const ready = [
    ...requests.flatMap(({ method, url, body }) => part('request', [`${method} ${url}`, body])),
    ...repair.statements.flatMap((statement) => part('sql', statement.split('\n'))),
  ]
  const byHand =
    ready.length > 0
      ? ready
      : part(
          'steps',
          repair.steps.map((step, index) => `${index + 1}. ${step}`),
        )
  return [
    ...part('incident', [incident.id]),
    ...(incident.customer ? part('customer', [incident.customer]) : []),
    ...sides,
    ...part('evidence', evidenceLines(incident)),
    ...(touchedCount > 0
      ? part('touches', [
          `${touched.join(', ')}${touchedCount > touched.length ? ` and ${touchedCount - touched.length} more` : ''}`,
        ])
      : []),
    ...part(
      'money',
      [
        [moneyAtRisk ? `${formatMoney(moneyAtRisk)} a month` : '', moneyNote ?? '']
          .filter(Boolean)
          .join('. '),
      ].filter(Boolean),
    ),
    ...byHand,
  ]
}

/** Objects are named once, the fields read from them in columns. */
function evidenceLines({ evidence }: ReportedIncident): readonly string[] {
  const fieldWidth = Math.max(0, ...evidence.map(({ field }) => field.length))
  let last = ''
  return evidence.flatMap(({ source, object, field, value }) => {
    const head = `${source} ${object}`
    const line = `  ${field.padEnd(fieldWidth)}  ${value ?? 'absent'}`
    const lines = head === last ? [line] : [head, line]
    last = head
    return lines
  })
}
