import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'

/* The settings of a project, a tab after the other. */

describe('settings', () => {
  let project: ProjectBehindDashboard
  let screen: Screen
  let receiver: Server
  let address: string
  /** What the receiver answers with. */
  let status = 204

  const path = () => `/api/v1/projects/${project.projectId}`
  const open = (tab: string) => screen.goTo(project.at(`/settings/${tab}`))
  const inDialog = (name: string) =>
    screen.page.getByRole('dialog').getByRole('button', { name, exact: true })
  const told = (words: string) =>
    screen.page.getByRole('region', { name: 'Messages' }).getByText(words).first()

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      request.resume()
      response.writeHead(status).end()
    })
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
    project = await startProject()
    screen = await project.dashboard.open(project.ada)
  })
  afterAll(async () => {
    await project?.dashboard.stop()
    receiver?.close()
  })

  it('General: name, time zone and state are changed', async () => {
    const { page } = screen
    await screen.goTo(project.at('/settings'))
    await page.getByLabel('Name').fill('Team Notes')
    await page.getByLabel('Time zone').selectOption('Europe/Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await told('The project was changed.').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Go on' }).waitFor()
    const { name, timeZone, state } = await project.ada.do(`GET ${path()}`)
    expect({ name, timeZone, state }).toEqual({
      name: 'Team Notes',
      timeZone: 'Europe/Berlin',
      state: 'paused',
    })
    await screen.audit()
    await screen.picture('settings-general')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })

  it('Sources: what is connected is tested, and leads to the setup', async () => {
    const { page } = screen
    await open('sources')
    const stripe = page.getByRole('region', { name: 'Stripe connected' })
    await stripe.getByRole('button', { name: 'Test again' }).click()
    await told('The test passed.').waitFor()
    await screen.audit()
    await screen.picture('settings-sources')
    expect(await page.getByRole('link', { name: 'Connect Stripe' }).getAttribute('href')).toBe(
      project.at('/onboarding/stripe'),
    )
    await page.getByLabel('Write in').selectOption('postgres-repairs')
    await page.getByLabel('Connection string for repairs').fill('postgres://nobody:wrong@127.0.0.1:1/none')
    await page.getByRole('button', { name: 'Test & connect' }).click()
    await page.getByRole('alert').first().waitFor()
    await screen.audit([360])
  })

  it('Schedules: a cron line shows when it would be due, and says when it is none', async () => {
    const { page } = screen
    await open('schedules')
    const line = page.getByLabel('Cron line').first()
    await line.fill('nonsense')
    await page.getByRole('alert').waitFor()
    await line.fill('30 4 * * *')
    await page.getByText('It would be due').waitFor()
    await page.getByRole('button', { name: 'Save' }).first().click()
    await told('the schedule was changed').waitFor()
    const { schedules } = await project.ada.do(`GET ${path()}/schedules`)
    expect(schedules.map(({ cron }: { readonly cron: string }) => cron)).toContain('30 4 * * *')
    await page.getByRole('button', { name: 'Switch off: Recent check' }).click()
    await page.getByRole('button', { name: 'Switch on: Recent check' }).waitFor()
    await screen.audit()
    await screen.picture('settings-schedules')
  })

  it('Alerts: a channel is added and tried, a rule names it, and the log shows every try', async () => {
    const { page } = screen
    await open('alerts')
    await page.getByText('Nobody is told yet').waitFor()
    await page.getByRole('button', { name: 'Add a channel' }).click()
    for (const kind of ['pagerduty', 'email', 'webhook']) {
      await page.getByLabel('Kind').selectOption(kind)
      await screen.audit([360])
    }
    await page.getByLabel('Name').fill('On call')
    await page.getByLabel('Address').fill(address)
    await page.getByRole('textbox', { name: 'Secret that signs' }).fill('whsec_short')
    await inDialog('Add').click()
    await page.getByRole('dialog').getByRole('alert').first().waitFor()
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    await page.getByRole('textbox', { name: 'Secret that signs' }).fill(secret)
    await inDialog('Add').click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await told('The test message was taken.').waitFor()
    status = 500
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('Not taken:').waitFor()
    status = 204

    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByLabel('Name').fill('What matters')
    await page.getByLabel('From severity').selectOption('medium')
    await page.getByLabel('Quiet hours').check()
    await page.getByLabel('From how much a month on').fill('12.5')
    await screen.audit([360])
    await inDialog('Add').click()
    await page.getByText('Medium and above').waitFor()
    const { items } = await project.ada.do(`GET ${path()}/alerts/rules`)
    expect(items[0].rule).toMatchObject({
      name: 'What matters',
      minSeverity: 'medium',
      moneyAtLeast: { usd: 1250 },
      quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
    })
    const log = page.getByRole('region', { name: 'Log' })
    await log.getByRole('row').filter({ hasText: 'Sent' }).first().waitFor()
    await screen.audit()
    await screen.picture('settings-alerts')
    await log.getByRole('button', { name: /test/ }).last().click()
    await page.getByRole('dialog').getByText('sent 204').waitFor()
    await screen.audit([360])
    await inDialog('Send again').click()
    await told('It is sent again.').waitFor()
  })

  it('Outgoing webhooks: the secret of an endpoint is shown once, and rolled', async () => {
    const { page } = screen
    await open('webhooks')
    await page.getByRole('button', { name: 'Add an endpoint' }).click()
    await page.getByLabel('Address').fill(`${address}/trueup`)
    await page.getByLabel('check.finished').check()
    await screen.audit([360])
    await inDialog('Add').click()
    const shown = page.getByRole('dialog', { name: 'The signing secret' }).getByText(/^whsec_/)
    const first = await shown.textContent()
    await inDialog('I kept it').click()
    await page.getByRole('button', { name: /^What can be done with http/ }).click()
    await page.getByRole('menuitem', { name: 'Make a new secret' }).click()
    await inDialog('Make it').click()
    expect(await shown.textContent()).not.toBe(first)
    await inDialog('I kept it').click()
    await page.getByText('the one before ends').waitFor()
    await screen.audit()
    await screen.picture('settings-webhooks')
  })

  it('Push secrets: one is made, shown once, and taken away', async () => {
    const { page } = screen
    await open('pushes')
    await page.getByRole('button', { name: 'Make a secret' }).click()
    await page
      .getByRole('dialog')
      .getByText(/^whsec_/)
      .waitFor()
    await inDialog('I kept it').click()
    await page.getByText('not used yet').waitFor()
    await screen.audit()
    await screen.picture('settings-pushes')
    await page.getByRole('button', { name: /^Take away the secret/ }).click()
    await inDialog('Take away').click()
    await page.getByText('No push secret yet').waitFor()
  })

  it('Exceptions: one is added, extended and ended', async () => {
    const { page } = screen
    await open('exceptions')
    await page.getByText('No exceptions here').waitFor()
    await page.getByRole('button', { name: 'Add an exception' }).click()
    await page.getByLabel('Its id').fill('user_partner')
    await page.getByLabel('Plan').selectOption({ index: 1 })
    await page.getByLabel('Reason').fill('A partner of ours, as agreed in spring.')
    await page.getByLabel('Until', { exact: true }).fill('2090-01-01')
    await screen.audit([360])
    await inDialog('Add').click()
    const row = page.getByRole('row').filter({ hasText: 'user_partner' })
    await row.getByText('Running').waitFor()
    await screen.audit()
    await screen.picture('settings-exceptions')
    await row.getByRole('button', { name: 'What can be done with' }).click()
    await page.getByRole('menuitem', { name: 'Extend' }).click()
    await page.getByLabel('Until', { exact: true }).fill('2091-06-01')
    await inDialog('Extend').click()
    await row.getByText('1 Jun 2091').waitFor()
    await row.getByRole('button', { name: 'What can be done with' }).click()
    await page.getByRole('menuitem', { name: 'End now' }).click()
    await inDialog('End it').click()
    await page.getByText('No exceptions here').waitFor()
    await page.getByLabel('State').selectOption('over')
    await row.getByText('Over').waitFor()
  })

  it('Secret uses: an admin sees them, and nobody below', async () => {
    await open('secret-uses')
    await screen.page.getByRole('row').filter({ hasText: 'stripe' }).first().waitFor()
    await screen.audit()
    await screen.picture('settings-secret-uses')
    const member = await project.dashboard.join(project.ada, project.workspaceId, 'member')
    const other = await project.dashboard.open(member)
    await other.goTo(project.at('/settings'))
    expect(await other.page.getByRole('tab').allTextContents()).not.toContain('Secret uses')
    expect(await other.page.getByRole('button', { name: 'Delete' }).getAttribute('title')).toContain(
      'needs the role owner',
    )
    await other.close()
  })

  it('General: a project is deleted by its name, and taken back', async () => {
    const { page } = screen
    await open('general')
    await page.getByRole('button', { name: 'Delete' }).click()
    expect(await inDialog('Delete').getAttribute('title')).toBe('Type the name first.')
    await page.getByLabel('Type its name').fill('Team Notes')
    await screen.audit([360])
    await inDialog('Delete').click()
    await page.getByRole('button', { name: 'Take the deletion back' }).click()
    await told('The project stays.').waitFor()
    expect((await project.ada.do(`GET ${path()}`)).deletion).toBeNull()
  })
})
