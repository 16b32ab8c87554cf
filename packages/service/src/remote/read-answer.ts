import type { Access, AccessReadings, CheckRun, Evidence, Incident, Repair } from '@trueup/core'
import type { Shown } from '../http/shown/shown.ts'

/** A repair as the API shows it: without what only the service itself compares. */
export type ShownRepair = Omit<Repair, 'configFingerprint' | 'evidenceHash' | 'identityKey' | 'approvals'> & {
  readonly approvals: readonly Omit<Repair['approvals'][number], 'hash'>[]
}

/** A check as the API shows it. */
export type ShownCheck = Omit<CheckRun, 'configFingerprint'> & { readonly complete: boolean }

/** An incident of an answer, its moments as dates again. */
export function incidentIn(shown: Shown<Incident>): Incident {
  return {
    ...shown,
    access: shown.access && readingsIn(shown.access),
    evidence: shown.evidence.map(evidenceIn),
    openedAt: new Date(shown.openedAt),
    lastSeenAt: new Date(shown.lastSeenAt),
    resolvedAt: dateIn(shown.resolvedAt),
    ignoredUntil: dateIn(shown.ignoredUntil),
    history: shown.history.map((entry) => ({ ...entry, at: new Date(entry.at) })),
  }
}

/** A repair of an answer, its moments as dates again. Values of records stay as they are. */
export function repairIn(shown: Shown<ShownRepair>): ShownRepair {
  return {
    ...shown,
    proposedAt: new Date(shown.proposedAt),
    approvals: shown.approvals.map(({ by, at, expiresAt }) => ({
      by,
      at: new Date(at),
      expiresAt: new Date(expiresAt),
    })),
    intendedAt: dateIn(shown.intendedAt),
    deadline: dateIn(shown.deadline),
    endedAt: dateIn(shown.endedAt),
    answers: shown.answers.map((answer) => ({ ...answer, at: new Date(answer.at) })),
    history: shown.history.map((step) => ({ ...step, at: new Date(step.at) })),
  }
}

/** A check of an answer, its moments as dates again. */
export function checkIn(shown: Shown<ShownCheck>): ShownCheck {
  return {
    ...shown,
    asOf: new Date(shown.asOf),
    startedAt: new Date(shown.startedAt),
    finishedAt: dateIn(shown.finishedAt),
  }
}

function readingsIn({ owed, granted, allowed }: Shown<AccessReadings>): AccessReadings {
  return { owed: accessIn(owed), granted: accessIn(granted), allowed: accessIn(allowed) }
}

function accessIn(shown: Shown<Access>): Access {
  return { ...shown, trialEndsAt: dateIn(shown.trialEndsAt) } as Access
}

function evidenceIn(shown: Shown<Evidence>): Evidence {
  return { ...shown, readAt: new Date(shown.readAt) }
}

function dateIn(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}
