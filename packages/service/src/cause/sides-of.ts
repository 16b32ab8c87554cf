import type { CauseEvidence, Pair, PairName, SubjectId, SubjectReading } from '@trueup/core'
import { SourceError, subjectKey } from '@trueup/core'
import { ConfigError } from '../config/config-error.ts'
import { openServiceProject } from '../project/open-service-project.ts'
import { ProjectError } from '../project/project-error.ts'
import type { ProjectService } from '../project/project-service.ts'
import { openProjectStore } from '../store/index.ts'
import type { ProjectTenant } from './cause-tables.ts'
import type { OpenedIncident } from './gather-evidence.ts'
import { latest } from './gather-evidence.ts'

/** When both sides of an incident last changed before it opened, and whom billing knows it by. */
export interface Sides extends Pick<CauseEvidence, 'billingChangedAt' | 'appChanged'> {
  readonly customerIds: readonly string[]
}

/** Clocks differ, and a check files a moment after it has read. */
const clockMs = 60_000
/** Dates of billing's objects at which a promise changes by itself. */
const turningFields: readonly string[] = ['current_period_end', 'trial_end', 'cancel_at', 'ended_at']

/**
 * When the sides of each incident last changed: billing as the last full check read it, the app as it is now, and as
 * that check read it where it has changed since or does not answer.
 */
export async function sidesOf(
  projects: ProjectService,
  tenant: ProjectTenant,
  opened: readonly OpenedIncident[],
): Promise<readonly Sides[]> {
  const pairs = await lastPairs(projects, tenant, opened)
  const subjects = opened.flatMap(({ incident }) => incident.subject ?? [])
  const now = await readNow(projects, tenant, subjects)
  return opened.map(({ incident, openedAt }, place) => {
    const isBefore = (at: Date | null): at is Date =>
      at !== null && at.getTime() <= openedAt.getTime() + clockMs
    const pair = pairs[place] ?? null
    const facts = pair?.payers.flatMap((payer) => payer.facts) ?? []
    const turned = incident.evidence
      .filter(({ field, value }) => turningFields.includes(field) && value !== null)
      .map(({ value }) => new Date(value ?? Number.NaN))
      .filter((at) => !Number.isNaN(at.getTime()) && at <= openedAt)
    const read = incident.subject ? (now.get(subjectKey(incident.subject)) ?? []) : []
    const changes = [...read, ...(pair?.readings ?? [])].flatMap(({ updatedAt, source }) =>
      isBefore(updatedAt) ? [{ at: updatedAt, source }] : [],
    )
    return {
      customerIds: [
        ...new Set([
          ...(incident.customerId === null ? [] : [incident.customerId]),
          ...(pair?.payers.map(({ customer }) => customer.id) ?? []),
        ]),
      ],
      billingChangedAt: latest([...facts.map(({ changedAt }) => changedAt).filter(isBefore), ...turned]),
      appChanged: changes.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0] ?? null,
    }
  })
}

async function lastPairs(
  { database }: ProjectService,
  tenant: ProjectTenant,
  opened: readonly OpenedIncident[],
): Promise<readonly (Pair | null)[]> {
  const project = openProjectStore(database, tenant)
  const check = await project.newestFinishedCheck({ filing: false })
  if (!check) return []
  type Asked = { readonly place: number; readonly of: PairName }
  const asked = opened.flatMap(({ incident: { subject, customerId } }, place): readonly Asked[] => {
    if (subject) return [{ place, of: { subject } }]
    return customerId === null ? [] : [{ place, of: { customerId } }]
  })
  const found = await project.pairs(
    check.id,
    asked.map(({ of }) => of),
  )
  const pairs: (Pair | null)[] = opened.map(() => null)
  for (const [index, { place }] of asked.entries()) pairs[place] = found[index] ?? null
  return pairs
}

/** What the app says of these subjects now; nothing, where it does not answer: the last check is what there is then. */
async function readNow(
  projects: ProjectService,
  tenant: ProjectTenant,
  subjects: readonly SubjectId[],
): Promise<ReadonlyMap<string, readonly SubjectReading[]>> {
  const found = new Map<string, SubjectReading[]>()
  if (subjects.length === 0) return found
  try {
    const opened = await openServiceProject(projects, tenant, { usedFor: 'cause' })
    try {
      for (const source of opened.access) {
        const readable = subjects.filter(({ type }) => source.subjectTypes.includes(type))
        if (readable.length === 0) continue
        for (const reading of await source.readSubjects(readable)) {
          const key = subjectKey(reading.subject)
          found.set(key, [...(found.get(key) ?? []), reading])
        }
      }
    } finally {
      await opened.close()
    }
  } catch (error) {
    const isProjectsOwn =
      error instanceof SourceError || error instanceof ProjectError || error instanceof ConfigError
    if (!isProjectsOwn) throw error
  }
  return found
}
