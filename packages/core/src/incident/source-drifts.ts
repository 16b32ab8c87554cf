import type { Drift } from '../check/verdict.ts'
import type { AccessMapping } from '../grant/access-mapping.ts'

/** A part of a source could not be read, so the check says nothing of what it would have held. */
export function unreadableSourceDrift(
  source: string,
  part: string,
  problem: { readonly code: string; readonly message: string },
  readAt: Date,
): Drift {
  return projectDrift({
    kind: 'source-unreadable',
    component: 'source',
    on: `${source}/${part}`,
    hurts: 'both',
    sentence: `${source} could not be read (${part}): ${problem.message}`,
    evidence: [{ source, object: part, field: 'error', value: problem.code, readAt }],
    moneyNote: 'What was not read is not known.',
  })
}

/** Access is read from fields that an end user's browser can write, so anybody can grant it to themselves. */
export function clientWritableDrifts(sources: readonly AccessMapping[], readAt: Date): readonly Drift[] {
  return sources.flatMap((source) => (source.kind === 'clerk' ? writableIn(source, readAt) : []))
}

function writableIn(
  { name, mappings }: Extract<AccessMapping, { readonly kind: 'clerk' }>,
  readAt: Date,
): readonly Drift[] {
  return Object.entries(mappings).flatMap(([type, mapping]) => {
    const fields = [mapping.plan, mapping.premium, mapping.trialEndsAt, mapping.entitlements, mapping.seats]
    return fields.flatMap((field) => {
      if (field === null || typeof field === 'string' || field.container !== 'unsafe_metadata') return []
      return [
        projectDrift({
          kind: 'grant-client-writable',
          component: 'field',
          on: `${type}:${field.text}`,
          hurts: 'business',
          sentence: `Access of each ${type} is read from ${field.text}, which the end user's browser can write.`,
          evidence: [{ source: name, object: type, field: field.text, value: 'mapped', readAt }],
          moneyNote: 'Anybody who signs in can grant themselves access; the sum has no bound.',
        }),
      ]
    })
  })
}

function projectDrift(
  said: Pick<Drift, 'kind' | 'component' | 'on' | 'hurts' | 'sentence' | 'evidence' | 'moneyNote'>,
): Drift {
  return {
    owed: null,
    granted: null,
    allowed: null,
    subject: null,
    customerId: null,
    access: null,
    touches: [],
    moneyAtRisk: null,
    ...said,
  }
}
