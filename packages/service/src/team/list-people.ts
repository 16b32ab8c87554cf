import type { Role } from './role.ts'
import type { Team } from './team.ts'
import { ofEverybody } from './team.ts'

/** A person as whoever runs the service sees them. */
export interface PersonLine {
  readonly personId: string
  readonly email: string
  readonly name: string
  readonly hasTwoFactor: boolean
  readonly workspaces: readonly { readonly workspaceId: string; readonly name: string; readonly role: Role }[]
}

/** Every person, by address, and the workspaces that they belong to. */
export async function listPeople(team: Pick<Team, 'database'>): Promise<readonly PersonLine[]> {
  const rows = await ofEverybody(team)
    .selectFrom('trueup.person as person')
    .leftJoin('trueup.member as member', 'member.person_id', 'person.id')
    .leftJoin('trueup.workspace as workspace', 'workspace.workspace_id', 'member.workspace_id')
    .select([
      'person.id',
      'person.email',
      'person.name',
      'person.two_factor_enabled',
      'member.workspace_id',
      'member.role',
      'workspace.name as workspace_name',
    ])
    .orderBy('person.email')
    .orderBy('member.workspace_id')
    .execute()
  const people = new Map<string, PersonLine & { readonly workspaces: PersonLine['workspaces'][number][] }>()
  for (const row of rows) {
    const line = people.get(row.id) ?? {
      personId: row.id,
      email: row.email,
      name: row.name,
      hasTwoFactor: row.two_factor_enabled,
      workspaces: [],
    }
    if (row.workspace_id !== null && row.role !== null) {
      line.workspaces.push({
        workspaceId: row.workspace_id,
        name: row.workspace_name ?? '',
        role: row.role,
      })
    }
    people.set(row.id, line)
  }
  return [...people.values()]
}
