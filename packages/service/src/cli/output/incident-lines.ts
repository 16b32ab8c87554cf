import type { Incident, Repair } from '@trueup/core'
import { formatMoney, subjectKey } from '@trueup/core'
import type { IncidentCause } from '../../cause/causes-of.ts'
import type { Terminal } from '../terminal.ts'
import { blockWidth, hang, printable } from './lay-out.ts'

type Page = Pick<Terminal, 'color' | 'columns'>

/** An incident in a few lines: how bad, whose, and what is wrong. */
export function incidentBlock(incident: Incident, { color, columns }: Page): readonly string[] {
  const width = blockWidth(columns)
  const { id, kind, severity, state, subject, customerId, moneyAtRisk, assignee } = incident
  const whom = [subject && subjectKey(subject), customerId].filter((one) => one !== null)
  const money = moneyAtRisk ? [`${formatMoney(moneyAtRisk)}/mo`] : []
  const whose = assignee === null ? [] : [`assigned to ${assignee}`]
  return [
    `${color.bold(id)}  ${kind}  ${severity}, ${state}`,
    ...hang('  ', printable([...whom, ...money, ...whose].join('  ')), width),
    ...hang('  ', printable(incident.sentence), width),
  ]
}

/** An incident with its evidence, its repairs, and everything that was done to it. */
export function incidentHistory(
  incident: Incident,
  {
    repairs,
    cause,
  }: {
    readonly repairs: readonly Pick<Repair, 'id' | 'state' | 'summary'>[]
    /** `null`: it is not worked out. */
    readonly cause: Pick<IncidentCause, 'sentence' | 'confidence' | 'fix'> | null
  },
  page: Page,
): readonly string[] {
  const width = blockWidth(page.columns)
  const { color } = page
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : ['', color.dim(title), ...lines.flatMap((line) => hang('  ', printable(line), width))]
  return [
    ...incidentBlock(incident, page),
    ...part(
      'evidence',
      incident.evidence.map(
        ({ source, object, field, value }) => `${source} ${object}  ${field}  ${value ?? 'absent'}`,
      ),
    ),
    ...part('cause', cause ? [causeLine(cause), cause.fix] : []),
    ...part(
      'repairs',
      repairs.map(({ id, state, summary }) => `${id}  ${state}  ${summary}`),
    ),
    ...part(
      'history',
      incident.history.map((entry) => {
        const to = entry.act === 'incident-assigned' ? ` to ${entry.assignee ?? 'nobody'}` : ''
        const note = entry.note === null ? '' : `: ${entry.note}`
        return `${entry.at.toISOString().slice(0, 16).replace('T', ' ')}  ${entry.act}${to} by ${entry.by}${note}`
      }),
    ),
  ]
}

function causeLine({ sentence, confidence }: Pick<IncidentCause, 'sentence' | 'confidence'>): string {
  return confidence === null ? sentence : `${sentence} That is ${confidence}.`
}
