import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'

/** Gives a person another name. */
export async function renamePerson(
  team: Pick<Team, 'database' | 'clock'>,
  personId: string,
  name: string,
): Promise<void> {
  await ofEverybody(team)
    .updateTable('trueup.person')
    .set({ name, updated_at: team.clock.now() })
    .where('id', '=', personId)
    .execute()
}
