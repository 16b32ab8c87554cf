import { expect, it } from 'vitest'
import { operationIdOf } from './operation-id.ts'
import type { RouteKey } from './policy.ts'
import { policyRows } from './policy.ts'

const keys = Object.keys(policyRows) as RouteKey[]

it.each([
  ['GET /api/v1/projects', 'listProjects'],
  ['POST /api/v1/workspaces/{workspaceId}/projects', 'createProject'],
  ['GET /api/v1/projects/{projectId}', 'getProject'],
  ['PATCH /api/v1/projects/{projectId}', 'changeProject'],
  ['DELETE /api/v1/workspaces/{workspaceId}/api-keys/{keyId}', 'deleteApiKey'],
  ['GET /api/v1/projects/{projectId}/events/{provider}/{eventId}', 'getEvent'],
  ['POST /api/v1/projects/{projectId}/incidents/{incidentId}/ignore', 'ignoreIncident'],
  ['POST /api/v1/projects/{projectId}/repairs/approve', 'approveRepairs'],
  ['POST /api/v1/projects/{projectId}/repairs/{repairId}/approve', 'approveRepair'],
  ['GET /api/v1/projects/{projectId}/alerts/channels', 'listAlertChannels'],
  ['POST /api/v1/projects/{projectId}/webhooks/{provider}/secrets', 'createWebhookSecret'],
  ['POST /api/v1/session', 'signIn'],
] as const)('%s is called %s', (key, id) => {
  expect(operationIdOf(key)).toBe(id)
})

it('calls every route by an act and a thing, and no two alike', () => {
  const ids = keys.map(operationIdOf)
  expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([])
  expect(ids.filter((id) => !/^[a-z]+(?:[A-Z][a-z]+){1,4}$/.test(id))).toEqual([])
})
