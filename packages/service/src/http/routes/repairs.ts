import { z } from '@hono/zod-openapi'
import type { Repair } from '@trueup/core'
import { approvalsNeeded, repairStates, twoPersonReasons } from '@trueup/core'
import { openServiceRepairs } from '../../project/open-service-project.ts'
import { applyBatch } from '../../repair/apply-batch.ts'
import { applyRepair } from '../../repair/apply-repair.ts'
import {
  approveBatch,
  approveRepairs,
  rejectRepairs,
  requireBatch,
  requireRepair,
} from '../../repair/approve-repair.ts'
import { releaseRepairs, switchRepairs } from '../../repair/hold-repairs.ts'
import type { OpenedRepairs } from '../../repair/open-repairs.ts'
import { proposeRepairs } from '../../repair/propose-repairs.ts'
import { settleRepairs } from '../../repair/settle-repairs.ts'
import { undoRepair } from '../../repair/undo-repair.ts'
import { ApiError } from '../api-error.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { Principal } from '../principal.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { incidentShape } from '../shown/incident.ts'
import { repairShape } from '../shown/repair.ts'
import { shown } from '../shown/shown.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { nameOf, recordsOf, storeOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/repairs'
const tag = 'Repairs'

const id = z.string().min(1).max(200)
const projectParams = z.object({ projectId: projectIdParam })
const repairParams = z.object({ projectId: projectIdParam, repairId: id })
const reason = z.string().trim().min(1).max(4000)
const count = z.number().int().min(1).openapi({
  description: 'How many repairs you believe to approve. Nothing is approved where it differs.',
})
const several = z.object({ items: z.array(repairShape) })

/** Repairs: what is proposed, a person's word on it, writing it, and taking it back. */
export function repairRoutes(routes: ProjectRoutes): Route[] {
  return [
    route(`GET ${base}`, {
      summary: 'The repairs of a project, in the order in which they were proposed',
      tag,
      params: projectParams,
      query: pageQuery.extend({
        state: z.union([z.array(z.enum(repairStates)), z.enum(repairStates)]).optional(),
        incidentId: id.optional(),
        batchId: id.optional(),
      }),
      answer: pageOf(repairShape),
      handle: async ({ tenant, query }) => {
        const { state, incidentId, batchId, after, limit } = query
        const found = await storeOf(routes, tenant).repairs({
          ...(state === undefined ? {} : { states: [state].flat() }),
          ...(incidentId === undefined ? {} : { incidentId }),
          ...(batchId === undefined ? {} : { batchId }),
          ...(after === undefined ? {} : { after }),
          limit: limit + 1,
        })
        const items = found.slice(0, limit)
        const next = found.length > limit ? (items.at(-1)?.id ?? null) : null
        return { body: { items: items.map(shownRepair), next } }
      },
    }),
    route(`GET ${base}/brakes`, {
      summary: 'What holds the repairs of this project back',
      tag,
      params: projectParams,
      answer: z.object({
        switchedOff: z.array(
          z.object({
            scope: z.enum(['project', 'everywhere']),
            by: z.string(),
            at: moment,
            reason: z.string(),
          }),
        ),
        heldBy: z.array(incidentShape),
      }),
      handle: async ({ tenant }) => {
        const project = storeOf(routes, tenant)
        const [switchedOff, heldBy] = await Promise.all([project.repairSwitches(), project.repairHolds()])
        return { body: shown({ switchedOff, heldBy }) }
      },
    }),
    route(`GET ${base}/{repairId}`, {
      summary: 'One repair',
      tag,
      params: repairParams,
      answer: repairShape,
      handle: async ({ tenant, params }) => ({
        body: shownRepair(await requireRepair({ project: storeOf(routes, tenant) }, params.repairId)),
      }),
    }),
    route(`POST ${base}/propose`, {
      summary: 'Propose a repair for every incident of the last check that has one safe answer',
      tag,
      params: projectParams,
      answer: z.object({
        proposed: z.array(z.string()),
        guided: z.number().int().openapi({ description: 'Incidents that are steps for a person.' }),
        changedSince: z
          .number()
          .int()
          .openapi({ description: 'Records that were changed since the check read them.' }),
      }),
      handle: ({ tenant, signal }) =>
        withTargets(routes, tenant, async (repairs) => ({
          body: shown(await proposeRepairs(repairs, { signal })),
        })),
    }),
    route(`POST ${base}/approve`, {
      summary: 'Approve several repairs as one batch, which is applied in waves',
      tag,
      params: projectParams,
      body: z.strictObject({ ids: z.array(id).min(2).max(1000), count }),
      answer: several,
      handle: async ({ tenant, principal, body }) => {
        const records = await recordsOf(routes, tenant)
        const ids = [...new Set(body.ids)]
        const batch = { id: '', position: 0, size: ids.length }
        for (const one of ids) {
          assertPersonWhereTwoAreNeeded(principal, [{ ...(await requireRepair(records, one)), batch }])
        }
        const { repairs } = await approveBatch(records, ids, nameOf(principal), body.count)
        return { body: { items: repairs.map(shownRepair) } }
      },
    }),
    route(`POST ${base}/{repairId}/approve`, {
      summary: 'Approve one repair, or, by the id of one of them, a batch that waits for a second person',
      tag,
      params: repairParams,
      body: z.strictObject({ count }),
      answer: several,
      handle: async ({ tenant, principal, params, body }) => {
        const records = await recordsOf(routes, tenant)
        const meant = await meantBy(records, params.repairId)
        assertPersonWhereTwoAreNeeded(principal, meant)
        const ids = meant.map((repair) => repair.id)
        const approved = await approveRepairs(records, ids, nameOf(principal), body.count)
        return { body: { items: approved.map(shownRepair) } }
      },
    }),
    route(`POST ${base}/{repairId}/reject`, {
      summary: 'Say no; the same values are not proposed again',
      tag,
      params: repairParams,
      body: z.strictObject({ reason }),
      answer: repairShape,
      handle: async ({ tenant, principal, params, body }) => {
        const dependencies = { project: storeOf(routes, tenant), clock: routes.projects.clock }
        await requireRepair(dependencies, params.repairId)
        const [rejected] = await rejectRepairs(
          dependencies,
          [params.repairId],
          nameOf(principal),
          body.reason,
        )
        if (!rejected) throw new Error(`The repair ${params.repairId} was there and cannot be found.`)
        return { body: shownRepair(rejected) }
      },
    }),
    route(`POST ${base}/{repairId}/apply`, {
      summary: 'Write an approved repair and read both sides again, or go on with its batch',
      tag,
      description:
        'A repair of a batch applies the wave of the batch that is due; call it again when the next one is. ' +
        'It may be sent again at any time: no value is written twice.',
      params: repairParams,
      answer: z.object({
        items: z.array(repairShape),
        leftBecause: z
          .string()
          .nullable()
          .openapi({ description: 'Why it was left as it was; nothing was written then.' }),
      }),
      handle: ({ tenant, principal, params, signal }) =>
        withTargets(routes, tenant, async (repairs) => {
          const by = nameOf(principal)
          await settleRepairs(repairs)
          const repair = await requireRepair(repairs, params.repairId)
          if (repair.batch) {
            const outcome = await applyBatch(repairs, repair.batch.id, { by, signal })
            const { leftBecause } = outcome
            return { body: { items: outcome.repairs.map(shownRepair), leftBecause } }
          }
          const applied = await applyRepair(repairs, repair.id, by)
          return { body: { items: [shownRepair(applied.repair)], leftBecause: applied.leftBecause } }
        }),
    }),
    route(`POST ${base}/{repairId}/undo`, {
      summary: 'Propose to take a repair back; somebody else approves it',
      tag,
      params: repairParams,
      answer: repairShape,
      handle: ({ tenant, principal, params }) =>
        withTargets(routes, tenant, async (repairs) => ({
          body: shownRepair(await undoRepair(repairs, params.repairId, nameOf(principal))),
        })),
    }),
    route(`POST ${base}/release`, {
      summary: 'Say that many drifts of a check are real, so that repairs are no longer held',
      tag,
      params: projectParams,
      body: z.strictObject({ reason }),
      answer: z.object({ items: z.array(incidentShape) }),
      handle: async ({ tenant, principal, body }) => {
        const dependencies = { project: storeOf(routes, tenant), clock: routes.projects.clock }
        const items = await releaseRepairs(dependencies, nameOf(principal), body.reason)
        return { body: { items: shown(items) } }
      },
    }),
    route(`POST ${base}/switch`, {
      summary: 'Switch the repairs of this project off, or on again',
      tag,
      params: projectParams,
      body: z.strictObject({ to: z.enum(['on', 'off']), reason }),
      handle: async ({ tenant, principal, body }) => {
        const dependencies = { project: storeOf(routes, tenant), clock: routes.projects.clock }
        await switchRepairs(dependencies, 'project', body.to, nameOf(principal), body.reason)
        return { status: 204 }
      },
    }),
  ]
}

/** A repair as an answer holds it. */
export function shownRepair(repair: Repair) {
  const { configFingerprint: _, evidenceHash: __, identityKey: ___, ...rest } = repair
  return {
    ...shown(rest),
    approvals: repair.approvals.map(({ by, at, expiresAt }) => shown({ by, at, expiresAt })),
    approvalsNeeded: approvalsNeeded(repair),
    twoPersonReasons: [...twoPersonReasons(repair)],
  }
}

/** Opens the project with what its repairs may be written to, for as long as `act` runs. */
async function withTargets<Answer>(
  { projects }: ProjectRoutes,
  tenant: ReachedTenant,
  act: (repairs: OpenedRepairs) => Promise<Answer>,
): Promise<Answer> {
  const repairs = await openServiceRepairs(projects, tenant, { usedFor: 'repair' })
  try {
    return await act(repairs)
  } finally {
    await repairs.close()
  }
}

/** The repair, or all of its batch that wait for another word. */
async function meantBy(
  records: Awaited<ReturnType<typeof recordsOf>>,
  repairId: string,
): Promise<readonly Repair[]> {
  const repair = await requireRepair(records, repairId)
  if (!repair.batch) return [repair]
  return (await requireBatch(records, repair.batch.id)).filter(({ state }) => state === 'proposed')
}

/** Whoever makes keys could be both persons. */
function assertPersonWhereTwoAreNeeded(principal: Principal, repairs: readonly Repair[]): void {
  if (principal.kind === 'key' && repairs.some((repair) => approvalsNeeded(repair) > 1)) throw peopleOnly()
}

function peopleOnly(): ApiError {
  return new ApiError({
    code: 'people-only',
    message: 'This needs the word of two persons; a key is not one.',
    fix: 'Sign in and approve it as a person.',
  })
}
