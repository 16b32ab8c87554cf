import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { notFound } from '../team-error.ts'
import { enterEverywhere } from '../workspace-entry.ts'

/**
 * Takes the second factor from the person of an address who lost it, with the backup codes; every session of theirs
 * ends. For the command line of whoever runs the service, who knows in another way that it is them.
 *
 * @throws TeamError `not-found`
 */
export async function removeSecondFactorOf(
  team: Pick<Team, 'database' | 'clock'>,
  address: string,
): Promise<void> {
  await ofEverybody(team)
    .transaction()
    .execute(async (tx) => {
      const person = await tx
        .updateTable('trueup.person')
        .set({ two_factor_enabled: false, updated_at: team.clock.now() })
        .where('email', '=', address.trim().toLowerCase())
        .returning('id')
        .executeTakeFirst()
      if (!person) throw notFound('person')
      await tx.deleteFrom('trueup.person_two_factor').where('person_id', '=', person.id).execute()
      await tx.deleteFrom('trueup.person_session').where('person_id', '=', person.id).execute()
      await enterEverywhere(tx, team, person.id, 'second-factor-removed')
    })
}
