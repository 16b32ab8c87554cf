import type { Incident, IncidentAct, IncidentCounts, IncidentFilter, IncidentOrder } from '@trueup/core'
import { countsOf, unknownIncident } from '@trueup/core'
import type { IncidentCause } from '../../cause/causes-of.ts'
import type { Shown } from '../../http/shown/shown.ts'
import type { BulkTarget, IncidentActed, IncidentDependencies } from '../../incident/act-on-incidents.ts'
import { actOnMany } from '../../incident/act-on-incidents.ts'
import type { OpenedRecords } from '../../open-records.ts'
import type { ShownRepair } from '../../remote/read-answer.ts'
import { incidentIn, repairIn } from '../../remote/read-answer.ts'
import type { RemoteProject } from '../../remote/remote-project.ts'

/** What an act came to; a server tells the state, one's own records the whole incident. */
export type ActedIncident =
  | IncidentActed
  | { readonly id: string; readonly outcome: 'changed' | 'unchanged'; readonly state: Incident['state'] }
  | {
      readonly id: string
      readonly outcome: 'refused'
      readonly code: string
      readonly message: string
      readonly fix: string
    }

/** What commands on incidents need, of this folder's project or of one at a server. */
export interface IncidentDesk {
  list(
    filter: IncidentFilter,
    order: IncidentOrder,
    most: number,
  ): Promise<{ readonly incidents: readonly Incident[]; readonly counts: IncidentCounts }>
  /** @throws IncidentError or RemoteError where there is none */
  show(id: string): Promise<{
    readonly incident: Incident
    readonly repairs: readonly ShownRepair[]
    /** What probably broke; `null`: it is not worked out, which takes a service that sees webhooks and deploys. */
    readonly cause: Shown<IncidentCause> | null
  }>
  /** @param count how many are meant; it has to be the true number */
  act(target: BulkTarget, act: IncidentAct, count: number): Promise<readonly ActedIncident[]>
}

/** The incidents of this folder's project. */
export function localIncidents(
  project: OpenedRecords['project'],
  dependencies: Omit<IncidentDependencies, 'project'>,
  by: () => string,
): IncidentDesk {
  return {
    async list(filter, order, most) {
      const incidents = await project.listIncidents(filter, order, null, most)
      return { incidents, counts: countsOf(await project.countIncidents(filter)) }
    },
    async show(id) {
      const incident = await project.incident(id)
      if (!incident) throw unknownIncident(id)
      return { incident, repairs: await project.repairs({ incidentId: id, limit: 100 }), cause: null }
    },
    act: (target, act, count) => actOnMany({ ...dependencies, project }, target, act, { by: by(), count }),
  }
}

interface AnsweredIncident {
  readonly incident: Shown<Incident> & { readonly cause: Shown<IncidentCause> | null }
  readonly repairs: readonly Shown<ShownRepair>[]
}

interface AnsweredAct {
  readonly id: string
  readonly outcome: 'changed' | 'unchanged' | 'refused'
  readonly state: Incident['state'] | null
  readonly code: string | null
  readonly message: string | null
  readonly fix: string | null
}

/** The incidents of a project at a server. */
export function remoteIncidents({ client, at }: RemoteProject): IncidentDesk {
  return {
    async list(filter, { sort, reversed }, most) {
      const query = queryOf(filter)
      const listed = await client.list<Shown<Incident>>(at('/incidents'), { ...query, sort, reversed }, most)
      const counts = await client.get<IncidentCounts>(at('/incidents/counts'), query)
      return { incidents: listed.map(incidentIn), counts }
    },
    async show(id) {
      const answer = await client.get<AnsweredIncident>(at(`/incidents/${encodeURIComponent(id)}`))
      const { cause, ...incident } = answer.incident
      return { incident: incidentIn(incident), repairs: answer.repairs.map(repairIn), cause }
    },
    async act(target, { kind, ...said }, count) {
      const { items } = await client.post<{ readonly items: readonly AnsweredAct[] }>(at('/incidents/bulk'), {
        act: { act: kind, ...said },
        ...target,
        count,
      })
      return items.map(actedIn)
    },
  }
}

function queryOf({ states, severities, kinds, hurts, about, assignee, moneyAtLeast, text }: IncidentFilter) {
  return {
    state: states,
    severity: severities,
    kind: kinds,
    hurts,
    about,
    assignee: assignee === null ? 'nobody' : assignee,
    moneyAtLeast: moneyAtLeast?.amount,
    currency: moneyAtLeast?.currency,
    q: text,
  }
}

function actedIn({ id, outcome, state, code, message, fix }: AnsweredAct): ActedIncident {
  if (outcome === 'refused') return { id, outcome, code: code ?? '', message: message ?? '', fix: fix ?? '' }
  return { id, outcome, state: state ?? 'open' }
}
