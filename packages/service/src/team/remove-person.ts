import type { Team } from './team.ts'
import { ofEverybody } from './team.ts'
import { notFound } from './team-error.ts'
import { refused } from './workspace/refused.ts'
import { enterEverywhere } from './workspace-entry.ts'

/**
 * Takes the person of an address out of every workspace and deletes what is kept of them; invites that they sent and
 * nobody took up are revoked. Records name people by their ids, which then lead to nobody. For the command line of
 * whoever runs the service.
 *
 * @throws TeamError `not-found`; `owner-stays` for the owner of a workspace
 */
export async function removePerson(team: Pick<Team, 'database' | 'clock'>, address: string): Promise<void> {
  const email = address.trim().toLowerCase()
  await ofEverybody(team)
    .transaction()
    .execute(async (tx) => {
      const person = await tx
        .selectFrom('trueup.person')
        .select('id')
        .where('email', '=', email)
        .forUpdate()
        .executeTakeFirst()
      if (!person) throw notFound('person')
      const memberships = await tx
        .selectFrom('trueup.member')
        .select('role')
        .where('person_id', '=', person.id)
        .forUpdate()
        .execute()
      if (memberships.some(({ role }) => role === 'owner')) throw refused('owner-stays')
      await enterEverywhere(tx, team, person.id, 'member-removed')
      await tx.deleteFrom('trueup.member').where('person_id', '=', person.id).execute()
      await tx
        .updateTable('trueup.invite')
        .set({ revoked_at: team.clock.now() })
        .where('invited_by', '=', person.id)
        .where('accepted_at', 'is', null)
        .where('revoked_at', 'is', null)
        .execute()
      await tx.deleteFrom('trueup.invite').where('email', '=', email).execute()
      await tx.deleteFrom('trueup.sign_up_link').where('email', '=', email).execute()
      await tx.deleteFrom('trueup.person_check').where('value', '=', person.id).execute()
      await tx.deleteFrom('trueup.person').where('id', '=', person.id).execute()
    })
}
