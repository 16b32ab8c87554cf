import { describe, expect, test } from 'vitest'
import type { Drift } from '../check/verdict.ts'
import type { Incident } from './incident.ts'
import {
  acknowledgeIncident,
  ignoreIncident,
  observeDrift,
  reopenIncident,
  resolveIncident,
} from './transitions.ts'

const drift: Drift = {
  kind: 'paid-without-access',
  component: 'paid',
  hurts: 'customer',
  owed: true,
  granted: false,
  allowed: true,
  on: 'user:user_1',
  subject: { type: 'user', id: 'user_1' },
  customerId: 'cus_1',
  access: null,
  sentence: 'user_1 pays for pro and is granted nothing paid.',
  touches: [],
  evidence: [],
  moneyAtRisk: { currency: 'usd', amount: 2000 },
  moneyNote: null,
}
const at = (day: number) => ({ by: `check:${day}`, at: new Date(Date.UTC(2026, 5, day)) })
const opened = () => observeDrift(null, drift, 'inc_1', at(1)).incident
const acts = (incident: Incident) => incident.history.map(({ act }) => act)

describe('an incident', () => {
  test('opens with the severity of its kind', () => {
    const { incident, entry } = observeDrift(null, drift, 'inc_1', at(1))
    expect(incident).toMatchObject({ state: 'open', severity: 'critical', openings: 1 })
    expect(entry?.act).toBe('incident-opened')
  })

  test('seen again unchanged stays one and says nothing new', () => {
    const { incident, entry } = observeDrift(opened(), drift, 'other', at(2))
    expect(incident).toMatchObject({ id: 'inc_1', state: 'open', openings: 1, lastSeenAt: at(2).at })
    expect(entry).toBeNull()
  })

  test('seen again with another reading says so', () => {
    const { entry } = observeDrift(opened(), { ...drift, sentence: 'Worse.' }, 'other', at(2))
    expect(entry?.act).toBe('incident-seen-again')
  })

  test('acknowledged stays acknowledged when it is seen again', () => {
    const acknowledged = acknowledgeIncident(opened(), { by: 'ada', at: at(2).at }).incident
    expect(observeDrift(acknowledged, drift, 'other', at(3)).incident.state).toBe('acknowledged')
  })

  test('resolved comes back as the same incident, opened once more', () => {
    const resolved = resolveIncident(opened(), at(2)).incident
    expect(resolved).toMatchObject({ state: 'resolved', resolvedAt: at(2).at })
    const { incident } = observeDrift(resolved, drift, 'other', at(3))
    expect(incident).toMatchObject({ id: 'inc_1', state: 'open', openings: 2, resolvedAt: null })
    expect(acts(incident)).toEqual(['incident-opened', 'incident-resolved', 'incident-reopened'])
  })

  test('ignored stays ignored until its end, and opens when that has passed', () => {
    const ignored = ignoreIncident(opened(), { by: 'ada', at: at(2).at }, 'a partner', at(5).at).incident
    expect(observeDrift(ignored, drift, 'other', at(4)).incident.state).toBe('ignored')
    expect(observeDrift(ignored, drift, 'other', at(5)).incident.state).toBe('open')
  })

  test('ignored for good stays ignored', () => {
    const ignored = ignoreIncident(opened(), { by: 'ada', at: at(2).at }, 'a partner', null).incident
    expect(observeDrift(ignored, drift, 'other', at(900)).incident.state).toBe('ignored')
  })

  test('an act that changes nothing leaves no entry', () => {
    const resolved = resolveIncident(opened(), at(2)).incident
    expect(resolveIncident(resolved, at(3)).entry).toBeNull()
    expect(acknowledgeIncident(resolved, at(3)).entry).toBeNull()
    expect(reopenIncident(opened(), at(3)).entry).toBeNull()
  })

  test('who did it and why is part of the entry', () => {
    const { entry } = ignoreIncident(opened(), { by: 'ada', at: at(2).at }, 'a partner', null)
    expect(entry).toEqual({ act: 'incident-ignored', by: 'ada', at: at(2).at, note: 'a partner' })
  })
})
