import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { password, TestDashboard } from '../support/dashboard.ts'

/* From nothing to a session: the first owner, with the mouse; then out and in again, with the keyboard alone. */

describe('whoever comes first', () => {
  let dashboard: TestDashboard
  let screen: Screen

  beforeAll(async () => {
    dashboard = await TestDashboard.start()
    screen = await dashboard.open(null)
  })
  afterAll(() => dashboard?.stop())

  it('is led from any address to where the owner is made', async () => {
    await screen.goTo('/projects/prj_nobody/incidents')
    await screen.page.waitForURL('**/sign-up')
    await screen.page.getByRole('heading', { name: 'Create the owner' }).waitFor()
    expect(await screen.page.title()).toBe('Create the owner · Trueup')
    await screen.audit()
    await screen.picture('sign-up')
  })

  it('is told at the field what is wrong with it', async () => {
    const { page } = screen
    await page.getByLabel('Your name').fill('Ada Lovelace')
    await page.getByLabel('E-mail address').fill('ada@example')
    await page.getByLabel('Password').fill(password)
    await page.getByLabel('Workspace').fill('Engines')
    await page.getByRole('button', { name: 'Create the owner' }).click()
    await page.getByRole('alert').waitFor()
    await screen.audit([1440])
  })

  it('makes the owner with the mouse, and stands inside', async () => {
    const { page } = screen
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByRole('button', { name: 'Create the owner' }).click()
    await page.getByRole('navigation', { name: 'Workspace' }).waitFor()
    await screen.settled()
    await page.getByRole('button', { name: 'You: Ada Lovelace' }).waitFor()
    await screen.audit()
  })

  it('finds everything from the keyboard: the sheet of shortcuts and the command menu', async () => {
    const { page } = screen
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Shortcuts of the keyboard' }).waitFor()
    await screen.audit([1440, 360])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox')
    await field.waitFor()
    await screen.audit([1440, 360])
    await screen.picture('command-menu', [1440, 360])
    await field.pressSequentially('members')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/members')
    await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor()
  })

  it('chooses a theme, which stays', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'You: Ada Lovelace' }).click()
    await page.getByRole('menuitem', { name: 'Dark' }).click()
    const theme = () => page.evaluate('document.documentElement.dataset.theme')
    expect(await theme()).toBe('dark')
    await page.reload()
    await screen.settled()
    expect(await theme()).toBe('dark')
    await page.getByRole('button', { name: 'You: Ada Lovelace' }).click()
    await page.getByRole('menuitem', { name: 'As the system' }).click()
    expect(await theme()).toBeUndefined()
  })

  it('signs out, and in again with the keyboard alone, to where it was', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'You: Ada Lovelace' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await screen.audit()
    await screen.picture('sign-in')
    await screen.goTo('/settings')
    await page.waitForURL('**/sign-in?to=**')
    await page.getByLabel('E-mail address').waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.type')).toBe('email')
    await page.keyboard.type('ada@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type('not the password')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/settings')
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor()
  })
})
