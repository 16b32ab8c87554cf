import { describe, expect, test } from 'vitest'
import type { Drift } from '../check/verdict.ts'
import type { IncidentAct } from './act-on-incident.ts'
import { actOnIncident, longestIncidentText } from './act-on-incident.ts'
import type { Incident, IncidentState } from './incident.ts'
import { IncidentError } from './incident-error.ts'
import { observeDrift } from './transitions.ts'

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
const at = (day: number) => new Date(Date.UTC(2026, 5, day))
const ada = { by: 'ada', at: at(3) }
const opened = observeDrift(null, drift, 'inc_1', { by: 'check:1', at: at(1) }).incident
const inState = (state: IncidentState): Incident => ({ ...opened, state })

const acts: Readonly<Record<IncidentAct['kind'], IncidentAct>> = {
  acknowledge: { kind: 'acknowledge', note: null },
  ignore: { kind: 'ignore', reason: 'a partner', until: null },
  reopen: { kind: 'reopen', note: null },
  assign: { kind: 'assign', assignee: 'mem_1', note: null },
  comment: { kind: 'comment', text: 'Looking at it.' },
}

describe('what a person can do to an incident', () => {
  const table: readonly (readonly [IncidentState, IncidentAct['kind'], string])[] = [
    ['open', 'acknowledge', 'acknowledged'],
    ['open', 'ignore', 'ignored'],
    ['open', 'reopen', 'unchanged'],
    ['open', 'assign', 'open'],
    ['open', 'comment', 'open'],
    ['acknowledged', 'acknowledge', 'unchanged'],
    ['acknowledged', 'ignore', 'ignored'],
    ['acknowledged', 'reopen', 'wrong-state'],
    ['acknowledged', 'assign', 'acknowledged'],
    ['acknowledged', 'comment', 'acknowledged'],
    ['ignored', 'acknowledge', 'wrong-state'],
    ['ignored', 'ignore', 'ignored'],
    ['ignored', 'reopen', 'open'],
    ['ignored', 'assign', 'ignored'],
    ['ignored', 'comment', 'ignored'],
    ['resolved', 'acknowledge', 'wrong-state'],
    ['resolved', 'ignore', 'wrong-state'],
    ['resolved', 'reopen', 'open'],
    ['resolved', 'assign', 'resolved'],
    ['resolved', 'comment', 'resolved'],
  ]
  test.each(table)('%s, %s: %s', (state, kind, becomes) => {
    expect(outcomeOf(inState(state), acts[kind])).toBe(becomes)
  })

  test.each(Object.values(acts))('$kind done twice is done once', (act) => {
    const before = act.kind === 'reopen' ? inState('ignored') : opened
    const once = actOnIncident(before, act, ada).incident
    expect(actOnIncident(once, act, { by: 'ada', at: at(4) })).toEqual({ incident: once, entry: null })
  })

  test('ignoring again with another reason or end is said again', () => {
    const ignored = actOnIncident(opened, acts.ignore, ada).incident
    const longer = actOnIncident(ignored, { kind: 'ignore', reason: 'a partner', until: at(9) }, ada)
    expect(longer.incident).toMatchObject({ state: 'ignored', ignoredUntil: at(9) })
    expect(longer.entry?.act).toBe('incident-ignored')
  })

  test('the same words of another person, or after something else happened, are said', () => {
    const said = actOnIncident(opened, acts.comment, ada).incident
    expect(actOnIncident(said, acts.comment, { by: 'grace', at: at(4) }).entry).not.toBeNull()
    const assigned = actOnIncident(said, acts.assign, ada).incident
    expect(actOnIncident(assigned, acts.comment, ada).entry).not.toBeNull()
  })

  test('to whom it was assigned is part of the entry, and it can be taken back', () => {
    const assigned = actOnIncident(opened, acts.assign, ada)
    expect(assigned.entry).toEqual({ act: 'incident-assigned', ...ada, note: null, assignee: 'mem_1' })
    const freed = actOnIncident(assigned.incident, { kind: 'assign', assignee: null, note: 'on leave' }, ada)
    expect(freed.incident.assignee).toBeNull()
    expect(freed.entry).toEqual({ act: 'incident-assigned', ...ada, note: 'on leave', assignee: null })
  })

  test('an incident that comes back is still the work of whom it was assigned to', () => {
    const assigned = actOnIncident(opened, acts.assign, ada).incident
    const back = observeDrift({ ...assigned, state: 'resolved' }, drift, 'x', { by: 'check:2', at: at(5) })
    expect(back.incident.assignee).toBe('mem_1')
  })

  test.each<readonly [string, IncidentAct, string]>([
    ['nothing is ignored without a reason', { kind: 'ignore', reason: ' \n', until: null }, 'reason-missing'],
    ['nor until a moment that has passed', { kind: 'ignore', reason: 'x', until: at(3) }, 'end-passed'],
    ['a comment says something', { kind: 'comment', text: ' ' }, 'text-missing'],
    ['texts have an end', { kind: 'comment', text: 'x'.repeat(longestIncidentText + 1) }, 'text-too-long'],
  ])('%s', (_rule, act, code) => {
    expect(outcomeOf(opened, act)).toBe(code)
  })

  test('what holds repairs is not ignored away, and may be acknowledged', () => {
    const hold: Incident = { ...opened, kind: 'mass-drift' }
    expect(outcomeOf(hold, acts.ignore)).toBe('holds-repairs')
    expect(outcomeOf(hold, acts.acknowledge)).toBe('acknowledged')
  })
})

function outcomeOf(incident: Incident, act: IncidentAct): string {
  try {
    const { incident: after, entry } = actOnIncident(incident, act, ada)
    return entry === null ? 'unchanged' : after.state
  } catch (error) {
    if (error instanceof IncidentError) return error.code
    throw error
  }
}
