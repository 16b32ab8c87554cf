import type { Severity } from '@trueup/core'
import type { CheckReport } from './report.ts'

const levelOf: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
}

/** The report as SARIF 2.1.0, which code scanning pages read. An incident stands at the configuration file. */
export function sarifOf(report: CheckReport, configPath: string): string {
  const kinds = [...new Set(report.incidents.map((incident) => incident.kind))].toSorted()
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'trueup', rules: kinds.map((kind) => ({ id: kind, name: kind })) } },
        invocations: [
          {
            executionSuccessful: report.complete,
            startTimeUtc: report.startedAt.toISOString(),
            endTimeUtc: report.finishedAt.toISOString(),
          },
        ],
        results: report.incidents.map((incident) => ({
          ruleId: incident.kind,
          level: levelOf[incident.severity],
          message: { text: `${incident.sentence} ${incident.repair.summary}` },
          partialFingerprints: { incident: incident.id },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: configPath } },
              logicalLocations: [{ name: incident.subject?.id ?? incident.customer ?? incident.component }],
            },
          ],
        })),
      },
    ],
  }
  return `${JSON.stringify(sarif, null, 2)}\n`
}
