import type { ColumnProposal, ConnectionFinding, TableProposal } from '@trueup/core'
import { tablePath } from '@trueup/core'
import type { DatabaseReport } from '../../connect/database-report.ts'
import type { Terminal } from '../terminal.ts'
import { renderFindings, type Section } from './findings.ts'

/** What `trueup connect postgres` found, for people: the connection, the role, the tables, and what to do next. */
export function renderDatabase(
  report: DatabaseReport,
  terminal: Pick<Terminal, 'color' | 'columns'>,
): string {
  const { color } = terminal
  const hasAny = report.proposals.user.length + report.proposals.organization.length > 0
  const sections: readonly Section[] = [
    { name: 'Connection', findings: report.connection },
    { name: 'Role', findings: report.role.findings },
    { name: 'Users', findings: tableFindings(report.proposals.user, hasAny) },
    { name: 'Organizations', findings: tableFindings(report.proposals.organization, hasAny) },
    { name: 'Reading', findings: report.reading },
  ].filter(({ findings }) => findings.length > 0)
  return [
    renderFindings(sections, terminal),
    ...(report.configuration
      ? [
          `${color.bold('Configuration')}, to paste into trueup.config.ts after a look at each line:\n`,
          `${report.configuration}\n`,
        ]
      : []),
    ...(report.readRole
      ? [
          `${color.bold('SQL')} for a role that can only read this, to run as the owner of the tables:\n`,
          report.readRole.sql,
          `Then set ${report.urlVariable} to this, which is shown once:\n`,
          `${report.readRole.connectionString}\n`,
        ]
      : []),
  ].join('\n')
}

function tableFindings(proposals: readonly TableProposal[], hasAny: boolean): readonly ConnectionFinding[] {
  const [best, ...others] = proposals
  if (!best) {
    const found = 'nothing was found: no table of them has a key and a column that says what they may use'
    const fix =
      'Name the table: --table schema.table. Where plans stand in a table of their own, make a view of both.'
    return [{ name: 'table', state: hasAny ? 'ok' : 'failed', found, fix: hasAny ? null : fix }]
  }
  return [
    { name: 'table', state: 'ok', found: said(tablePath(best), best.evidence), fix: null },
    ...[best.key, ...best.fields].map(fieldFinding),
    ...related('entitlements', best.entitlementRows),
    ...related('members', best.members),
    ...best.missing.map((missing) => ({
      name: 'missing',
      state: 'warning' as const,
      found: missing,
      fix: null,
    })),
    ...others.slice(0, 3).map((other) => ({
      name: 'or',
      state: 'ok' as const,
      found: said(tablePath(other), other.evidence),
      fix: null,
    })),
  ]
}

function fieldFinding(
  field: ColumnProposal & { readonly alternatives?: readonly ColumnProposal[] },
): ConnectionFinding {
  const others = (field.alternatives ?? []).map(({ column }) => column)
  const or = others.length > 0 ? `; or ${others.slice(0, 3).join(', ')}` : ''
  return { name: field.field, state: 'ok', found: `${said(field.column, field.evidence)}${or}`, fix: null }
}

function related(
  name: string,
  proposal: TableProposal['entitlementRows'] | TableProposal['members'],
): readonly ConnectionFinding[] {
  return proposal
    ? [{ name, state: 'ok', found: said(proposal.shape.table, proposal.evidence), fix: null }]
    : []
}

function said(what: string, evidence: readonly string[]): string {
  return `${what}: ${evidence.join(', ')}`
}
