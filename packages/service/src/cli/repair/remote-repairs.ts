import type { Incident, RepairPlan, RepairSwitch } from '@trueup/core'
import type { Shown } from '../../http/shown/shown.ts'
import type { ShownRepair } from '../../remote/read-answer.ts'
import { incidentIn, repairIn } from '../../remote/read-answer.ts'
import { RemoteError } from '../../remote/remote-error.ts'
import type { RemoteProject } from '../../remote/remote-project.ts'
import type { Proposals, RepairDesk } from './repair-desk.ts'
import { becomeBatch } from './repair-desk.ts'

interface Several {
  readonly items: readonly Shown<ShownRepair>[]
}

/** Why nothing can be proposed from the last check, which is no failure of releasing. */
const heldBack: readonly string[] = ['no-check', 'check-incomplete', 'config-changed', 'held']

/** The repairs of a project at a server. Who acts is the key. */
export function remoteRepairs({ client, at }: RemoteProject): RepairDesk {
  const path = (id: string, act = '') => at(`/repairs/${encodeURIComponent(id)}${act}`)
  const one = async (id: string) => repairIn(await client.get<Shown<ShownRepair>>(path(id)))
  const batch = async (batchId: string) => {
    const found = await client.list<Shown<ShownRepair>>(at('/repairs'), { batchId })
    if (found.length === 0) throw unknownBatch(batchId)
    return found.map(repairIn).toSorted((a, b) => (a.batch?.position ?? 0) - (b.batch?.position ?? 0))
  }
  const brakes = async () => {
    const { switchedOff, heldBy } = await client.get<{
      readonly switchedOff: readonly Shown<RepairSwitch>[]
      readonly heldBy: readonly Shown<Incident>[]
    }>(at('/repairs/brakes'))
    return {
      switchedOff: switchedOff.map((one) => ({ ...one, at: new Date(one.at) })),
      heldBy: heldBy.map(incidentIn),
    }
  }
  const propose = async () =>
    await client.post<{ proposed: string[]; guided: number; changedSince: number }>(at('/repairs/propose'))
  return {
    by: () => 'this API key',
    list: async (state, most) =>
      (await client.list<Shown<ShownRepair>>(at('/repairs'), { state }, most)).map(repairIn),
    brakes,
    one,
    batch,
    async plan(incidentId) {
      const answer = await client.get<{ readonly incident: Shown<Incident>; readonly plan: RepairPlan }>(
        at(`/incidents/${encodeURIComponent(incidentId)}`),
      )
      return { incident: incidentIn(answer.incident), plan: answer.plan }
    },
    async propose(): Promise<Proposals> {
      const { proposed, ...rest } = await propose()
      const found: ShownRepair[] = []
      for (const id of proposed) found.push(await one(id))
      return { proposed: found, ...rest }
    },
    // The service does both by itself, and before every act on a repair.
    async tidy() {},
    async settle() {},
    async approve(meant, count) {
      const [first] = meant
      const { items } = becomeBatch(meant)
        ? await client.post<Several>(at('/repairs/approve'), { ids: meant.map(({ id }) => id), count })
        : await client.post<Several>(path(first?.id ?? '', '/approve'), { count })
      return items.map(repairIn)
    },
    async reject(ids, reason) {
      const rejected: ShownRepair[] = []
      for (const id of ids)
        rejected.push(repairIn(await client.post<Shown<ShownRepair>>(path(id, '/reject'), { reason })))
      return rejected
    },
    undo: async (id) => repairIn(await client.post<Shown<ShownRepair>>(path(id, '/undo'))),
    async applyOne(id) {
      const { items, leftBecause } = await client.post<Several & { readonly leftBecause: string | null }>(
        path(id, '/apply'),
      )
      const mine = items.find((item) => item.id === id)
      return { repair: mine ? repairIn(mine) : await one(id), leftBecause }
    },
    async applyBatch(batchId) {
      const [first] = await batch(batchId)
      const { items, leftBecause } = await client.post<Several & { readonly leftBecause: string | null }>(
        path(first?.id ?? '', '/apply'),
      )
      return { repairs: items.map(repairIn), leftBecause }
    },
    async release(reason) {
      const { items } = await client.post<{ readonly items: readonly Shown<Incident>[] }>(
        at('/repairs/release'),
        { reason },
      )
      const proposals = await propose().catch((error: unknown) => {
        if (error instanceof RemoteError && heldBack.includes(error.code)) return null
        throw error
      })
      return { released: items.map(incidentIn), proposed: proposals?.proposed ?? [] }
    },
    async turn(to, _scope, reason) {
      await client.post(at('/repairs/switch'), { to, reason })
      return (await brakes()).switchedOff
    },
  }
}

function unknownBatch(id: string): RemoteError {
  return new RemoteError({
    code: 'repair-not-found',
    message: `There is no batch ${id} in this project.`,
    fix: 'List them: `trueup repair list --all`.',
  })
}
