import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import type { TestTeam } from '../../../../../test/support/team.ts'
import { browser, openTestTeam, tokenIn } from '../../../../../test/support/team.ts'
import { systemClock } from '../../adapters/system.ts'
import type { Database } from '../../store/database.ts'
import { openDatabase } from '../../store/index.ts'
import { acceptAsNew, acceptAsSelf, openInvite } from '../invites/accept-invite.ts'
import { invite, listInvites, revokeInvite } from '../invites/invites.ts'
import { rolesOf } from '../resolve-principal.ts'
import type { GivenRole, Role } from '../role.ts'
import { insertPerson } from '../sign-in/create-person.ts'
import { makeResetLink } from '../sign-in/reset-link.ts'
import { becomeOwner } from '../sign-in/sign-up.ts'
import { ofEverybody } from '../team.ts'
import { workspaceEntries } from '../workspace-entry.ts'
import { changeRole, handOver, leaveWorkspace, listMembers, removeMember } from './members.ts'
import { createWorkspace, listWorkspaces } from './workspaces.ts'

describe('the people of a workspace', () => {
  let server: TestDatabase
  let database: Database
  let team: TestTeam
  let workspaceId: string
  /** Who is in the workspace, by role. */
  let people: Record<Role, string>
  let count = 0

  beforeAll(async () => {
    server = await createTestDatabase()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock: systemClock })
    team = await openTestTeam(database)
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })

  const person = async (): Promise<string> => {
    count += 1
    return await ofEverybody(team)
      .transaction()
      .execute((tx) =>
        insertPerson(tx, team, {
          email: `person${count}@example.com`,
          name: `Person ${count}`,
          passwordHash: null,
          emailVerified: false,
        }),
      )
  }
  const workspaceOf = async (ownerId: string): Promise<string> => {
    count += 1
    const id = `wsp_${count}`
    await ofEverybody(team)
      .transaction()
      .execute(async (tx) => {
        await tx
          .insertInto('trueup.workspace')
          .values({ workspace_id: id, name: `Workspace ${count}` })
          .execute()
        await becomeOwner(tx, team, { workspaceId: id, personId: ownerId })
      })
    return id
  }
  const join = async (id: string, personId: string, role: GivenRole) => {
    await ofEverybody(team)
      .insertInto('trueup.member')
      .values({ workspace_id: id, person_id: personId, role, joined_at: new Date() })
      .execute()
  }
  const as = (role: Role) => ({ workspaceId, personId: people[role] })
  const roleOf = async (personId: string) => (await rolesOf(team, personId)).get(workspaceId)
  const acts = async () => (await workspaceEntries(database, workspaceId)).map(({ act }) => act)

  beforeEach(async () => {
    people = { viewer: await person(), member: await person(), admin: await person(), owner: await person() }
    workspaceId = await workspaceOf(people.owner)
    for (const role of ['viewer', 'member', 'admin'] as const) await join(workspaceId, people[role], role)
  })

  it('change their role by whoever is above them, and it is entered', async () => {
    await changeRole(team, as('owner'), people.viewer, 'admin')
    expect(await roleOf(people.viewer)).toBe('admin')
    const [entry] = await workspaceEntries(database, workspaceId)
    expect(entry).toMatchObject({
      act: 'member-role-changed',
      by: people.owner,
      facts: { person: people.viewer, before: 'viewer', after: 'admin' },
    })
  })

  it.each([
    ['the owner', 'admin', 'owner', 'owner-stays'],
    ['themselves', 'admin', 'admin', 'own-role'],
    ['somebody of the same role', 'member', 'admin', 'role-too-low'],
  ] as const)('keep their role where one would change that of %s', async (_, actor, target, code) => {
    await expect(changeRole(team, as(actor), people[target], 'viewer')).rejects.toMatchObject({ code })
    expect(await roleOf(people[target])).toBe(target)
    expect(await acts()).toEqual(['workspace-created'])
  })

  it('are out of reach for another workspace', async () => {
    const stranger = await person()
    const elsewhere = await workspaceOf(stranger)
    for (const act of [
      () => changeRole(team, { workspaceId: elsewhere, personId: stranger }, people.viewer, 'admin'),
      () => removeMember(team, { workspaceId: elsewhere, personId: stranger }, people.viewer),
      () => removeMember(team, { workspaceId, personId: stranger }, people.viewer),
      () => handOver(team, { workspaceId: elsewhere, personId: stranger }, people.admin),
      () => leaveWorkspace(team, { workspaceId, personId: stranger }),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'not-found' })
    }
    expect((await listMembers(team, elsewhere)).map(({ personId }) => personId)).toEqual([stranger])
  })

  it('lose all of it when they are removed, with the invites that they sent', async () => {
    await invite(team, as('admin'), { email: 'invited@example.com', role: 'viewer' })
    await removeMember(team, as('owner'), people.admin)
    expect(await roleOf(people.admin)).toBeUndefined()
    expect(await listWorkspaces(team, people.admin)).toEqual([])
    expect(await listInvites(team, workspaceId)).toEqual([])
    expect(await acts()).toEqual(['member-removed', 'member-invited', 'workspace-created'])
  })

  it('may leave, but for the owner', async () => {
    await leaveWorkspace(team, as('member'))
    expect(await roleOf(people.member)).toBeUndefined()
    await expect(leaveWorkspace(team, as('owner'))).rejects.toMatchObject({ code: 'owner-stays' })
    expect(await roleOf(people.owner)).toBe('owner')
  })

  it('get another owner when the owner hands over to an admin, who changes places with them', async () => {
    await expect(handOver(team, as('owner'), people.member)).rejects.toMatchObject({
      code: 'new-owner-not-admin',
    })
    await expect(handOver(team, as('owner'), people.owner)).rejects.toMatchObject({ code: 'own-role' })
    await expect(handOver(team, as('admin'), people.owner)).rejects.toMatchObject({ code: 'role-too-low' })
    await handOver(team, as('owner'), people.admin)
    expect(await roleOf(people.admin)).toBe('owner')
    expect(await roleOf(people.owner)).toBe('admin')
    expect(await acts()).toEqual(['workspace-handed-over', 'workspace-created'])
  })

  it('have one owner, whoever hands over at once', async () => {
    const other = await person()
    await join(workspaceId, other, 'admin')
    const outcomes = await Promise.allSettled([
      handOver(team, as('owner'), people.admin),
      handOver(team, as('owner'), other),
    ])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const owners = (await listMembers(team, workspaceId)).filter(({ role }) => role === 'owner')
    expect(owners).toHaveLength(1)
    await expect(
      database.pool.query('update trueup.member set role = $1 where workspace_id = $2', [
        'owner',
        workspaceId,
      ]),
    ).rejects.toMatchObject({ constraint: 'member_one_owner' })
  })

  it('do not remove each other', async () => {
    const other = await person()
    await join(workspaceId, other, 'admin')
    await changeRole(team, as('owner'), other, 'member')
    const outcomes = await Promise.allSettled([
      removeMember(team, as('admin'), other),
      removeMember(team, { workspaceId, personId: other }, people.admin),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  it('make another workspace where they own one already', async () => {
    await expect(createWorkspace(team, people.admin, { name: 'Side' })).rejects.toMatchObject({
      code: 'sign-up-closed',
    })
    const made = await createWorkspace(team, people.owner, { name: 'Side' })
    expect(await listWorkspaces(team, people.owner)).toContainEqual({ ...made, role: 'owner' })
  })

  it('leave a record that nobody changes', async () => {
    for (const statement of [
      'update trueup.workspace_entry set by = by',
      'delete from trueup.workspace_entry',
      'truncate trueup.workspace_entry',
    ]) {
      await expect(database.pool.query(statement)).rejects.toMatchObject({ code: '23001' })
    }
  })

  describe('are given a link to a new password', () => {
    it('by whoever is above them', async () => {
      const made = await makeResetLink(team, as('admin'), people.member)
      expect(made).toMatchObject({
        sent: false,
        link: expect.stringMatching(/^https:\/\/trueup\.example\.com\/reset-password#/),
      })
      expect(await acts()).toContain('reset-link-made')
    })

    it.each([
      ['the owner', 'admin', 'owner', 'owner-stays'],
      ['one’s own', 'admin', 'admin', 'own-role'],
      ['who is above', 'member', 'admin', 'role-too-low'],
    ] as const)('but not that of %s', async (_, actor, target, code) => {
      await expect(makeResetLink(team, as(actor), people[target])).rejects.toMatchObject({ code })
    })

    it('but not where they are more in another workspace, whose doors it would open', async () => {
      const elsewhere = await workspaceOf(people.member)
      await expect(makeResetLink(team, as('owner'), people.member)).rejects.toMatchObject({
        code: 'owner-stays',
      })
      const outside = await person()
      await join(elsewhere, people.viewer, 'viewer')
      await expect(makeResetLink(team, as('owner'), people.viewer)).rejects.toMatchObject({
        code: 'role-too-low',
      })
      await expect(makeResetLink(team, as('owner'), outside)).rejects.toMatchObject({ code: 'not-found' })
    })
  })

  describe('come by invite', () => {
    const newcomer = { name: 'Newcomer', password: 'a long enough password' }
    const inviteHere = async (email: string, role: GivenRole = 'member') => {
      const { line, link } = await invite(team, as('admin'), { email, role })
      return { line, token: tokenIn(link.sent ? '' : link.link) }
    }
    const address = () => {
      count += 1
      return `New${count}@Example.com`
    }

    it('as somebody new, once', async () => {
      const email = address()
      const { token } = await inviteHere(email)
      expect(await openInvite(team, browser(), token)).toMatchObject({
        email: email.toLowerCase(),
        role: 'member',
        isKnown: false,
      })
      const joined = await acceptAsNew(team, browser(), { token, ...newcomer })
      expect(joined).toMatchObject({ workspaceId, email: email.toLowerCase() })
      expect(await roleOf(joined.personId)).toBe('member')
      await expect(acceptAsNew(team, browser(), { token, ...newcomer })).rejects.toMatchObject({
        code: 'link-invalid',
      })
      await expect(openInvite(team, browser(), token)).rejects.toMatchObject({ code: 'link-invalid' })
      expect((await acts()).slice(0, 2)).toEqual(['member-joined', 'member-invited'])
    })

    it('once also where two come with the link together', async () => {
      const { token } = await inviteHere(address())
      const outcomes = await Promise.allSettled([
        acceptAsNew(team, browser(), { token, ...newcomer }),
        acceptAsNew(team, browser(), { token, ...newcomer }),
      ])
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    })

    it('as who they are, where the invite is for their address', async () => {
      const known = await person()
      const email = `person${count}@example.com`
      const { token } = await inviteHere(email, 'admin')
      expect(await openInvite(team, browser(), token)).toMatchObject({ isKnown: true })
      await expect(acceptAsNew(team, browser(), { token, ...newcomer })).rejects.toMatchObject({
        code: 'person-exists',
      })
      const other = { personId: people.viewer, email: 'other@example.com' }
      await expect(acceptAsSelf(team, browser(), other, token)).rejects.toMatchObject({
        code: 'invite-for-another',
      })
      // What was refused did not use the link up.
      await acceptAsSelf(team, browser(), { personId: known, email }, token)
      expect(await roleOf(known)).toBe('admin')
    })

    it('for seven days', async () => {
      const { token } = await inviteHere(address())
      team.pass(7 * 86_400_000 - 60_000)
      expect(await openInvite(team, browser(), token)).toMatchObject({ role: 'member' })
      team.pass(120_000)
      await expect(acceptAsNew(team, browser(), { token, ...newcomer })).rejects.toMatchObject({
        code: 'link-invalid',
      })
      expect(await listInvites(team, workspaceId)).toEqual([])
    })

    it('with the newest link to an address alone', async () => {
      const email = address()
      const first = await inviteHere(email)
      const second = await inviteHere(email, 'viewer')
      await expect(openInvite(team, browser(), first.token)).rejects.toMatchObject({ code: 'link-invalid' })
      expect(await openInvite(team, browser(), second.token)).toMatchObject({ role: 'viewer' })
      expect((await listInvites(team, workspaceId)).map(({ inviteId }) => inviteId)).toEqual([
        second.line.inviteId,
      ])
    })

    it('with one link, however many invite the address at once', async () => {
      const email = address()
      const made = await Promise.all([1, 2, 3, 4].map(async () => inviteHere(email)))
      const opened = await Promise.allSettled(made.map(({ token }) => openInvite(team, browser(), token)))
      expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    it('not when it was revoked, which one of another workspace cannot', async () => {
      const { line, token } = await inviteHere(address())
      const stranger = await person()
      const elsewhere = { workspaceId: await workspaceOf(stranger), personId: stranger }
      await expect(revokeInvite(team, elsewhere, line.inviteId)).rejects.toMatchObject({ code: 'not-found' })
      await revokeInvite(team, as('admin'), line.inviteId)
      await expect(acceptAsNew(team, browser(), { token, ...newcomer })).rejects.toMatchObject({
        code: 'link-invalid',
      })
    })

    it('as no more than whoever invites is, and not who is there already', async () => {
      await expect(invite(team, as('member'), { email: address(), role: 'admin' })).rejects.toMatchObject({
        code: 'role-too-low',
      })
      const [known] = await listMembers(team, workspaceId)
      await expect(
        invite(team, as('admin'), { email: known?.email ?? '', role: 'viewer' }),
      ).rejects.toMatchObject({ code: 'already-member' })
    })

    it('by mail to the address alone, where a mail server is set', async () => {
      const mailing = await openTestTeam(database, { hasMail: true })
      const email = address()
      const { link } = await invite(mailing, as('admin'), { email, role: 'viewer' })
      expect(link).toEqual({ sent: true })
      const [letter] = mailing.letters
      expect(letter?.to).toBe(email.toLowerCase())
      const joined = await acceptAsNew(mailing, browser(), {
        token: tokenIn(letter?.text ?? ''),
        ...newcomer,
      })
      const { rows } = await database.pool.query('select email_verified from trueup.person where id = $1', [
        joined.personId,
      ])
      expect(rows).toEqual([{ email_verified: true }])
    })

    it('not as somebody new where sign-up is closed', async () => {
      const closed = await openTestTeam(database, { signUp: 'closed' })
      const { token } = await inviteHere(address())
      await expect(acceptAsNew(closed, browser(), { token, ...newcomer })).rejects.toMatchObject({
        code: 'sign-up-closed',
      })
    })
  })
})
