import type {
  Clock,
  Incident,
  IncidentAct,
  IncidentChange,
  IncidentErrorCode,
  IncidentFilter,
  IncidentStore,
} from '@trueup/core'
import { actOnIncident, entriesOfIncidents, IncidentError, unknownIncident } from '@trueup/core'

/** What acts on incidents work with. */
export interface IncidentDependencies {
  readonly project: Pick<IncidentStore, 'changeIncidents' | 'listIncidents'>
  readonly clock: Clock
  /** Whether somebody of this id is in the team, and so can be given work. */
  readonly isMember: (personId: string) => Promise<boolean>
}

/** What an act came to for one incident. */
export type IncidentActed =
  | { readonly id: string; readonly outcome: 'changed' | 'unchanged'; readonly incident: Incident }
  | {
      readonly id: string
      readonly outcome: 'refused'
      readonly code: IncidentErrorCode
      readonly message: string
      readonly fix: string
    }

/** Incidents whose rows are locked in one transaction. */
const incidentsPerTransaction = 100
/** Incidents that one call acts on at most. */
export const mostIncidentsAtOnce = 5_000

/**
 * A person acts on one incident. What was done already is done once.
 *
 * @param by the person, as the ledger names them
 * @throws IncidentError
 * @example
 * await actOn(dependencies, 'inc_1', { kind: 'acknowledge', note: null }, 'person:ada@example.com')
 */
export async function actOn(
  dependencies: IncidentDependencies,
  id: string,
  act: IncidentAct,
  by: string,
): Promise<Incident> {
  await requireAssignee(dependencies, act)
  const at = dependencies.clock.now()
  const [incident] = await dependencies.project.changeIncidents({ ids: [id] }, null, (found) => {
    const [before] = found
    if (!before) throw unknownIncident(id)
    const change = { ...actOnIncident(before, act, { by, at }), before }
    return { incidents: [change.incident], entries: entriesOf([change], by, at) }
  })
  if (!incident) throw new Error(`The incident ${id} was changed and cannot be found.`)
  return incident
}

/** Which incidents a bulk act is for: these, or all that a filter means. */
export type BulkTarget = { readonly ids: readonly string[] } | { readonly filter: IncidentFilter }

/**
 * A person acts on many incidents. Each is acted on by itself: one that refuses leaves the others as they would be. It
 * may be called again, after a crash or by mistake; what was done is not done twice.
 *
 * @param count how many incidents the person believes to act on; it has to be the true number
 * @returns what came of each, in the order of the ids, or worst first
 * @throws IncidentError `count-differs`, `too-many`, `not-a-member`; nothing was changed then
 */
export async function actOnMany(
  dependencies: IncidentDependencies,
  target: BulkTarget,
  act: IncidentAct,
  { by, count }: { readonly by: string; readonly count: number },
): Promise<readonly IncidentActed[]> {
  await requireAssignee(dependencies, act)
  const ids = await idsMeant(dependencies, target)
  if (ids.length !== count) {
    throw new IncidentError({
      code: 'count-differs',
      message: `${ids.length} incidents are meant; ${count} was named.`,
      fix: `Look at them, and name ${ids.length}.`,
    })
  }
  const acted: IncidentActed[] = []
  for (let start = 0; start < ids.length; start += incidentsPerTransaction) {
    acted.push(...(await actOnPage(dependencies, ids.slice(start, start + incidentsPerTransaction), act, by)))
  }
  return acted
}

async function actOnPage(
  { project, clock }: IncidentDependencies,
  ids: readonly string[],
  act: IncidentAct,
  by: string,
): Promise<readonly IncidentActed[]> {
  const at = clock.now()
  let acted: readonly IncidentActed[] = []
  await project.changeIncidents({ ids }, null, (found) => {
    const known = new Map(found.map((incident) => [incident.id, incident]))
    const changes: IncidentChange[] = []
    acted = ids.map((id): IncidentActed => {
      const before = known.get(id)
      try {
        if (!before) throw unknownIncident(id)
        const transition = actOnIncident(before, act, { by, at })
        if (transition.entry === null) return { id, outcome: 'unchanged', incident: before }
        changes.push({ ...transition, before })
        return { id, outcome: 'changed', incident: transition.incident }
      } catch (error) {
        if (!(error instanceof IncidentError)) throw error
        const { code, message, fix } = error
        return { id, outcome: 'refused', code, message, fix }
      }
    })
    return { incidents: changes.map(({ incident }) => incident), entries: entriesOf(changes, by, at) }
  })
  return acted
}

async function idsMeant({ project }: IncidentDependencies, target: BulkTarget): Promise<readonly string[]> {
  const ids =
    'ids' in target
      ? [...new Set(target.ids)]
      : (
          await project.listIncidents(
            target.filter,
            { sort: 'severity', reversed: false },
            null,
            mostIncidentsAtOnce + 1,
          )
        ).map(({ id }) => id)
  if (ids.length <= mostIncidentsAtOnce) return ids
  throw new IncidentError({
    code: 'too-many',
    message: `More than ${mostIncidentsAtOnce} incidents are meant.`,
    fix: 'Narrow the filter, and act on them in parts.',
  })
}

async function requireAssignee({ isMember }: IncidentDependencies, act: IncidentAct): Promise<void> {
  if (act.kind !== 'assign' || act.assignee === null || (await isMember(act.assignee))) return
  throw new IncidentError({
    code: 'not-a-member',
    message: `Nobody in the team has the id ${act.assignee}.`,
    fix: 'Name a member of the workspace.',
  })
}

function entriesOf(changes: readonly IncidentChange[], by: string, at: Date) {
  return entriesOfIncidents(changes, { checkId: null, by, at })
}
