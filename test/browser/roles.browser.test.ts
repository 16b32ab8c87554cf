import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyRows, type RouteKey } from '../../packages/service/src/http/policy.ts'
import { isAtLeast, type Role, roles } from '../../packages/service/src/team/role.ts'
import type { Screen } from '../support/browser.ts'
import { type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'
import { connectRepairs } from '../support/repaired-project.ts'
import type { ApiClient } from '../support/service.ts'

/* What each role sees and may do in the browser, worked out from the table of who may do what. */

const inProject = '/api/v1/projects/{projectId}'
const inWorkspace = '/api/v1/workspaces/{workspaceId}'

interface Place {
  readonly page: string
  readonly buttons: readonly (readonly [name: string, key: RouteKey])[]
}

const places: readonly Place[] = [
  { page: '/overview', buttons: [['Run check', `POST ${inProject}/checks`]] },
  {
    page: '/incidents/{incidentId}',
    buttons: [
      ['Acknowledge', `POST ${inProject}/incidents/{incidentId}/acknowledge`],
      ['Ignore', `POST ${inProject}/incidents/{incidentId}/ignore`],
      ['Check again', `POST ${inProject}/customers/{customerId}/check`],
      ['Approve', `POST ${inProject}/repairs/{repairId}/approve`],
      ['Reject', `POST ${inProject}/repairs/{repairId}/reject`],
    ],
  },
  {
    page: '/repairs',
    buttons: [
      ['Propose repairs', `POST ${inProject}/repairs/propose`],
      ['Switch off', `POST ${inProject}/repairs/switch`],
    ],
  },
  {
    page: '/repairs/{repairId}',
    buttons: [
      ['Approve', `POST ${inProject}/repairs/{repairId}/approve`],
      ['Reject', `POST ${inProject}/repairs/{repairId}/reject`],
    ],
  },
  { page: '/checks', buttons: [['Run check', `POST ${inProject}/checks`]] },
  { page: '/webhooks', buttons: [['Look for gaps', `POST ${inProject}/webhooks/compare`]] },
  {
    page: '/settings/general',
    buttons: [
      ['Pause', `PATCH ${inProject}`],
      ['Delete', `DELETE ${inProject}`],
    ],
  },
  { page: '/settings/sources', buttons: [['Disconnect everything', `DELETE ${inProject}/sources`]] },
  { page: '/settings/alerts', buttons: [['Add a channel', `POST ${inProject}/alerts/channels`]] },
  { page: '/settings/pushes', buttons: [['Make a secret', `POST ${inProject}/push-secrets`]] },
  { page: '/settings/exceptions', buttons: [['Add an exception', `POST ${inProject}/exceptions`]] },
  {
    page: '/workspaces/{workspaceId}/members',
    buttons: [
      ['Invite', `POST ${inWorkspace}/invites`],
      ['Rename', `PATCH ${inWorkspace}`],
      ['Delete the workspace', `DELETE ${inWorkspace}`],
    ],
  },
]

/** Pages that a role may read or finds left out, by their links on the rail. */
const listed: readonly (readonly [name: string, key: RouteKey])[] = [
  ['Overview', `GET ${inProject}/parity`],
  ['Incidents', `GET ${inProject}/incidents`],
  ['Repairs', `GET ${inProject}/repairs`],
  ['Settings', `GET ${inProject}/schedules`],
  ['Members', `GET ${inWorkspace}/members`],
  ['API keys', `GET ${inWorkspace}/api-keys`],
  ['Record', `GET ${inWorkspace}/record`],
]

let project: ProjectBehindDashboard
let ids: Readonly<Record<string, string>>
const people = new Map<Role, ApiClient>()

beforeAll(async () => {
  project = await startProject()
  await connectRepairs(project)
  const { ada, dashboard, projectId, workspaceId } = project
  await ada.do(`POST /api/v1/projects/${projectId}/repairs/propose`)
  const { items } = await ada.do(`GET /api/v1/projects/${projectId}/repairs?state=proposed`)
  const [{ id: repairId, incidentId, customerId }] = items
  ids = { projectId, workspaceId, repairId, incidentId, customerId }
  people.set('owner', ada)
  for (const role of ['viewer', 'member', 'admin'] as const)
    people.set(role, await dashboard.join(ada, workspaceId, role, `${role}-of-all@example.com`))
})
afterAll(() => project?.dashboard.stop())

const filled = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '')
const addressOf = (page: string) => (page.startsWith('/workspaces') ? filled(page) : project.at(filled(page)))

/** The least role that the table names for a route of a project or workspace. */
function neededFor(key: RouteKey): Role {
  const { role } = policyRows[key]
  if (role === 'anybody' || role === 'nobody') throw new Error(`${key} asks for no role.`)
  return role
}

describe.each(roles.map((role) => [role] as const))('whoever is %s', (role) => {
  let screen: Screen

  beforeAll(async () => {
    screen = await project.dashboard.open(people.get(role) ?? null)
  })

  it('finds on the rail what they may read, and nothing else', async () => {
    await screen.goTo(project.at('/overview'))
    const shown = await screen.page.getByRole('navigation').getByRole('link').allInnerTexts()
    const names = shown.map((text) => text.split('\n')[0]?.trim())
    for (const [name, key] of listed) expect(names.includes(name), name).toBe(isAtLeast(role, neededFor(key)))
  })

  it.each(places.map((place) => [place.page, place.buttons] as const))(
    'finds at %s each act on, or off with the reason',
    async (page, buttons) => {
      await screen.goTo(addressOf(page))
      for (const [name, key] of buttons) {
        const button = screen.page.getByRole('button', { name, exact: true }).first()
        await button.waitFor()
        const needed = neededFor(key)
        const title = (await button.getAttribute('title')) ?? ''
        if (isAtLeast(role, needed)) expect(title, name).not.toContain('needs the role')
        else {
          expect(title, name).toContain(`This needs the role ${needed}; yours is ${role}.`)
          expect(await button.getAttribute('aria-disabled'), name).toBe('true')
          await button.click({ force: true })
          expect(await screen.page.getByRole('dialog').count(), name).toBe(0)
        }
      }
    },
  )

  it.runIf(role !== 'owner')('is refused by the service what the page keeps from them', async () => {
    const keys = places.flatMap(({ buttons }) => buttons.map(([, key]) => key))
    for (const key of new Set(keys)) {
      const needed = neededFor(key)
      if (isAtLeast(role, needed)) continue
      const [method = '', path = ''] = key.split(' ')
      const request = { method, headers: { 'content-type': 'application/json' }, body: '{}' }
      const answer = await screen.page.evaluate(
        `fetch(${JSON.stringify(filled(path))}, ${JSON.stringify(request)}).then(async (answer) => [answer.status, (await answer.json()).code])`,
      )
      expect(answer, key).toEqual([403, 'role-too-low'])
    }
  })

  it('is not shown by an address what is left out of the rail', async () => {
    for (const [page, key] of [
      ['/workspaces/{workspaceId}/keys', `GET ${inWorkspace}/api-keys`],
      ['/workspaces/{workspaceId}/record', `GET ${inWorkspace}/record`],
      ['/settings/secret-uses', `GET ${inProject}/secret-uses`],
    ] as const) {
      await screen.goTo(addressOf(page))
      const isKept = !isAtLeast(role, neededFor(key))
      const refused = screen.page.getByText(/needs the role admin|There are no such settings/)
      expect((await refused.count()) > 0, page).toBe(isKept)
      await screen.audit([1440])
    }
  })

  it('may change of the people what the table says', async () => {
    const { page } = screen
    await screen.goTo(addressOf('/workspaces/{workspaceId}/members'))
    const other = role === 'member' ? 'viewer' : 'member'
    await page
      .getByRole('row')
      .filter({ hasText: `${other}-of-all@example.com` })
      .getByRole('button', { name: 'What can be done with' })
      .click()
    for (const [name, key] of [
      ['Admin', `PATCH ${inWorkspace}/members/{personId}`],
      ['Link to a new password', `POST ${inWorkspace}/members/{personId}/reset-link`],
      ['Remove', `DELETE ${inWorkspace}/members/{personId}`],
    ] as const) {
      const item = page.getByRole('menuitem', { name: new RegExp(`^${name}`) })
      const needed = neededFor(key)
      const text = await item.innerText()
      if (isAtLeast(role, needed)) expect(text).not.toContain('needs the role')
      else expect(text).toContain(`This needs the role ${needed}; yours is ${role}.`)
    }
    await page.keyboard.press('Escape')
  })
})
