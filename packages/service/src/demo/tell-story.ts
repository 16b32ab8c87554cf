import type { Incident, IncidentAct, IncidentKind, Timer } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { actOn } from '../incident/act-on-incidents.ts'
import { openServiceRepairs } from '../project/open-service-project.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { applyRepair } from '../repair/apply-repair.ts'
import { approveRepairs } from '../repair/approve-repair.ts'
import type { OpenedRepairs } from '../repair/open-repairs.ts'
import { proposeWithTargets } from '../repair/propose-after-check.ts'
import { openProjectStore } from '../store/index.ts'
import { upgradesTold } from './put-back.ts'
import { upgradePlans } from './upgrade-plans.ts'

/** Who acts in the story, as ledger and history name them. */
export const storyteller = 'demo'

const pollMs = 500
const mostPolls = 600
const repairsTold = 3

/** What is done to the first open incident of a kind, so that each state is seen. */
const acts: readonly { readonly kind: IncidentKind; readonly act: IncidentAct }[] = [
  {
    kind: 'double-billing',
    act: { kind: 'acknowledge', note: 'Asked the customer which of the two stays.' },
  },
  {
    kind: 'refund-review',
    act: { kind: 'ignore', reason: 'Refunded as a courtesy; access was meant to stay.', until: null },
  },
  {
    kind: 'seats-over',
    act: { kind: 'comment', text: 'Two of them leave at the end of the month.' },
  },
]

/**
 * What happens in a demo once its first check is done: people act on some incidents, some drifts are repaired, and then
 * customers change their plan in Stripe, of which webhooks tell. All of it is done in truth, by the same code as in any
 * project. What was done already is not done twice, so that it may be told on after the process ended.
 */
export async function tellStory(
  { projects, timer }: { readonly projects: ProjectService; readonly timer: Timer },
  tenant: ProjectTenant,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<void> {
  await firstCheck(projects, tenant, timer, signal)
  await actOnSome(projects, tenant)
  const opened = await openServiceRepairs(projects, tenant, { usedFor: 'repair' })
  try {
    await repairSome(opened)
  } finally {
    await opened.close()
  }
  await upgradePlans(sandbox, upgradesTold)
}

async function firstCheck(
  { database }: ProjectService,
  tenant: ProjectTenant,
  timer: Timer,
  signal: AbortSignal,
): Promise<void> {
  const project = openProjectStore(database, tenant)
  for (let poll = 0; poll < mostPolls; poll++) {
    if (await project.newestFinishedCheck({ filing: false })) return
    await timer.sleep(pollMs, signal)
  }
  throw new Error('The first check of the demo did not come to its end.')
}

async function actOnSome({ database, clock }: ProjectService, tenant: ProjectTenant): Promise<void> {
  const project = openProjectStore(database, tenant)
  for (const { kind, act } of acts) {
    const [incident]: readonly (Incident | undefined)[] = await project.listIncidents(
      { states: ['open'], kinds: [kind] },
      { sort: 'severity', reversed: false },
      null,
      1,
    )
    const isTold = incident?.history.some(({ by }) => by === storyteller) ?? true
    if (incident && !isTold) {
      await actOn({ project, clock, isMember: async () => false }, incident.id, act, storyteller)
    }
  }
}

async function repairSome(opened: OpenedRepairs): Promise<void> {
  await proposeWithTargets(opened)
  const { project } = opened
  const done = await project.repairs({ states: ['verified'], limit: repairsTold })
  const proposed = await project.repairs({ states: ['proposed'], limit: 200 })
  // One of each kind, of those that give something back: the others are left for whoever looks around.
  const kinds = new Set(done.map(({ kind }) => kind))
  for (const repair of proposed) {
    if (kinds.size >= repairsTold || repair.takesAway || kinds.has(repair.kind)) continue
    kinds.add(repair.kind)
    await approveRepairs(opened, [repair.id], storyteller, 1)
    await applyRepair(opened, repair.id, storyteller)
  }
}
