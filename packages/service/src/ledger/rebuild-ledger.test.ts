import type { Drift, Incident, IncidentChange, ProjectStore } from '@trueup/core'
import {
  acknowledgeIncident,
  assignIncident,
  commentIncident,
  createMemoryStore,
  entriesOfIncidents,
  ignoreIncident,
  observeDrift,
  reopenIncident,
  resolveIncident,
} from '@trueup/core'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { anyDrift } from '../store/arbitrary.ts'
import { aDrift, beginCheck, time } from '../store/contract/samples.ts'
import { sha256 } from './ed25519.ts'
import { LedgerKeeper } from './ledger-keeper.ts'
import { rebuildIncidents } from './rebuild-ledger.ts'
import { keysInMemory } from './signing-key.ts'

let chance = 0
const randomBytes = (count: number) => sha256(Buffer.from(`chance ${chance++}`)).slice(0, count)
const clock = { now: () => time(0) }
const seal = (project: ProjectStore) =>
  new LedgerKeeper({ project, keys: keysInMemory(randomBytes), sinks: [], clock, randomBytes }).seal()

/** What somebody does to the incident of a drift. */
type Act =
  | { readonly kind: 'see'; readonly drift: Drift }
  | { readonly kind: 'resolve' | 'acknowledge' | 'reopen' | 'ignore' | 'assign' | 'comment' }

/** Does it to the record and to the ledger, as a check or a person does. */
async function does(project: ProjectStore, id: string, act: Act, minute: number): Promise<void> {
  const before = await project.incident(id)
  const at = time(minute)
  const checkId = act.kind === 'see' ? await beginCheck(project) : null
  const by = checkId === null ? 'ada' : `check:${checkId}`
  const transition = transitionOf(before, id, act, { by, at })
  if (!transition) return
  const changes: readonly IncidentChange[] = [{ ...transition, before }]
  await project.saveIncidents(
    [transition.incident],
    checkId,
    entriesOfIncidents(changes, { checkId, by, at }),
  )
}

function transitionOf(before: Incident | null, id: string, act: Act, who: { by: string; at: Date }) {
  if (act.kind === 'see') return observeDrift(before, act.drift, id, who)
  if (!before) return null
  switch (act.kind) {
    case 'resolve':
      return resolveIncident(before, who, 'The check no longer finds it.')
    case 'acknowledge':
      return acknowledgeIncident(before, who, 'on it')
    case 'reopen':
      return reopenIncident(before, who)
    case 'ignore':
      return ignoreIncident(before, who, 'a friend of the house', time(50))
    case 'assign':
      return assignIncident(before, who, before.assignee === null ? 'per_1' : null, 'my turn')
    case 'comment':
      return commentIncident(before, who, 'Looking at it.')
  }
}

const clean = { different: [], missing: [], unknown: [], erased: [] }

describe('incidents built again from the ledger', () => {
  let project: ProjectStore
  beforeEach(async () => {
    project = await createMemoryStore().project('app')
  })
  const drift = aDrift('plan-too-low', { subject: { type: 'user', id: 'u1' }, customerId: 'cus_1' })
  const see = (parts: Partial<Drift> = {}): Act => ({ kind: 'see', drift: { ...drift, ...parts } })

  test('are what their records are, whatever was seen and done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAct(), { minLength: 1, maxLength: 12 }), async (acts) => {
        const fresh = await createMemoryStore().project('app')
        for (const [minute, { id, act }] of acts.entries()) await does(fresh, id, act, minute)
        await seal(fresh)
        const report = await rebuildIncidents(fresh, false)
        expect(report).toMatchObject({ ...clean, written: 0 })
        expect(report.same).toBe(report.incidents)
      }),
      { numRuns: 20 },
    )
  })

  test('are the same also where a check only saw them again, and where what it saw was a little other', async () => {
    await does(project, 'inc_1', see(), 1)
    await does(project, 'inc_1', see(), 2)
    await does(project, 'inc_1', see({ moneyAtRisk: { currency: 'eur', amount: 5 } }), 3)
    await does(project, 'inc_1', see({ evidence: [], moneyAtRisk: { currency: 'eur', amount: 5 } }), 4)
    await seal(project)
    const acts = (await project.ledgerEntries(1, 10)).map(({ act, incident }) => [act, incident])
    expect(acts).toEqual([
      ['incident-opened', 'inc_1'],
      ['incident-seen-again', null],
      ['incident-seen-again', 'inc_1'],
      ['incident-seen-again', 'inc_1'],
    ])
    expect(await rebuildIncidents(project, false)).toMatchObject({ ...clean, incidents: 1, same: 1 })
  })

  test('tell which record was changed, taken away or made up, and can take its place', async () => {
    await does(project, 'inc_1', see({ on: 'user:u1' }), 1)
    await does(project, 'inc_2', see({ on: 'user:u2' }), 1)
    await seal(project)
    const real = await project.incident('inc_1')
    if (!real) throw new Error('no incident')
    const madeUp = { ...real, id: 'inc_9', identity: { ...real.identity, on: 'user:u9' } }
    await project.saveIncidents([{ ...real, severity: 'low' }, madeUp], null, [])
    const changed = await rebuildIncidents(project, false)
    expect(changed).toMatchObject({ ...clean, different: ['inc_1'], unknown: ['inc_9'], same: 1, written: 0 })
    expect(await rebuildIncidents(project, true)).toMatchObject({ written: 1 })
    expect(await project.incident('inc_1')).toEqual(real)

    const empty = await createMemoryStore().project('app')
    const lost: ProjectStore = {
      ...empty,
      ledgerHead: () => project.ledgerHead(),
      ledgerEntries: (from, limit) => project.ledgerEntries(from, limit),
    }
    expect(await rebuildIncidents(lost, true)).toMatchObject({ missing: ['inc_1', 'inc_2'], written: 2 })
    expect(await empty.incident('inc_1')).toEqual(real)
  })

  test('say where something was erased, and compare what is left', async () => {
    await does(project, 'inc_1', see(), 1)
    await does(project, 'inc_1', { kind: 'acknowledge' }, 2)
    await seal(project)
    await project.erasePersonal('user:u1')
    expect(await rebuildIncidents(project, false)).toMatchObject({ ...clean, same: 1, erased: ['inc_1'] })
    const real = await project.incident('inc_1')
    if (real) await project.saveIncidents([{ ...real, state: 'ignored' }], null, [])
    expect(await rebuildIncidents(project, true)).toMatchObject({ different: ['inc_1'], written: 0 })
  })
})

/** Acts on two incidents. A drift has the identity of its incident. */
function anyAct() {
  const id = fc.constantFrom('inc_1', 'inc_2')
  const kinds = ['resolve', 'acknowledge', 'reopen', 'ignore', 'assign', 'comment'] as const
  const act = fc.oneof(
    fc.record({ kind: fc.constant('see' as const), drift: anyDrift() }),
    fc.record({ kind: fc.constantFrom(...kinds) }),
  )
  return fc.record({ id, act }).map(({ id: of, act: done }): { id: string; act: Act } => {
    if (done.kind !== 'see') return { id: of, act: done }
    const { drift } = done
    const identity = { kind: 'plan-too-low', component: 'plan', on: `user:${of}` } as const
    return { id: of, act: { kind: 'see', drift: { ...drift, ...identity } } }
  })
}
