import type { Incident, IncidentStore, PairName } from '@trueup/core'
import { subjectOfKey } from '@trueup/core'

/**
 * Whom a name may mean: `user:user_1`, `organization:org_1` and `customer:cus_1` mean one; a bare id may be of any of
 * the three, in this order.
 *
 * @example
 * pairsNamed('cus_1') // customer cus_1, then user cus_1, then organization cus_1
 */
export function pairsNamed(name: string): readonly PairName[] {
  const customer = /^customer:(.+)$/s.exec(name)?.[1]
  if (customer !== undefined) return [{ customerId: customer }]
  if (/^(?:user|organization):./s.test(name)) return [{ subject: subjectOfKey(name) }]
  return [
    { customerId: name },
    { subject: { type: 'user', id: name } },
    { subject: { type: 'organization', id: name } },
  ]
}

/** The keys under which entries of the ledger name whom a name may mean. */
export function personsNamed(name: string): readonly string[] {
  if (/^(?:customer|user|organization):./s.test(name)) return [name]
  return [`customer:${name}`, `user:${name}`, `organization:${name}`]
}

const mostIncidents = 100

/**
 * Incidents about whoever a name may mean, in any state, the newest first. They know also those whom no check pairs any
 * more: a user who was deleted while a customer still pays for them.
 *
 * @example
 * await incidentsNamed(project, 'user:user_1')
 */
export async function incidentsNamed(
  project: Pick<IncidentStore, 'listIncidents'>,
  name: string,
): Promise<readonly Incident[]> {
  const about = /^customer:(.+)$/s.exec(name)?.[1] ?? name
  return await project.listIncidents({ about }, { sort: 'opened', reversed: false }, null, mostIncidents)
}
