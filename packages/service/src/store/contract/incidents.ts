import type { Incident, IncidentFilter, IncidentOrder, LedgerDraft, ProjectStore } from '@trueup/core'
import {
  actOnIncident,
  countsOf,
  entriesOfIncidents,
  identityKey,
  incidentSorts,
  observeDrift,
  placeOfIncident,
  resolveIncident,
} from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import { aDrift, anIncident, beginCheck, stagedKeys, time } from './samples.ts'

/** What every store promises of incidents: their records, the acts on them, and their list. */
export function incidentsContract(newProject: NewProject): void {
  describe('incidents', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

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
        expect(await (await newProject()).incident('inc_1')).toBeNull()
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
        expect(await stagedKeys(project)).toEqual(['incident-commented:inc_1:2'])
      })

      it('is all or nothing: an error leaves every incident and the ledger as they were', async () => {
        await project.saveIncidents([anIncident('inc_1')], null, [])
        await expect(
          project.changeIncidents({ ids: ['inc_1'] }, null, () => {
            throw new Error('not this one')
          }),
        ).rejects.toThrow('not this one')
        expect(await project.incident('inc_1')).toEqual(anIncident('inc_1'))
        expect(await stagedKeys(project)).toEqual([])
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
        expect(await stagedKeys(project)).toHaveLength(persons.length)
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
        const opened = (await stagedKeys(project)).filter((entry) => entry.startsWith('incident-opened'))
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
        const other = await newProject()
        expect(await other.listIncidents({}, { sort: 'opened', reversed: false }, null, 9)).toEqual([])
        expect(await other.countIncidents({})).toEqual([])
      })
    })
  })
}
