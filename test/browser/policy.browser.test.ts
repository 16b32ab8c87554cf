import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'

/* The policy: what holds, what another one would change, saving it, and going back. */

describe('the policy', () => {
  let project: ProjectBehindDashboard
  let screen: Screen
  const path = () => `/api/v1/projects/${project.projectId}`
  const tab = async (name: string) => {
    await screen.page.getByRole('tab', { name }).click()
    await screen.settled()
  }

  beforeAll(async () => {
    project = await startProject()
    screen = await project.dashboard.open(project.ada)
  })
  afterAll(() => project?.dashboard.stop())

  it('is not there before a configuration is, and leads to the setup', async () => {
    const { ada, workspaceId } = project
    const { id } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'New' })
    await screen.goTo(`/projects/${id}/policy`)
    await screen.page.getByText('There is no configuration yet').waitFor()
    await screen.audit([1440, 360])
    await screen.page.getByRole('link', { name: 'Go on with the setup' }).click()
    await screen.page.waitForURL(`**/projects/${id}/onboarding/stack`)
  })

  it('is told in plain words, beside what is sold', async () => {
    const { page } = screen
    await screen.goTo(project.at('/policy'))
    await page.getByText('may keep access for 14 days').waitFor()
    await page.getByText('everybody has it').waitFor()
    await screen.audit()
    await screen.picture('policy')
  })

  it('shows what another one would open and close, with money, before anything is saved', async () => {
    const { page } = screen
    await tab('Change')
    expect(new URL(page.url()).search).toBe('?view=change')
    const save = page.getByRole('button', { name: 'Save' })
    expect(await save.getAttribute('title')).toBe('Nothing is changed yet.')
    await page.getByLabel('When a payment failed').selectOption('drop')
    await page.getByLabel('When all the money went back').selectOption('drop')
    await page.getByRole('button', { name: 'What if' }).click()
    const answer = page.getByRole('region', { name: 'What it would change' })
    await answer.getByText('were judged').waitFor()
    const opens = Number(
      await answer.getByRole('region', { name: 'Would open' }).locator('p').first().textContent(),
    )
    const told = await project.ada.do(`POST ${path()}/config/what-if`, {
      changes: { policy: { pastDue: { mode: 'drop' }, refunded: 'drop' } },
    })
    expect(opens).toBe(told.totals.opens.total)
    expect(opens + told.totals.closes.total).toBeGreaterThan(0)
    await screen.audit()
    await screen.picture('policy-what-if')
    expect((await project.ada.do(`GET ${path()}/config`)).version).toBe(1)
  })

  it('says that an answer is out of date once more is changed', async () => {
    const { page } = screen
    await page.getByLabel('Settling, in minutes').fill('5')
    await page.getByText('It was changed since').waitFor()
  })

  it('is saved as a version with a note, which shows what it changed', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByLabel('Note').fill('No grace any more: the dunning mails are enough')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Version 2 holds.').waitFor()
    const { document, version } = await project.ada.do(`GET ${path()}/config`)
    expect(version).toBe(2)
    expect(document.policy).toMatchObject({ pastDue: { mode: 'drop' }, refunded: 'drop', settleMinutes: 5 })
    await tab('Versions')
    await page.getByText('No grace any more: the dunning mails are enough').waitFor()
    await screen.audit()
    await screen.picture('policy-versions')
    await page.getByRole('button', { name: 'What version 2 changed' }).click()
    await page.getByRole('dialog', { name: 'What version 2 changed' }).getByText('policy.refunded').waitFor()
    await screen.audit([360])
    await page.keyboard.press('Escape')
  })

  it('goes back to an earlier version', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'What version 1 changed' }).click()
    await page.getByRole('button', { name: 'Bring this version back' }).click()
    await page.getByRole('dialog').getByText('policy.refunded').waitFor()
    await page.getByRole('button', { name: 'Bring it back' }).click()
    await page.getByText('Brings version 1 back').waitFor()
    await tab('In force')
    await page.getByText('may keep access for 14 days').waitFor()
  })

  it('is written as a document, which is held to what a configuration needs', async () => {
    const { page } = screen
    await tab('Document')
    const text = page.getByLabel('Configuration as JSON')
    const kept = await text.inputValue()
    await text.fill('{')
    await page.getByText('It is no JSON').waitFor()
    await text.fill(kept.replace('"catalogue"', '"catalog"'))
    await page.getByRole('button', { name: 'Validate' }).click()
    await page.getByRole('alert').getByText('catalogue').first().waitFor()
    await screen.audit()
    await text.fill(kept)
    await page.getByRole('button', { name: 'Validate' }).click()
    await page.getByText('It is a valid configuration.').waitFor()
    await screen.picture('policy-document')
  })

  it('is read and tried by a viewer, and saved by an admin alone', async () => {
    const viewer = await project.dashboard.join(project.ada, project.workspaceId, 'viewer')
    const other = await project.dashboard.open(viewer)
    const { page } = other
    await other.goTo(project.at('/policy?view=change'))
    await page.getByLabel('Days of grace').fill('1')
    const save = page.getByRole('button', { name: 'Save' })
    expect(await save.getAttribute('title')).toContain('needs the role admin')
    await page.getByRole('button', { name: 'What if' }).click()
    await page.getByText('were judged').waitFor()
    await other.close()
  })
})
