import type { Team } from '../team.ts'
import { ofEverybody, ofWorkspace } from '../team.ts'

type LetterTeam = Pick<Team, 'database' | 'settings' | 'sendMail' | 'background'>

/** What people are told of by letter because somebody else may have done it in their name. */
export type SecurityEvent =
  | { readonly kind: 'password-changed' }
  | { readonly kind: 'second-factor-removed' }
  | { readonly kind: 'key-created'; readonly name: string; readonly scope: string }
  | { readonly kind: 'credential-entered'; readonly source: string; readonly project: string }
  | { readonly kind: 'workspace-handed-over' }
  | { readonly kind: 'deletion-asked'; readonly what: string; readonly dueAt: Date }

/**
 * Tells a person of what was done with their account. Nobody waits for the letter, and where no mail server is set none
 * is sent.
 *
 * @example
 * tellPerson(team, personId, { kind: 'password-changed' })
 */
export function tellPerson(team: LetterTeam, personId: string, event: SecurityEvent): void {
  if (!team.sendMail) return
  team.background(sendTo(team, async () => [await addressOf(team, personId)], event, ''))
}

/**
 * Tells the owner of a workspace, and whoever did it, of what was done there.
 *
 * @param by the person who did it
 */
export function tellOwner(team: LetterTeam, workspaceId: string, by: string, event: SecurityEvent): void {
  if (!team.sendMail) return
  const place = async () => ` in ${await nameOf(team, workspaceId)}`
  const addresses = async () => {
    const owners = await ofWorkspace(team, workspaceId)
      .selectFrom('trueup.member')
      .select('person_id')
      .where('workspace_id', '=', workspaceId)
      .where('role', '=', 'owner')
      .execute()
    const people = new Set([...owners.map(({ person_id }) => person_id), by])
    return await Promise.all([...people].map((personId) => addressOf(team, personId)))
  }
  team.background(place().then((where) => sendTo(team, addresses, event, where)))
}

async function sendTo(
  { sendMail, settings }: LetterTeam,
  addresses: () => Promise<readonly (string | null)[]>,
  event: SecurityEvent,
  where: string,
): Promise<void> {
  const { subject, said } = worded(event, where)
  const text = `${said}\n\nIf this was you, there is nothing to do. If not, change your password, end your other sessions and look at the record of the workspace:\n\n${settings.publicUrl}\n`
  for (const to of await addresses()) if (to !== null) await sendMail?.({ to, subject, text })
}

function worded(event: SecurityEvent, where: string): { readonly subject: string; readonly said: string } {
  switch (event.kind) {
    case 'password-changed':
      return {
        subject: 'Your Trueup password was changed',
        said: 'The password of your Trueup account was changed.',
      }
    case 'second-factor-removed':
      return {
        subject: 'Your Trueup second factor was turned off',
        said: 'The second factor of your Trueup account was turned off. A password alone opens it now.',
      }
    case 'key-created':
      return {
        subject: 'An API key was made',
        said: `An API key ${quoted(event.name)} with the scope ${event.scope} was made${where}.`,
      }
    case 'credential-entered':
      return {
        subject: 'A credential was entered',
        said: `A credential for ${event.source} was entered for the project ${quoted(event.project)}${where}.`,
      }
    case 'workspace-handed-over':
      return {
        subject: 'A workspace was handed over',
        said: `The ownership was handed over to another of its admins${where}.`,
      }
    case 'deletion-asked':
      return {
        subject: 'A deletion was asked for',
        said: `The deletion of ${event.what} was asked for${where}. Until ${event.dueAt.toISOString()} it can be taken back.`,
      }
  }
}

/** Names are of people's choosing: one line, and no longer than a name. */
function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}

async function addressOf(team: LetterTeam, personId: string): Promise<string | null> {
  const person = await ofEverybody(team)
    .selectFrom('trueup.person')
    .select('email')
    .where('id', '=', personId)
    .executeTakeFirst()
  return person?.email ?? null
}

async function nameOf(team: LetterTeam, workspaceId: string): Promise<string> {
  const workspace = await ofWorkspace(team, workspaceId)
    .selectFrom('trueup.workspace')
    .select('name')
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
  return quoted(workspace?.name ?? workspaceId)
}
