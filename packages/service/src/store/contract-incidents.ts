import type {
  Incident,
  IncidentFilter,
  IncidentOrder,
  KeptException,
  LedgerDraft,
  ProjectStore,
  Store,
} from '@trueup/core'
import {
  actOnIncident,
  asException,
  countsOf,
  createException,
  endException,
  entriesOfException,
  entriesOfIncidents,
  extendException,
  identityKey,
  incidentSorts,
  observeDrift,
  placeOfIncident,
  resolveIncident,
} from '@trueup/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { exampleCatalogue } from '../../../core/src/access/example-catalogue.ts'
import { aDrift, anIncident, beginCheck, time } from './contract-samples.ts'

/** What every store promises of incidents: their records, the acts on them, their list, and exceptions. */
export function incidentsContract(name: string, open: () => Promise<Store>): void {
  describe(`incidents and exceptions in the store: ${name}`, () => {
    let store: Store
    let project: ProjectStore
    let projects = 0
    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => {
      await store.close()
    })
    beforeEach(async () => {
      project = await store.project(`incidents-${++projects}`)
    })

    const staged = async (): Promise<readonly string[]> => {
      const keys: string[] = []
      await project.sequenceEntries(1000, (drafts) => {
        keys.push(...drafts.map(({ key }) => key))
        return []
      })
      return keys
    }

    describe('the records', () => {
      it('keeps incidents whole, finds them by identity in any state, and replaces the same id', async () => {
        const one = anIncident('inc_1')
        const two = anIncident('inc_2', { state: 'resolved', resolvedAt: time(8) })
        await project.saveIncidents([one, two], null, [])
        await project.saveIncidents([{ ...one, state: 'acknowledged' }], null, [])
        expect(await project.incident('inc_1')).toEqual({ ...one, state: 'acknowledged' })
        expect(await project.incident('inc_9')).toBeNull()
        const key = identityKey(two.identity)
        expect(await project.incidentsByIdentity([key, 'other'])).toEqual(new Map([[key, two]]))
        expect(await (await store.project('another')).incident('inc_1')).toBeNull()
      })

      it('files one drift under one id', async () => {
        await project.saveIncidents([anIncident('inc_1')], null, [])
        const twin = anIncident('inc_2', { identity: anIncident('inc_1').identity })
        await expect(project.saveIncidents([twin], null, [])).rejects.toThrow()
      })

      it('lists the worst first, then the oldest', async () => {
        await project.saveIncidents(
          [
            anIncident('inc_a', { severity: 'low' }),
            anIncident('inc_b', { severity: 'critical', openedAt: time(9) }),
            anIncident('inc_c', { severity: 'critical', openedAt: time(6) }),
            anIncident('inc_d', { severity: 'critical', openedAt: time(6) }),
            anIncident('inc_e', { severity: 'medium', state: 'ignored' }),
          ],
          null,
          [],
        )
        const ids = async (filter: Parameters<ProjectStore['incidents']>[0]) =>
          (await project.incidents(filter)).map(({ id }) => id)
        expect(await ids({ limit: 9 })).toEqual(['inc_c', 'inc_d', 'inc_b', 'inc_e', 'inc_a'])
        expect(await ids({ limit: 2, after: 'inc_d' })).toEqual(['inc_b', 'inc_e'])
        expect(await ids({ limit: 9, minSeverity: 'medium', states: ['open'] })).toEqual([
          'inc_c',
          'inc_d',
          'inc_b',
        ])
        expect(await ids({ limit: 9, states: [] })).toEqual([])
        expect(await ids({ limit: 9, after: 'inc_unknown' })).toEqual([])
      })

      it('tells which open incidents a check did not see, whatever other checks saw', async () => {
        const first = await beginCheck(project)
        const second = await beginCheck(project)
        const seen = anIncident('inc_1')
        await project.saveIncidents([seen, anIncident('inc_2', { state: 'acknowledged' })], first, [])
        await project.saveIncidents(
          [anIncident('inc_3'), anIncident('inc_4', { state: 'ignored' })],
          null,
          [],
        )
        await project.saveIncidents([seen], second, [])
        const unseen = async (checkId: string, after: string | null) =>
          (await project.unseenIncidents(checkId, after, 1)).map(({ id }) => id)
        expect(await unseen(first, null)).toEqual(['inc_3'])
        expect(await unseen(first, 'inc_3')).toEqual([])
        expect(await unseen(second, null)).toEqual(['inc_2'])
        expect(await unseen(second, 'inc_2')).toEqual(['inc_3'])
      })
    })

    describe('an act on incidents', () => {
      const acknowledge =
        (by: string) =>
        (found: readonly Incident[]): { incidents: readonly Incident[]; entries: readonly LedgerDraft[] } => {
          const who = { by, at: time(9) }
          const changes = found.map((before) => ({
            ...actOnIncident(before, { kind: 'comment', text: `seen by ${by}` }, who),
            before,
          }))
          return {
            incidents: changes.map(({ incident }) => incident),
            entries: entriesOfIncidents(changes, { checkId: null, ...who }),
          }
        }

      it('is written with its entries, and given back as it stands', async () => {
        await project.saveIncidents([anIncident('inc_1'), anIncident('inc_2')], null, [])
        const changed = await project.changeIncidents({ ids: ['inc_1', 'inc_9'] }, null, acknowledge('ada'))
        expect(changed.map(({ id }) => id)).toEqual(['inc_1'])
        expect((await project.incident('inc_1'))?.history.at(-1)).toMatchObject({
          act: 'incident-commented',
          by: 'ada',
          note: 'seen by ada',
        })
        expect(await project.incident('inc_2')).toEqual(anIncident('inc_2'))
        expect(await staged()).toEqual(['incident-commented:inc_1:2'])
      })

      it('is all or nothing: an error leaves every incident and the ledger as they were', async () => {
        await project.saveIncidents([anIncident('inc_1')], null, [])
        await expect(
          project.changeIncidents({ ids: ['inc_1'] }, null, () => {
            throw new Error('not this one')
          }),
        ).rejects.toThrow('not this one')
        expect(await project.incident('inc_1')).toEqual(anIncident('inc_1'))
        expect(await staged()).toEqual([])
      })

      it('loses nothing of what others do at the same moment', async () => {
        await project.saveIncidents([anIncident('inc_1')], null, [])
        const persons = Array.from({ length: 8 }, (_, place) => `person-${place}`)
        await Promise.all(
          persons.map((by) => project.changeIncidents({ ids: ['inc_1'] }, null, acknowledge(by))),
        )
        const incident = await project.incident('inc_1')
        expect(incident?.history.slice(1).map(({ by }) => by)).toHaveLength(persons.length)
        expect(new Set(incident?.history.slice(1).map(({ by }) => by))).toEqual(new Set(persons))
        expect(await staged()).toHaveLength(persons.length)
      })

      it('files a drift once however many checks find it at the same moment', async () => {
        const drift = aDrift('plan-too-low')
        const key = identityKey({ kind: drift.kind, on: drift.on, component: drift.component })
        const filing = async (minute: number) => {
          const checkId = await beginCheck(project)
          const act = { by: `check:${checkId}`, at: time(minute) }
          await project.changeIncidents({ identityKeys: [key] }, checkId, (found) => {
            const before = found[0] ?? null
            const filed = observeDrift(before, drift, 'inc_1', act)
            const entries = entriesOfIncidents([{ ...filed, before }], { checkId, ...act })
            return { incidents: [filed.incident], entries }
          })
        }
        await Promise.all([filing(1), filing(2), filing(3)])
        const opened = (await staged()).filter((entry) => entry.startsWith('incident-opened'))
        expect(opened).toEqual(['incident-opened:inc_1:1'])
        expect((await project.incident('inc_1'))?.openings).toBe(1)
      })

      it('marks what it gives as seen by the check', async () => {
        const checkId = await beginCheck(project)
        await project.saveIncidents([anIncident('inc_1'), anIncident('inc_2')], null, [])
        await project.changeIncidents({ ids: ['inc_1'] }, checkId, (found) => ({
          incidents: found,
          entries: [],
        }))
        expect((await project.unseenIncidents(checkId, null, 9)).map(({ id }) => id)).toEqual(['inc_2'])
      })
    })

    describe('the list of incidents', () => {
      const list: readonly Incident[] = [
        anIncident('inc_a', {
          kind: 'paid-without-access',
          severity: 'critical',
          moneyAtRisk: { currency: 'eur', amount: 5000 },
          openedAt: time(1),
          lastSeenAt: time(20),
          customerId: 'cus_1',
          subject: { type: 'user', id: 'user_1' },
          sentence: 'Müller pays for Pro and has "nothing".',
        }),
        anIncident('inc_b', {
          kind: 'access-without-payment',
          severity: 'high',
          hurts: 'business',
          moneyAtRisk: { currency: 'usd', amount: 700 },
          openedAt: time(3),
          lastSeenAt: time(10),
          subject: { type: 'organization', id: 'org_1' },
          assignee: 'mem_1',
          sentence: 'half a pair: \ud800, and \u0000 in it; \\u0000 is none',
        }),
        anIncident('inc_c', {
          severity: 'high',
          openedAt: time(3),
          lastSeenAt: time(30),
          state: 'acknowledged',
          subject: null,
          customerId: 'cus_1',
          assignee: 'mem_2',
        }),
        anIncident('inc_d', {
          severity: 'low',
          openedAt: time(2),
          lastSeenAt: time(10),
          state: 'resolved',
          moneyAtRisk: { currency: 'eur', amount: 0 },
        }),
      ]
      beforeEach(async () => {
        await project.saveIncidents(list, null, [])
      })
      const ids = async (filter: IncidentFilter, order: Partial<IncidentOrder> = {}) => {
        const whole = { sort: 'severity' as const, reversed: false, ...order }
        return (await project.listIncidents(filter, whole, null, 99)).map(({ id }) => id)
      }

      it.each<readonly [string, IncidentFilter, string]>([
        ['all', {}, 'inc_a inc_b inc_c inc_d'],
        ['ids', { ids: ['inc_d', 'inc_b', 'inc_x'] }, 'inc_b inc_d'],
        ['states', { states: ['open', 'resolved'] }, 'inc_a inc_b inc_d'],
        ['no state', { states: [] }, ''],
        ['severities', { severities: ['low', 'critical'] }, 'inc_a inc_d'],
        ['kinds', { kinds: ['plan-too-low'] }, 'inc_c inc_d'],
        ['who is hurt', { hurts: 'business' }, 'inc_b'],
        ['a subject by its id', { about: 'org_1' }, 'inc_b'],
        ['a subject by its key', { about: 'user:user_1' }, 'inc_a'],
        ['a customer', { about: 'cus_1' }, 'inc_a inc_c'],
        ['no one of that name', { about: 'user:org_1' }, ''],
        ['an assignee', { assignee: 'mem_1' }, 'inc_b'],
        ['nobody', { assignee: null }, 'inc_a inc_d'],
        ['money of any currency', { moneyAtLeast: { amount: 700 } }, 'inc_a inc_b'],
        ['money of one', { moneyAtLeast: { amount: 0, currency: 'eur' } }, 'inc_a inc_d'],
        ['text in any case', { text: 'PAYS for pro' }, 'inc_a'],
        ['text with what a pattern would mean', { text: '"%' }, ''],
        ['text that is an id', { text: 'Cus_1' }, 'inc_a inc_c'],
        ['text beside what a column cannot hold', { text: 'in it; \\u0000 is' }, 'inc_b'],
        ['all at once', { states: ['open'], kinds: ['access-without-payment'], text: 'ORG_' }, 'inc_b'],
      ])('is filtered by %s', async (_what, filter, expected) => {
        const found = expected === '' ? [] : expected.split(' ')
        expect(await ids(filter)).toEqual(found)
        const counted = countsOf(await project.countIncidents(filter))
        expect(counted.total).toBe(found.length)
      })

      it.each<readonly [IncidentOrder['sort'], string]>([
        ['severity', 'inc_a inc_b inc_c inc_d'],
        ['opened', 'inc_c inc_b inc_d inc_a'],
        ['seen', 'inc_c inc_a inc_d inc_b'],
        ['money', 'inc_a inc_b inc_d inc_c'],
      ])('is ordered by %s, and the other way round', async (sort, expected) => {
        expect(await ids({}, { sort })).toEqual(expected.split(' '))
        expect(await ids({}, { sort, reversed: true })).toEqual(expected.split(' ').toReversed())
      })

      it('is paged in every order without losing or doubling one, whatever else is filed meanwhile', async () => {
        for (const sort of incidentSorts) {
          for (const reversed of [false, true]) {
            const order = { sort, reversed }
            const whole = await project.listIncidents({}, order, null, 99)
            const paged: string[] = []
            let after = null
            for (;;) {
              const page: readonly Incident[] = await project.listIncidents({}, order, after, 1)
              const [one] = page
              if (!one) break
              paged.push(one.id)
              after = placeOfIncident(one)
            }
            expect(paged).toEqual(whole.map(({ id }) => id))
          }
        }
      })

      it('goes on from where it was also when that incident has changed since', async () => {
        const order = { sort: 'severity', reversed: false } as const
        const [first] = await project.listIncidents({}, order, null, 1)
        if (!first) throw new Error('The list is empty.')
        await project.saveIncidents([{ ...first, severity: 'low' }], null, [])
        const rest = await project.listIncidents({}, order, placeOfIncident(first), 2)
        expect(rest.map(({ id }) => id)).toEqual(['inc_b', 'inc_c'])
      })

      it('is counted by state, severity and kind, with the money at risk in what is open', async () => {
        expect(countsOf(await project.countIncidents({}))).toEqual({
          total: 4,
          byState: { open: 2, acknowledged: 1, resolved: 1 },
          bySeverity: { critical: 1, high: 2, low: 1 },
          byKind: { 'paid-without-access': 1, 'access-without-payment': 1, 'plan-too-low': 2 },
          moneyAtRisk: {
            customer: [{ currency: 'eur', amount: 5000 }],
            business: [{ currency: 'usd', amount: 700 }],
            both: [],
          },
        })
      })

      it('follows what a repair or a check makes of an incident', async () => {
        const [one] = list
        if (!one) throw new Error('The list is empty.')
        const resolved = resolveIncident(one, { by: 'check:chk_2', at: time(40) }).incident
        await project.saveIncidents([resolved], null, [])
        expect(await ids({ states: ['resolved'] })).toEqual(['inc_a', 'inc_d'])
      })

      it('is of one project', async () => {
        const other = await store.project(`incidents-other-${projects}`)
        expect(await other.listIncidents({}, { sort: 'opened', reversed: false }, null, 9)).toEqual([])
        expect(await other.countIncidents({})).toEqual([])
      })
    })

    describe('an exception', () => {
      const ada = { by: 'ada', at: time(0) }
      const make = (id: string, parts: Partial<KeptException> = {}) =>
        createException(
          {
            id,
            subject: { type: 'user', id: 'user_1' },
            allowed: { plan: 'pro', trialEndsAt: time(50) },
            reason: 'a partner',
            owner: 'grace',
            until: time(30),
            ...parts,
          },
          ada,
          exampleCatalogue,
        )
      const add = async (id: string, parts: Partial<KeptException> = {}) => {
        const made = make(id, parts)
        await project.addException(made.exception, entriesOfException(made, ada))
        return made.exception
      }

      it('is kept as it was made, once, with its entry', async () => {
        const made = await add('exc_1')
        expect(await add('exc_1', { reason: 'another' })).not.toEqual(made)
        expect(await project.exception('exc_1')).toEqual(made)
        expect(await project.exception('exc_2')).toBeNull()
        expect(await staged()).toEqual(['exception-created:exc_1:1'])
      })

      it('is extended and ended in one transaction with the entry', async () => {
        await add('exc_1')
        const extended = await project.changeException('exc_1', (exception) => {
          const moved = extendException(exception, ada, time(45))
          return { exception: moved.exception, entries: entriesOfException(moved, ada) }
        })
        expect(extended).toMatchObject({ until: time(45), version: 2 })
        const ended = await project.changeException('exc_1', (exception) => {
          const moved = endException(exception, { by: 'ada', at: time(9) })
          return { exception: moved.exception, entries: entriesOfException(moved, ada) }
        })
        expect(await project.exception('exc_1')).toEqual(ended)
        expect(ended).toMatchObject({ endedAt: time(9), version: 3 })
        expect(await staged()).toEqual([
          'exception-created:exc_1:1',
          'exception-extended:exc_1:2',
          'exception-ended:exc_1:3',
        ])
        expect(await project.changeException('exc_9', () => null)).toBeNull()
        expect(await project.changeException('exc_1', () => null)).toEqual(ended)
      })

      it('is listed by when it ends, whether it runs, of whom and whose', async () => {
        await add('exc_b', { until: time(20) })
        await add('exc_a', { until: time(20), owner: 'linus' })
        await add('exc_c', { until: time(10), subject: { type: 'organization', id: 'org_1' } })
        await add('exc_d', { until: time(40) })
        await project.changeException('exc_d', (exception) => ({
          ...endException(exception, ada),
          entries: [],
        }))
        const ids = async (filter: Partial<Parameters<ProjectStore['exceptions']>[0]>) =>
          (await project.exceptions({ now: time(10), limit: 9, ...filter })).map(({ id }) => id)
        expect(await ids({})).toEqual(['exc_c', 'exc_a', 'exc_b', 'exc_d'])
        expect(await ids({ state: 'running' })).toEqual(['exc_a', 'exc_b'])
        expect(await ids({ state: 'over' })).toEqual(['exc_c', 'exc_d'])
        expect(await ids({ state: 'running', now: time(9) })).toEqual(['exc_c', 'exc_a', 'exc_b'])
        expect(await ids({ endsBefore: time(20) })).toEqual(['exc_c'])
        expect(await ids({ subject: 'organization:org_1' })).toEqual(['exc_c'])
        expect(await ids({ owner: 'linus' })).toEqual(['exc_a'])
        expect(await ids({ limit: 2 })).toEqual(['exc_c', 'exc_a'])
        expect(await ids({ after: { id: 'exc_a', until: time(20) } })).toEqual(['exc_b', 'exc_d'])
      })

      it('is weighed by checks until a person ends it; its time is for the rule to judge', async () => {
        const one = await add('exc_1')
        await add('exc_2', { until: time(1) })
        await project.changeException('exc_2', (exception) => ({
          ...endException(exception, ada),
          entries: [],
        }))
        expect((await project.exceptionsToWeigh()).map(asException)).toEqual([
          {
            subject: 'user:user_1',
            allowed: one.allowed,
            reason: 'a partner',
            author: 'grace',
            until: time(30),
          },
        ])
      })

      it('is of one project', async () => {
        await add('exc_1')
        const other = await store.project(`incidents-other-${projects}`)
        expect(await other.exception('exc_1')).toBeNull()
        expect(await other.exceptionsToWeigh()).toEqual([])
        expect(await other.changeException('exc_1', () => null)).toBeNull()
      })
    })
  })
}
