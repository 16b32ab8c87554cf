import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMailServer } from '../../packages/service/src/outgoing/receivers.ts'
import type { Screen } from '../support/browser.ts'
import { password, TestDashboard } from '../support/dashboard.ts'
import { ApiClient } from '../support/service.ts'

/* A workspace: who belongs to it, the keys that machines have, and what was done. */

const hostile = '<img src=x onerror=alert(1)> =HYPERLINK("//x") مرحبا 🦩'

describe('a workspace', () => {
  let dashboard: TestDashboard
  let ada: ApiClient
  let viewer: ApiClient
  let admin: ApiClient
  let workspaceId: string
  let screen: Screen
  const at = (path: string) => `/workspaces/${workspaceId}${path}`
  const rowOf = (text: string) => screen.page.getByRole('row').filter({ hasText: text })
  const menuOf = (text: string) => rowOf(text).getByRole('button', { name: 'What can be done with' })
  const inDialog = (name: string) => screen.page.getByRole('dialog').getByRole('button', { name })

  beforeAll(async () => {
    dashboard = await TestDashboard.start()
    const owned = await dashboard.owner()
    ada = owned.ada
    workspaceId = owned.workspaceId
    viewer = await dashboard.join(ada, workspaceId, 'viewer')
    admin = await dashboard.join(ada, workspaceId, 'admin')
    await viewer.do('PATCH /api/v1/me', { name: 'Mary Somerville' })
    await admin.do('PATCH /api/v1/me', { name: 'Charles Babbage' })
    screen = await dashboard.open(ada)
  })
  afterAll(() => dashboard?.stop())

  it('lists its people, whose names are text', async () => {
    await screen.goTo(at('/members'))
    await rowOf('Mary Somerville').waitFor()
    await screen.picture('members')
    await viewer.do('PATCH /api/v1/me', { name: hostile })
    await screen.goTo(at('/members'))
    await rowOf('<img src=x onerror=alert(1)>').waitFor()
    expect(await screen.page.locator('img').count()).toBe(0)
    await screen.audit()
  })

  it('invites with a link that is shown once, and takes the invite back', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByLabel('E-mail address').fill('carol@example.com')
    await page.getByLabel('Role').selectOption('member')
    await screen.audit([360])
    await inDialog('Invite').click()
    await page.getByRole('dialog', { name: 'The invite' }).getByText('/invite#').waitFor()
    await screen.audit([360])
    await inDialog('I kept it').click()
    await page.getByRole('button', { name: 'Revoke the invite for carol@example.com' }).click()
    await page.getByText('No invite waits to be taken up.').waitFor()
    const { items } = await ada.do(`GET /api/v1/workspaces/${workspaceId}/invites`)
    expect(items).toEqual([])
  })

  it('gives another role, a link to a new password, and takes a member out', async () => {
    const { page } = screen
    const menu = () => menuOf('viewer@example.com').click()
    await menu()
    await page.getByRole('menuitem', { name: 'Member', exact: true }).click()
    await rowOf('viewer@example.com').getByText('Member', { exact: true }).waitFor()
    await menu()
    await page.getByRole('menuitem', { name: 'Link to a new password' }).click()
    await page.getByRole('dialog').getByText('/reset-password#').waitFor()
    await inDialog('I kept it').click()
    await menu()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await inDialog('Remove').click()
    await expect.poll(() => rowOf('viewer@example.com').count()).toBe(0)
  })

  it('makes a key that is shown once and works until it is revoked', async () => {
    const { page } = screen
    await screen.goTo(at('/keys'))
    await page.getByText('No keys yet').waitFor()
    await screen.audit([360])
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByLabel('Name').fill('Pipeline')
    await page.getByLabel('Only from these addresses').fill('nowhere')
    await inDialog('Make the key').click()
    await page.getByRole('dialog').getByRole('alert').first().waitFor()
    await page.getByLabel('Only from these addresses').fill('')
    await inDialog('Make the key').click()
    const key = await page.getByRole('dialog', { name: 'Your new key' }).getByText(/^tu_/).textContent()
    await inDialog('I kept it').click()
    const machine = new ApiClient(dashboard.origin, { authorization: `Bearer ${key}` })
    expect((await machine.do('GET /api/v1/me')).kind).toBe('key')
    await rowOf('Pipeline').getByText('Active').waitFor()
    await screen.audit()
    await screen.picture('api-keys')
    await page.getByRole('button', { name: 'Revoke the key Pipeline' }).click()
    await inDialog('Revoke').click()
    await rowOf('Pipeline').getByText('Revoked').waitFor()
    await expect(machine.do('GET /api/v1/me')).rejects.toThrow()
  })

  it('asks once more for the password before a key is made, where it was last given a while ago', async () => {
    const { page } = screen
    await dashboard.service.database.query(
      `update trueup.person_session set created_at = created_at - interval '11 minutes', confirmed_at = null`,
    )
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByLabel('Name').fill('Night job')
    await inDialog('Make the key').click()
    const confirm = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await confirm.waitFor()
    await screen.audit([360])
    await confirm.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Nothing was changed, since you did not confirm that it is you.').waitFor()
    expect(await page.getByLabel('Name').inputValue()).toBe('Night job')
    await inDialog('Make the key').click()
    await confirm.getByRole('textbox', { name: 'Password' }).fill('not the password')
    await confirm.getByRole('button', { name: 'Confirm' }).click()
    await confirm.getByRole('alert').waitFor()
    await confirm.getByRole('textbox', { name: 'Password' }).fill(password)
    await confirm.getByRole('button', { name: 'Confirm' }).click()
    // What was asked for is then done, without another press.
    await page.getByRole('dialog', { name: 'Your new key' }).getByText(/^tu_/).waitFor()
    await inDialog('I kept it').click()
    await rowOf('Night job').getByText('Active').waitFor()
    const { items } = await ada.do(`GET /api/v1/workspaces/${workspaceId}/api-keys`)
    expect(items.filter(({ name }: { readonly name: string }) => name === 'Night job')).toHaveLength(1)
  })

  it('keeps a record of all that', async () => {
    const { page } = screen
    await screen.goTo(at('/record'))
    for (const words of ['An invite was revoked', 'A role was changed', 'A member was removed']) {
      await page.getByText(words).first().waitFor()
    }
    await screen.audit()
    await screen.picture('record')
  })

  it('is renamed, handed over, and then asks the one who was the owner for less', async () => {
    const { page } = screen
    await screen.goTo(at('/members'))
    await page.getByLabel('Name of the workspace').fill('Analytical engines')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByText('The workspace was renamed.').waitFor()
    await menuOf('admin@example.com').click()
    await page.getByRole('menuitem', { name: 'Hand the workspace over' }).click()
    await inDialog('Hand over').click()
    await rowOf('ada@example.com').getByText('Admin', { exact: true }).waitFor()
    const off = page.getByRole('button', { name: 'Delete the workspace' })
    await expect.poll(() => off.getAttribute('aria-disabled')).toBe('true')
    expect(await off.getAttribute('title')).toContain('needs the role owner')
  })

  it('shows a viewer its people, and says what the role may not', async () => {
    const dave = await dashboard.join(ada, workspaceId, 'viewer', 'dave@example.com')
    const other = await dashboard.open(dave)
    await other.goTo(at('/members'))
    const invite = other.page.getByRole('button', { name: 'Invite', exact: true })
    expect(await invite.getAttribute('title')).toContain('needs the role admin')
    await other.goTo(at('/keys'))
    await other.page.getByRole('alert').first().waitFor()
    await other.audit([360])
    await other.close()
  })

  it('is left by whoever does not own it, who then reaches nothing of it', async () => {
    const { page } = screen
    await screen.goTo(at('/members'))
    await menuOf('ada@example.com').click()
    await page.getByRole('menuitem', { name: 'Leave the workspace' }).click()
    await inDialog('Leave').click()
    await page.getByRole('heading', { level: 1, name: 'You belong to no workspace' }).waitFor()
    expect((await ada.do('GET /api/v1/workspaces')).items).toEqual([])
    await screen.audit([1440, 360])
  })

  it('is deleted by its owner, by its name, and taken back', async () => {
    const own = await dashboard.open(admin)
    const { page } = own
    await own.goTo(at('/members'))
    await page.getByRole('button', { name: 'Delete the workspace' }).click()
    const dialog = page.getByRole('dialog')
    const button = dialog.getByRole('button', { name: 'Delete', exact: true })
    expect(await button.getAttribute('title')).toBe('Type the name first.')
    await dialog.getByRole('textbox').fill('Analytical engines')
    await own.audit([360])
    await button.click()
    const confirm = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await confirm.getByRole('textbox', { name: 'Password' }).fill(password)
    await confirm.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Everything of it is erased').waitFor()
    const deletion = async () => (await admin.do('GET /api/v1/workspaces')).items[0].deletion
    expect(await deletion()).not.toBeNull()
    await page.getByRole('button', { name: 'Take the deletion back' }).click()
    await page.getByText('The workspace stays.').waitFor()
    expect(await deletion()).toBeNull()
    await own.close()
  })
})

describe('where anybody may sign up', () => {
  it('whoever belongs to no workspace makes one', async () => {
    const mail = await startMailServer()
    const dashboard = await TestDashboard.start({
      TRUEUP_SIGN_UP: 'open',
      TRUEUP_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      TRUEUP_MAIL_FROM: 'trueup@example.com',
    })
    dashboard.atEnd(() => mail.close())
    try {
      const { ada, workspaceId } = await dashboard.owner()
      await ada.do(`POST /api/v1/workspaces/${workspaceId}/invites`, {
        email: 'bob@example.com',
        role: 'viewer',
      })
      // Lines of a letter are broken off by a sign.
      const letter = String(mail.received[0]?.raw).replaceAll('=\r\n', '')
      const token = /\/invite#(\S+)/.exec(letter)?.[1]
      const bob = dashboard.service.person()
      await bob.do('POST /api/v1/invites/accept', { token, name: 'Bob', password })
      await bob.do(`POST /api/v1/workspaces/${workspaceId}/leave`)
      const screen = await dashboard.open(bob)
      const { page } = screen
      await screen.goTo('/first-run')
      await page.getByRole('heading', { level: 1, name: 'You belong to no workspace' }).waitFor()
      await page.getByLabel('Name of the workspace').fill('Bob & <b>Sons</b>')
      await screen.audit([1440, 360])
      await page.getByRole('button', { name: 'Create workspace' }).click()
      await page.getByRole('heading', { level: 1, name: 'What do you want to look at?' }).waitFor()
      expect((await bob.do('GET /api/v1/workspaces')).items).toMatchObject([
        { name: 'Bob & <b>Sons</b>', role: 'owner' },
      ])
    } finally {
      await dashboard.stop()
    }
  })
})
