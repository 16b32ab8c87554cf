import type { Cause } from '../cause/cause.ts'
import type { MarkedDeploy } from '../cause/cause-evidence.ts'
import { causeSentence } from '../cause/cause-words.ts'
import type { Incident } from '../incident/incident.ts'
import { subjectKey } from '../subject/subject.ts'
import type { JsonValue, LedgerDraft } from './draft.ts'

/**
 * What the ledger holds of a cause that was found, or that another took the place of. The evidence, and what the cause is
 * on, may be of a customer, and stand beside the entry.
 *
 * @param finding the place of this finding among those of the opening, from 1
 */
export function causeFound(
  incident: Pick<Incident, 'id' | 'openings' | 'subject' | 'customerId'>,
  cause: Cause,
  { at, finding }: { readonly at: Date; readonly finding: number },
): LedgerDraft {
  const { kind, on, confidence, evidence, others } = cause
  return {
    key: `cause-found:${incident.id}:${incident.openings}:${finding}`,
    act: 'cause-found',
    at,
    by: 'trueup',
    about: { incident: incident.id },
    facts: { cause: kind, confidence, opening: incident.openings },
    personal: {
      subject: incident.subject && subjectKey(incident.subject),
      customer: incident.customerId,
      on,
      sentence: causeSentence(kind, on),
      evidence: asJson(evidence),
      others: asJson(others),
    },
  }
}

/** What the ledger holds of a deploy that somebody marked. */
export function deployMarked(deploy: MarkedDeploy, markedAt: Date): LedgerDraft {
  const { id, version, at, by } = deploy
  return {
    key: `deploy-marked:${id}`,
    act: 'deploy-marked',
    at: markedAt,
    by,
    about: {},
    facts: { deploy: id, version, deployedAt: at.toISOString() },
    personal: null,
  }
}

/** A value as JSON has it: dates as texts. */
function asJson(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value))
}
