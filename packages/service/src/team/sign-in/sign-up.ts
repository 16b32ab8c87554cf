import { newId } from '../../new-id.ts'
import type { Team, TeamTransaction } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { linkInvalid, TeamError } from '../team-error.ts'
import { enterAct } from '../workspace-entry.ts'
import { countAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { hashPassword, insertPerson, parseAddress, parseName, refuseWeakPassword } from './create-person.ts'
import { hashOf, linkTo, newToken } from './one-time-link.ts'
import { networkOf } from './sign-in.ts'

/** The workspace that is there from the beginning. What was checked from the command line before is in it. */
export const firstWorkspaceId = 'default'

/** How long a link to sign up with is good for. */
const linkHours = 24

/** What somebody says of themselves who makes an account and a workspace. */
export interface SignUp {
  readonly name: string
  readonly password: string
  readonly workspaceName: string
}

/** Whether the first person is still to come, and may sign up without having been invited. */
export async function isFirstSignUp(team: Pick<Team, 'database'>): Promise<boolean> {
  const taken = await ofEverybody(team).selectFrom('trueup.first_sign_up').select('at').executeTakeFirst()
  return !taken
}

/**
 * Makes the very first person, who owns the first workspace. Of several that come at once, one is the first.
 *
 * @returns the new person's id; signing in is an act of its own
 * @throws TeamError `sign-up-closed` when somebody was first
 */
export async function signUpFirst(
  team: Team,
  { email: address, ...said }: SignUp & { readonly email: string },
): Promise<{ readonly personId: string; readonly workspaceId: string }> {
  const email = parseAddress(address)
  const { name, workspaceName } = parseSignUp(said, email)
  if (!(await isFirstSignUp(team))) throw signUpClosed()
  const passwordHash = await hashPassword(team, said.password)
  return await ofEverybody(team)
    .transaction()
    .execute(async (tx) => {
      const personId = await insertPerson(tx, team, { email, name, passwordHash, emailVerified: false })
      // The second one waits here for the first one's commit, and then finds the place taken.
      const claimed = await tx
        .insertInto('trueup.first_sign_up')
        .values({ person_id: personId, at: team.clock.now() })
        .onConflict((conflict) => conflict.column('only').doNothing())
        .executeTakeFirst()
      if (claimed.numInsertedOrUpdatedRows !== 1n) throw signUpClosed()
      await tx
        .updateTable('trueup.workspace')
        .set({ name: workspaceName })
        .where('workspace_id', '=', firstWorkspaceId)
        .execute()
      await becomeOwner(tx, team, { workspaceId: firstWorkspaceId, personId })
      return { personId, workspaceId: firstWorkspaceId }
    })
}

/**
 * Sends a link to sign up with to an address, where anybody may sign up. The answer is the same whoever has the
 * address; one who is here already is told so in the letter.
 *
 * @throws TeamError `sign-up-closed`, `address-malformed`, `too-many-attempts`
 */
export async function askToSignUp(team: Team, caller: Caller, address: string): Promise<void> {
  const { settings, sendMail } = team
  if (settings.signUp !== 'open' || !sendMail) throw signUpClosed()
  const email = parseAddress(address)
  await countAttempt(team, ['sign-up', networkOf(caller.address)], { most: 20, seconds: 3600 })
  await countAttempt(team, ['sign-up-of', email], { most: 3, seconds: 3600 })
  const now = team.clock.now()
  const { token, hash } = newToken(team.randomBytes)
  await ofEverybody(team)
    .insertInto('trueup.sign_up_link')
    .values({
      token_hash: hash,
      email,
      created_at: now,
      expires_at: new Date(now.getTime() + linkHours * 3_600_000),
      used_at: null,
    })
    .execute()
  const known = await ofEverybody(team)
    .selectFrom('trueup.person')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirst()
  const text = known
    ? `Somebody asked for an account with this address. You have one: sign in at ${settings.publicUrl}/sign-in\n`
    : `To make your account, open this link within ${linkHours} hours:\n\n${linkTo(settings.publicUrl, 'sign-up', token)}\n\nIf you did not ask for it, leave it be.\n`
  // Not waited for: how long it takes would tell which addresses are known.
  team.background(sendMail({ to: email, subject: 'Your Trueup account', text }))
}

/**
 * Makes a person and a workspace of theirs, with a link that {@link askToSignUp} sent.
 *
 * @throws TeamError `link-invalid`, `person-exists`
 */
export async function signUpByLink(
  team: Team,
  { token, ...said }: SignUp & { readonly token: string },
): Promise<{ readonly personId: string; readonly workspaceId: string; readonly email: string }> {
  if (team.settings.signUp !== 'open') throw signUpClosed()
  const { name, workspaceName } = parseSignUp(said)
  const passwordHash = await hashPassword(team, said.password)
  const now = team.clock.now()
  return await ofEverybody(team)
    .transaction()
    .execute(async (tx) => {
      const link = await tx
        .updateTable('trueup.sign_up_link')
        .set({ used_at: now })
        .where('token_hash', '=', hashOf(token))
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returning('email')
        .executeTakeFirst()
      if (!link) throw linkInvalid('sign-up')
      const { email } = link
      const personId = await insertPerson(tx, team, { email, name, passwordHash, emailVerified: true })
      const workspaceId = newId('wsp', team.randomBytes)
      await tx
        .insertInto('trueup.workspace')
        .values({ workspace_id: workspaceId, name: workspaceName, created_at: now })
        .execute()
      await becomeOwner(tx, team, { workspaceId, personId })
      return { personId, workspaceId, email }
    })
}

function parseSignUp(
  said: SignUp,
  email?: string,
): { readonly name: string; readonly workspaceName: string } {
  refuseWeakPassword(said.password, email === undefined ? {} : { email })
  return { name: parseName(said.name), workspaceName: parseName(said.workspaceName) }
}

/** Makes a person the owner of a workspace that has none. */
export async function becomeOwner(
  tx: TeamTransaction,
  { clock }: Pick<Team, 'clock'>,
  { workspaceId, personId }: { readonly workspaceId: string; readonly personId: string },
): Promise<void> {
  const at = clock.now()
  await tx
    .insertInto('trueup.member')
    .values({ workspace_id: workspaceId, person_id: personId, role: 'owner', joined_at: at })
    .execute()
  await enterAct(tx, workspaceId, { act: 'workspace-created', at, by: personId, facts: {} })
}

function signUpClosed(): TeamError {
  return new TeamError({
    code: 'sign-up-closed',
    message: 'Nobody can make an account here without being invited.',
    fix: 'Ask an admin of the workspace for an invite.',
  })
}
