import { z } from '@hono/zod-openapi'
import type { ProjectService } from '../../project/project-service.ts'
import { roles } from '../../team/role.ts'
import type { Team } from '../../team/team.ts'
import {
  askWorkspaceDeletion,
  deletionOf,
  takeWorkspaceDeletionBack,
} from '../../team/workspace/delete-workspace.ts'
import { handOver, leaveWorkspace } from '../../team/workspace/members.ts'
import { createWorkspace, listWorkspaces, renameWorkspace } from '../../team/workspace/workspaces.ts'
import { workspaceActs, workspaceEntries } from '../../team/workspace-entry.ts'
import { ApiError } from '../api-error.ts'
import { pageOf, pageQuery } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { shown } from '../shown/shown.ts'
import { personOf } from './auth.ts'
import { deletionShape } from './projects.ts'

export const workspaceIdParam = z.string().min(1).max(200).openapi({ example: 'default' })

const tag = 'Workspaces'
const params = z.object({ workspaceId: workspaceIdParam })
const name = z.string().max(500)
const workspaceShape = z
  .object({
    workspaceId: z.string(),
    name: z.string(),
    role: z.enum(roles),
    deletion: z
      .union([deletionShape, z.null()])
      .openapi({ description: 'Null: nobody asked for it to be deleted.' }),
  })
  .openapi('Workspace')

/** Workspaces, and what was done in them that concerns no project. */
export function workspaceRoutes({
  team,
  projects,
}: {
  readonly team: Team
  readonly projects: ProjectService
}): readonly Route[] {
  return [
    route('GET /api/v1/workspaces', {
      summary: 'Your workspaces',
      tag,
      answer: z.object({ items: z.array(workspaceShape) }),
      handle: async ({ principal }) => ({
        body: shown({
          items: await Promise.all(
            (await listWorkspaces(team, personOf(principal))).map(async (workspace) => ({
              ...workspace,
              deletion: await deletionOf(team, workspace.workspaceId),
            })),
          ),
        }),
      }),
    }),
    route('POST /api/v1/workspaces', {
      summary: 'Make a workspace, which you own',
      tag,
      body: z.strictObject({ name }),
      status: 201,
      answer: workspaceShape,
      handle: async ({ principal, body }) => ({
        body: { ...(await createWorkspace(team, personOf(principal), body)), deletion: null },
      }),
    }),
    route('PATCH /api/v1/workspaces/{workspaceId}', {
      summary: 'Rename a workspace',
      tag,
      params,
      body: z.strictObject({ name }),
      status: 204,
      async handle({ principal, tenant: { workspaceId }, body }) {
        await renameWorkspace(team, { workspaceId, personId: personOf(principal) }, body.name)
        return { status: 204 }
      },
    }),
    route('DELETE /api/v1/workspaces/{workspaceId}', {
      summary: 'Delete a workspace with all its projects, which can be taken back for seven days',
      description:
        'Its projects do nothing any more at once. When the days are over everything is erased but its record and the numbered entries of the ledgers, which name nobody.',
      tag,
      params,
      body: z.strictObject({
        name: name.openapi({ description: 'The name of the workspace, as it stands there.' }),
      }),
      answer: deletionShape,
      async handle({ principal, tenant: { workspaceId }, body }) {
        const actor = { workspaceId, personId: personOf(principal) }
        return { body: shown(await askWorkspaceDeletion(team, projects, actor, body.name)) }
      },
    }),
    route('POST /api/v1/workspaces/{workspaceId}/restore', {
      summary: 'Take the deletion of a workspace back',
      tag,
      params,
      status: 204,
      async handle({ principal, tenant: { workspaceId } }) {
        await takeWorkspaceDeletionBack(team, projects, { workspaceId, personId: personOf(principal) })
        return { status: 204 }
      },
    }),
    route('POST /api/v1/workspaces/{workspaceId}/hand-over', {
      summary: 'Hand a workspace over to one of its admins',
      tag,
      description: 'You become an admin of it.',
      params,
      body: z.strictObject({ personId: z.string().max(200) }),
      status: 204,
      async handle({ principal, tenant: { workspaceId }, body }) {
        await handOver(team, { workspaceId, personId: personOf(principal) }, body.personId)
        return { status: 204 }
      },
    }),
    route('POST /api/v1/workspaces/{workspaceId}/leave', {
      summary: 'Leave a workspace',
      tag,
      params,
      status: 204,
      async handle({ principal, tenant: { workspaceId } }) {
        await leaveWorkspace(team, { workspaceId, personId: personOf(principal) })
        return { status: 204 }
      },
    }),
    route('GET /api/v1/workspaces/{workspaceId}/record', {
      summary: 'What was done in a workspace that concerns no project, newest first',
      tag,
      description: 'Members, invites, keys of the whole workspace. What concerns a project is in its ledger.',
      params,
      query: pageQuery,
      answer: pageOf(
        z
          .object({
            number: z.number().int(),
            act: z.enum(workspaceActs),
            at: z.string().openapi({ format: 'date-time' }),
            by: z.string().openapi({ description: 'The id of a person, or command-line.' }),
            facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
          })
          .openapi('WorkspaceEntry'),
      ),
      async handle({ tenant: { workspaceId }, query: { after, limit } }) {
        const entries = await workspaceEntries(team.database, workspaceId, {
          before: after === undefined ? null : numberOf(after),
          limit: limit + 1,
        })
        const items = entries.slice(0, limit).map((entry) => ({ ...entry, at: entry.at.toISOString() }))
        const next = entries.length > limit ? String(items.at(-1)?.number) : null
        return { body: { items, next } }
      },
    }),
  ]
}

function numberOf(after: string): number {
  if (/^\d{1,15}$/.test(after)) return Number(after)
  throw new ApiError({
    code: 'request-invalid',
    message: 'query.after: not the `next` of a page.',
    fix: 'Give what the page before had as `next`.',
  })
}
