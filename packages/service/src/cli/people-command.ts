import { Command } from 'commander'
import { systemClock, systemRandomBytes } from '../adapters/system.ts'
import { defaultPort } from '../serve/service-settings.ts'
import type { PersonLine } from '../team/list-people.ts'
import { listPeople } from '../team/list-people.ts'
import { removePerson } from '../team/remove-person.ts'
import { resetMinutes } from '../team/sign-in/limits.ts'
import { removeSecondFactorOf } from '../team/sign-in/remove-second-factor.ts'
import type { ResetTeam } from '../team/sign-in/reset-link.ts'
import { makeResetLinkFor } from '../team/sign-in/reset-link.ts'
import { readTeamSettings } from '../team/team-settings.ts'
import type { CommandContext } from './command-context.ts'

const help = `
For whoever runs the service, when somebody cannot sign in and no mail server is set.
What is done here is entered into the record of each of their workspaces. The embedded
database has one process: stop the service first.

Environment:
  DATABASE_URL       the PostgreSQL of the service, or TRUEUP_HOME of its embedded one
  TRUEUP_PUBLIC_URL  where people reach the service, which links begin with`

interface Options {
  readonly json?: boolean
}

/** `trueup people`: who can sign in to the service, and help for those who cannot. */
export function peopleCommand(context: CommandContext): Command {
  const { terminal } = context
  const command = new Command('people')
    .description('list who can sign in to the service, and help who cannot')
    .addHelpText('after', help)
  command
    .command('list')
    .description('list the people, their workspaces and roles')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: Options) => {
      await withPeople(context, async (team) => {
        const people = await listPeople(team)
        terminal.out(json ? inJson({ people }) : people.map((person) => `${lineOf(person)}\n`).join(''))
      })
    })
  command
    .command('reset-link')
    .argument('<email>', 'the address that the person signs in with')
    .description('print a link with which a person sets a new password, once')
    .option('--json', 'print one JSON object')
    .action(async (email: string, { json }: Options) => {
      await withPeople(context, async (team) => {
        const link = await makeResetLinkFor(team, email)
        terminal.out(json ? inJson({ link, goodForMinutes: resetMinutes }) : `${link}\n`)
        if (!json) terminal.err(`Good for ${resetMinutes} minutes, once. Whoever opens it is that person.\n`)
      })
    })
  command
    .command('remove-second-factor')
    .argument('<email>', 'the address that the person signs in with')
    .description('take the second factor from a person who lost it, and end their sessions')
    .action(async (email: string) => {
      await withPeople(context, async (team) => {
        await removeSecondFactorOf(team, email)
        terminal.err('They sign in with the password alone now, and can set up another device.\n')
      })
    })
  command
    .command('remove')
    .argument('<email>', 'the address that the person signs in with')
    .description('take a person out of every workspace and delete what is kept of them')
    .action(async (email: string) => {
      await withPeople(context, async (team) => {
        await removePerson(team, email)
        terminal.err('Deleted. Keys that they made stay: they are the workspaces’.\n')
      })
    })
  return command
}

async function withPeople(context: CommandContext, act: (team: ResetTeam) => Promise<void>): Promise<void> {
  const { openDatabase } = await import('../store/index.ts')
  const { databaseUrl, home } = context.environment()
  const settings = readTeamSettings(context.variables(), `http://localhost:${defaultPort}`)
  const database = await openDatabase({ databaseUrl, home, clock: systemClock })
  try {
    await act({ database, settings, clock: systemClock, randomBytes: systemRandomBytes })
  } finally {
    await database.close()
  }
}

/** `ada@example.com  Ada  owner of Acme, viewer of Side  second factor`. */
function lineOf({ email, name, workspaces, hasTwoFactor }: PersonLine): string {
  const roles = workspaces.map(({ role, name }) => `${role} of ${name}`).join(', ')
  return [email, name, roles || 'in no workspace', ...(hasTwoFactor ? ['second factor'] : [])].join('  ')
}

function inJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
