import type {
  BillingFact,
  Component,
  Granted,
  Pair,
  Rules,
  SourceComponents,
  SubjectReading,
  Subscription,
  Verdict,
} from '@trueup/core'
import { check, createMemoryStore, freeKey, subjectKey } from '@trueup/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  customer,
  daysFromNow,
  granted,
  now,
  pair,
  payer,
  reading,
  rules,
  subscription,
} from '../../../core/src/check/recorded-pairs.ts'
import { observeCustomer, observeFact, observeSubject } from './observe.ts'

/*
 * What holds of several access sources whatever they say: agreeing ones change nothing, their order decides nothing, and
 * whoever the store leaves out agrees.
 */

const value = <T>(read: T) => ({ state: 'value', value: read }) as const
const absent = fc.constant({ state: 'absent' } as const)
const unreadable = fc.constant({ state: 'unreadable', found: '7', needed: 'a word' } as const)
const trialEnd = fc.constantFrom(daysFromNow(10), daysFromNow(10.6), daysFromNow(9.4), daysFromNow(-30))

const anyGrant: fc.Arbitrary<Granted> = fc
  .record({
    plan: fc.oneof(fc.constantFrom('free', 'pro', 'enterprise').map(value), absent, unreadable),
    paid: fc.oneof(fc.boolean().map(value), absent, unreadable),
    trialEndsAt: fc.oneof({ weight: 3, arbitrary: absent }, trialEnd.map(value), unreadable),
    entitlements: fc.oneof(fc.subarray(['reports', 'sso', 'api']).map(value), absent, unreadable),
  })
  .map((read) => granted(read))

const anySubscription: fc.Arbitrary<Subscription> = fc
  .record({
    id: fc.constantFrom('sub_1', 'sub_2'),
    prices: fc.constantFrom(['price_pro'], ['price_enterprise'], ['price_pro', 'price_api'], ['price_new']),
    status: fc.constantFrom('active', 'past_due', 'canceled', 'trialing', 'unpaid'),
    trialEndsAt: fc.constantFrom(null, daysFromNow(10)),
  })
  .map(({ id, prices, status, trialEndsAt }) =>
    subscription(prices, {
      id,
      status: status as Subscription['status'],
      trialEndsAt: status === 'trialing' ? trialEndsAt : null,
      endedAt: status === 'canceled' ? daysFromNow(-1) : null,
      currentPeriodEnd: status === 'canceled' ? daysFromNow(-1) : daysFromNow(20),
    }),
  )
const anyFacts: fc.Arbitrary<readonly BillingFact[]> = fc.uniqueArray(anySubscription, {
  selector: ({ id }) => id,
  maxLength: 2,
})

const all: readonly Component[] = ['paid', 'plan', 'trialEndsAt', 'entitlements']
const anyMapping = fc
  .subarray([...all], { minLength: 1 })
  .filter((components) => components.includes('paid') || components.includes('plan'))

/** A grant as a source with this mapping reads it. */
function readBy(components: readonly Component[], grant: Granted): Granted {
  const unmapped = { state: 'unmapped' } as const
  const has = (component: Component) => components.includes(component)
  return {
    ...grant,
    plan: has('plan') ? grant.plan : unmapped,
    paid: has('paid') ? grant.paid : unmapped,
    trialEndsAt: has('trialEndsAt') ? grant.trialEndsAt : unmapped,
    entitlements: has('entitlements') ? grant.entitlements : unmapped,
  }
}

const under = (mapped: readonly SourceComponents[]): Rules => ({ ...rules, mapped })
const source = (name: string, components: readonly Component[]): SourceComponents => ({
  source: name,
  components: { user: components },
})
const pairOf = (facts: readonly BillingFact[], readings: readonly SubjectReading[]): Pair =>
  pair({ payers: facts.length > 0 ? [payer(facts)] : [], readings })

/** What a verdict comes to without the words: kinds and components of drifts, reasons of what could not be told. */
function gist(verdict: Verdict): readonly string[] {
  switch (verdict.kind) {
    case 'agrees':
      return []
    case 'drifts':
      return [
        ...verdict.drifts.map(({ kind, component }) => `${kind} ${component}`),
        ...verdict.unknown.map(({ reason, component }) => `unknown ${reason} ${component}`),
      ].toSorted()
    case 'cannot-tell':
      return verdict.reasons.map(({ reason, component }) => `unknown ${reason} ${component}`).toSorted()
  }
}

const distinct = (texts: readonly string[]) => [...new Set(texts)].toSorted()

describe('several sources', () => {
  it('that say the same change nothing that one alone would find', () => {
    fc.assert(
      fc.property(anyFacts, anyGrant, fc.integer({ min: 2, max: 4 }), (facts, grant, count) => {
        const names = Array.from({ length: count }, (_, place) => `source-${place}`)
        const alone = check(
          pairOf(facts, [reading({ source: 'source-0', granted: grant })]),
          under([source('source-0', all)]),
        )
        const together = check(
          pairOf(
            facts,
            names.map((name) => reading({ source: name, granted: grant })),
          ),
          under(names.map((name) => source(name, all))),
        )
        expect(distinct(gist(together.verdict))).toEqual(distinct(gist(alone.verdict)))
        expect(together.notices.length).toBe(alone.notices.length)
      }),
      { numRuns: 200 },
    )
  })

  it('are found the same whatever their order', () => {
    const named = fc.tuple(anyMapping, anyGrant, fc.boolean(), fc.boolean())
    fc.assert(
      fc.property(anyFacts, fc.tuple(named, named, named), (facts, three) => {
        const mapped = three.map(([components], place) => source(`source-${place}`, components))
        const readings = three.flatMap(([components, grant, isThere, deleted], place) =>
          isThere || place === 0
            ? [
                reading({
                  source: `source-${place}`,
                  granted: readBy(components, grant),
                  deleted: deleted && place > 0,
                }),
              ]
            : [],
        )
        const there = readings.map((each) => each.source)
        const missingFrom = mapped.map((each) => each.source).filter((name) => !there.includes(name))
        const of = { ...pairOf(facts, readings), missingFrom }
        const said = gist(check(of, under(mapped)).verdict)
        const turned = { ...of, readings: readings.toReversed() }
        expect(gist(check(turned, under(mapped.toReversed())).verdict)).toEqual(said)
      }),
      { numRuns: 300 },
    )
  })

  it('hide no drift from each other: what is sure of one is found beside any other', () => {
    fc.assert(
      fc.property(anyFacts, anyGrant, anyGrant, (facts, one, other) => {
        const mapped = [source('one', all), source('other', all)]
        const readings = [
          reading({ source: 'one', granted: one }),
          reading({ source: 'other', granted: other }),
        ]
        const both = gist(check(pairOf(facts, readings), under(mapped)).verdict)
        for (const single of readings) {
          const alone = check(pairOf(facts, [single]), under(mapped)).verdict
          for (const found of gist(alone)) if (!found.startsWith('unknown')) expect(both).toContain(found)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('agree about whomever the store leaves out', async () => {
    let projects = 0
    const record = fc.record({
      grant: anyGrant,
      pointsTo: fc.constantFrom(null, 'cus_1', 'cus_2'),
      isThere: fc.integer({ min: 0, max: 9 }).map((roll) => roll > 1),
      deleted: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    })
    let leftOut = 0
    await fc.assert(
      fc.asyncProperty(
        anyFacts,
        fc.tuple(anyMapping, anyMapping),
        fc.tuple(record, record),
        fc.boolean(),
        async (facts, [one, other], records, isOtherRead) => {
          const by = under([source('one', one), source('other', other)])
          const readings = records.flatMap(({ grant, pointsTo, isThere, deleted }, place) => {
            if (!isThere) return []
            const name = place === 0 ? 'one' : 'other'
            const customerId = pointsTo === null ? ({ state: 'absent' } as const) : value(pointsTo)
            const seen = readBy(place === 0 ? one : other, grant)
            return [reading({ source: name, granted: seen, customerId, deleted })]
          })
          const [first] = readings
          if (!first) return
          const project = await createMemoryStore().project(`project-${++projects}`)
          const { id } = await project.startCheck(
            { kind: 'full', dryRun: false, asOf: now, startedAt: now, configFingerprint: 'f' },
            () => [],
          )
          await project.writePage(id, {
            source: 'stripe',
            part: 'subscriptions',
            cursors: [],
            customers: ['cus_1', 'cus_2'].map((each) => observeCustomer(customer(each), by)),
            facts: facts.map((fact) => observeFact(fact, new Map(), by)),
            subjects: readings.map((each) => observeSubject(each, by)),
          })
          await project.setPart(id, 'stripe', 'subscriptions', { state: 'complete' })
          await project.setPart(id, 'one', 'users', { state: 'complete' })
          await project.setPart(id, 'other', 'users', { state: isOtherRead ? 'complete' : 'reading' })
          await project.match(id, by.match)
          const freeKeys = { user: freeKey(by, 'user'), organization: freeKey(by, 'organization') }
          const { pairs } = await project.differing(id, freeKeys, null, 10)
          if (pairs.some(({ subject }) => subject && subjectKey(subject) === subjectKey(first.subject)))
            return
          leftOut += 1
          const whole = await project.pair(id, { subject: first.subject })
          if (!whole) throw new Error('A subject that was observed has a pair.')
          const { verdict, notices } = check(whole, by)
          expect({ said: gist(verdict), notices }).toEqual({ said: [], notices: [] })
        },
      ),
      { numRuns: 1000 },
    )
    expect(leftOut).toBeGreaterThan(30)
  })
})
