import type { BillingFact, Catalogue, MemoryRecord, PostgresMapping, SubjectReading } from '@trueup/core'
import {
  createMemoryAccessSource,
  createMemoryBillingSource,
  createMemoryRepairTarget,
  createMemoryStore,
  defaultPolicy,
  postgresRowReader,
  RepairError,
} from '@trueup/core'
import { seededRng } from '@trueup/sandbox'
import {
  customer,
  prices,
  catalogue as rightCatalogue,
  subscription,
} from '../../packages/core/src/check/recorded-pairs.ts'
import { runCheck } from '../../packages/service/src/check/run-check.ts'
import { incidentId } from '../../packages/service/src/incident-id.ts'
import { applyRepair } from '../../packages/service/src/repair/apply-repair.ts'
import { approveRepairs } from '../../packages/service/src/repair/approve-repair.ts'
import { proposeRepairs } from '../../packages/service/src/repair/propose-repairs.ts'
import type { RepairDependencies } from '../../packages/service/src/repair/repair-dependencies.ts'
import { usersMapping, usersTable } from './repair-world.ts'

/** One way to get it wrong, on an app where everything is right. */
export interface WrongConfig {
  readonly name: string
  readonly mapping?: Partial<PostgresMapping>
  readonly catalogue?: Catalogue
  /** What the source shows in place of a row; `null`: it does not show it. */
  readonly shows?: (row: MemoryRecord, place: number) => MemoryRecord | null
  /** Billing is that of the other mode, which knows none of the customers. */
  readonly otherMode?: boolean
  readonly paying: Paying
}

/** Of twenty accounts, those that pay for each plan; the rest are free. */
interface Paying {
  readonly pro: number
  readonly enterprise: number
}

export interface WrongOutcome {
  readonly name: string
  readonly writes: number
  readonly proposed: number
  /** Incidents by kind. */
  readonly incidents: Readonly<Record<string, number>>
}

type Plans = Catalogue['plans']

const withPlans = (change: (plan: Plans[number], place: number) => Plans[number]): Catalogue => {
  const [first, ...others] = rightCatalogue.plans.map(change)
  return first ? { ...rightCatalogue, plans: [first, ...others] } : rightCatalogue
}

/** Whether a wrong configuration was noticed as what it is: one incident stands for all. */
export function isNoticed({ incidents }: WrongOutcome): boolean {
  return Object.values(incidents).reduce((sum, count) => sum + count, 0) === 1
}

/** Makes this many wrong configurations, each kind with chance of its own, each on an app of its own. */
export function wrongConfigs(count: number, seed: number): readonly WrongConfig[] {
  const rng = seededRng(`wrong:${seed}`)
  const share = () => Math.ceil(30 + rng.next() * 70) / 100
  const percent = (part: number) => `${Math.round(part * 100)} %`
  const partly =
    (part: number, shown: (row: MemoryRecord) => MemoryRecord | null) => (row: MemoryRecord, place: number) =>
      isWithin(place, part) ? shown(row) : row
  const columns = ['plan', 'is_premium', 'stripe_customer_id', 'note', 'nothing'] as const
  const other = (than: string) => {
    const left = columns.filter((column) => column !== than)
    return left[Math.floor(rng.next() * left.length)] ?? 'nothing'
  }
  const kinds: readonly (() => Omit<WrongConfig, 'paying'>)[] = [
    () => {
      const [plan, premium] = [other('plan'), other('is_premium')]
      return { name: `swapped columns: plan in ${plan}, premium in ${premium}`, mapping: { plan, premium } }
    },
    () => {
      const customerId = other('stripe_customer_id')
      return { name: `swapped columns: customer in ${customerId}`, mapping: { customerId } }
    },
    () => ({
      name: 'prices off by one: pro sells enterprise, enterprise nothing paid',
      catalogue: withPlans((plan, place) => ({
        ...plan,
        prices: [[], ['price_none'], ['price_pro', 'price_enterprise']][place] ?? [],
      })),
    }),
    () => ({
      name: 'prices off by one: enterprise sells pro',
      catalogue: withPlans((plan, place) => ({
        ...plan,
        prices: [[], ['price_enterprise'], ['price_pro']][place] ?? [],
      })),
    }),
    () => ({
      name: 'plan words off by one',
      catalogue: withPlans((plan, place) => ({
        ...plan,
        values: [['premium'], ['enterprise_plan'], ['free_plan']][place] ?? [],
      })),
    }),
    () => {
      const part = share()
      const shown = () => ({ plan: null, is_premium: null, stripe_customer_id: null })
      return { name: `everything null: of ${percent(part)}`, shows: partly(part, shown) }
    },
    () => {
      const part = share()
      const shown = (row: MemoryRecord) => ({ ...row, plan: null, is_premium: null })
      return { name: `access null: of ${percent(part)}`, shows: partly(part, shown) }
    },
    () => {
      const part = share()
      const shown = (row: MemoryRecord) => ({ ...row, stripe_customer_id: null })
      return { name: `customers null: of ${percent(part)}`, shows: partly(part, shown) }
    },
    () => ({ name: 'empty source', shows: () => null }),
    () => {
      const every = 50 + Math.floor(rng.next() * 500)
      return {
        name: `row-level security: one row in ${every} is shown`,
        shows: (row, place) => (place % every === 0 ? row : null),
      }
    },
    () => {
      const part = share()
      const shown = (row: MemoryRecord) => ({ ...row, plan: 'free', is_premium: false })
      return { name: `stale replica: ${percent(part)} as before they paid`, shows: partly(part, shown) }
    },
    () => {
      const part = share()
      return { name: `stale replica: ${percent(part)} not there yet`, shows: partly(part, () => null) }
    },
    () => ({ name: 'wrong mode', otherMode: true }),
  ]
  return Array.from({ length: count }, (_, place) => {
    const wrong = kinds[place % kinds.length]?.() ?? { name: '' }
    // Another app for each of a kind, so that no two are the same.
    const turn = Math.floor(place / kinds.length)
    const paying = { pro: 4 + (turn % 9), enterprise: 2 + (Math.floor(turn / 9) % 5) }
    return {
      ...wrong,
      name: `${wrong.name}; ${paying.pro} of twenty pay for pro, ${paying.enterprise} for enterprise`,
      paying,
    }
  })
}

/** Whether an account is among a part of all, spread evenly over those who pay for each plan and those who do not. */
function isWithin(place: number, part: number): boolean {
  return Math.floor(place / 20) % 100 < part * 100
}

/**
 * Checks an app of so many customers, where all is right, under a wrong configuration; then persons approve and apply
 * everything that is proposed, without looking.
 */
export async function tryWrongConfig(wrong: WrongConfig, customers: number): Promise<WrongOutcome> {
  const now = new Date('2026-06-01T12:00:00Z')
  const clock = { now: () => now }
  const catalogue = wrong.catalogue ?? rightCatalogue
  const mapping = { ...usersMapping, ...wrong.mapping }
  const places = Array.from({ length: customers }, (_, place) => place)
  const id = (place: number) => `u${String(place).padStart(7, '0')}`
  const rows = places.map(
    (place): MemoryRecord => ({ ...rowOf(place, wrong.paying), stripe_customer_id: `cus_${id(place)}` }),
  )
  const target = createMemoryRepairTarget({
    source: 'app',
    clock,
    records: { [usersTable]: Object.fromEntries(rows.map((row, place) => [id(place), row])) },
  })
  const read = postgresRowReader({ type: 'user', mapping, catalogue, source: 'app' })
  const shown = rows.flatMap((row, place): readonly SubjectReading[] => {
    const row_ = wrong.shows ? wrong.shows(row, place) : row
    return row_
      ? [
          read(
            {
              values: { id: id(place), note: 'a note', nothing: null, ...row_ },
              features: null,
              members: null,
            },
            now,
          ),
        ]
      : []
  })
  const known = wrong.otherMode ? [] : places
  const facts = known.flatMap((place): readonly BillingFact[] => {
    const price = priceOf(place, wrong.paying)
    return price ? [subscription([price], { id: `sub_${id(place)}`, customerId: `cus_${id(place)}` })] : []
  })
  const project = await createMemoryStore().project('app')
  const dependencies: RepairDependencies = {
    project,
    clock,
    config: {
      catalogue,
      policy: { ...defaultPolicy, settleMinutes: 0 },
      match: [{ from: { kind: 'customer.id' }, to: 'customerId', text: 'customer.id' }],
      exceptions: [],
      access: [
        {
          kind: 'postgres',
          name: 'app',
          mappings: { user: mapping },
          urlVariable: 'APP_URL',
          allowWriteRole: false,
          ca: null,
        },
      ],
      billing: { kind: 'stripe', entitlements: false, requestsPerDay: null },
      fingerprint: 'wrong',
    },
    billing: createMemoryBillingSource({
      pageSize: 1000,
      billing: {
        prices,
        refunds: [],
        disputes: [],
        purchases: [],
        customers: known.map((place) => customer(`cus_${id(place)}`)),
        subscriptions: facts.map((fact) => ({ fact, customer: customer(fact.customerId) })),
        gone: wrong.otherMode
          ? places.map((place) => ({ id: `cus_${id(place)}`, found: 'other-mode', said: 'test mode' }))
          : [],
      },
    }),
    access: [
      createMemoryAccessSource({
        name: 'app',
        subjectTypes: ['user'],
        pageSize: 5000,
        access: { users: shown, organizations: [] },
      }),
    ],
    targets: [target],
    incidentId: (key) => incidentId('app', key),
    reached: async () => {},
  }
  await runCheck(dependencies, { dryRun: false })
  const proposed = await approveAll(dependencies)
  for (const repair of proposed) await unlessRefused(applyRepair(dependencies, repair, 'ada'))
  const incidents: Record<string, number> = {}
  for (const { kind } of await project.incidents({ states: ['open'], limit: 1_000_000 })) {
    incidents[kind] = (incidents[kind] ?? 0) + 1
  }
  return {
    name: wrong.name,
    writes: target.journal.length,
    proposed: proposed.length,
    incidents,
  }
}

async function approveAll(dependencies: RepairDependencies): Promise<readonly string[]> {
  const proposals = await unlessRefused(proposeRepairs(dependencies))
  for (const id of proposals?.proposed ?? []) {
    for (const by of ['ada', 'grace']) await unlessRefused(approveRepairs(dependencies, [id], by, 1))
  }
  return proposals?.proposed ?? []
}

async function unlessRefused<Answer>(act: Promise<Answer>): Promise<Answer | null> {
  try {
    return await act
  } catch (error) {
    if (error instanceof RepairError) return null
    throw error
  }
}

function priceOf(place: number, { pro, enterprise }: Paying): 'price_pro' | 'price_enterprise' | null {
  const part = place % 20
  return part < pro ? 'price_pro' : part < pro + enterprise ? 'price_enterprise' : null
}

function rowOf(place: number, paying: Paying): MemoryRecord {
  const price = priceOf(place, paying)
  return {
    plan: price === 'price_pro' ? 'premium' : price === 'price_enterprise' ? 'enterprise' : 'free',
    is_premium: price !== null,
  }
}
