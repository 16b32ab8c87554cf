import type { Incident } from './incident.ts'
import { IncidentError } from './incident-error.ts'
import type { Act, Transition } from './transitions.ts'
import {
  acknowledgeIncident,
  assignIncident,
  commentIncident,
  ignoreIncident,
  reopenIncident,
} from './transitions.ts'

/** What a person can do to an incident. */
export type IncidentAct =
  | { readonly kind: 'acknowledge'; readonly note: string | null }
  /** The drift is meant to be; `until` ends the ignoring, `null` means for good. */
  | { readonly kind: 'ignore'; readonly reason: string; readonly until: Date | null }
  | { readonly kind: 'reopen'; readonly note: string | null }
  /** `assignee`: a member of the team; `null`: nobody any more. */
  | { readonly kind: 'assign'; readonly assignee: string | null; readonly note: string | null }
  | { readonly kind: 'comment'; readonly text: string }

export const incidentActKinds = ['acknowledge', 'ignore', 'reopen', 'assign', 'comment'] as const

/** Reasons, notes and comments are at most this many characters long. */
export const longestIncidentText = 4000

/**
 * What a person's act makes of an incident. An act that was done already changes nothing and leaves no entry, so that
 * it may be done twice.
 *
 * @throws IncidentError `wrong-state`, `holds-repairs`, `reason-missing`, `text-missing`, `text-too-long`, `end-passed`
 * @example
 * actOnIncident(incident, { kind: 'ignore', reason: 'a partner', until: null }, { by: 'ada', at }).incident.state
 * // 'ignored'
 */
export function actOnIncident(incident: Incident, act: IncidentAct, who: Act): Transition {
  switch (act.kind) {
    case 'acknowledge':
      if (incident.state !== 'open' && incident.state !== 'acknowledged') {
        throw wrongState(incident, 'acknowledged', 'Reopen it first, if its drift is to be worked on.')
      }
      return acknowledgeIncident(incident, who, noteIn(act.note))
    case 'ignore':
      return ignore(incident, act, who)
    case 'reopen':
      if (incident.state === 'acknowledged') {
        throw wrongState(incident, 'reopened', 'It is open already, and somebody is at work on it.')
      }
      return reopenIncident(incident, who, noteIn(act.note))
    case 'assign':
      return assignIncident(incident, who, act.assignee, noteIn(act.note))
    case 'comment':
      return commentIncident(incident, who, textIn(act.text, 'text-missing', 'A comment says nothing.'))
  }
}

function ignore(
  incident: Incident,
  { reason, until }: Extract<IncidentAct, { readonly kind: 'ignore' }>,
  who: Act,
): Transition {
  const said = textIn(reason, 'reason-missing', 'Nobody said why the incident is to be ignored.')
  if (incident.kind === 'mass-drift') throw holdsRepairs(incident)
  if (incident.state === 'resolved') {
    throw wrongState(
      incident,
      'ignored',
      'Its drift is gone. Make an exception, if it is meant to come back.',
    )
  }
  if (until !== null && until <= who.at) {
    throw new IncidentError({
      code: 'end-passed',
      message: `The incident was to be ignored until ${until.toISOString()}, which has passed.`,
      fix: 'Name a later end, or none.',
    })
  }
  const [last] = incident.history.filter(({ act }) => act === 'incident-ignored').slice(-1)
  const isSame =
    incident.state === 'ignored' &&
    last?.note === said &&
    incident.ignoredUntil?.getTime() === until?.getTime()
  return isSame ? { incident, entry: null } : ignoreIncident(incident, who, said, until)
}

function textIn(text: string, missing: 'reason-missing' | 'text-missing', message: string): string {
  const said = noteIn(text)
  if (said !== null) return said
  throw new IncidentError({ code: missing, message, fix: 'Say it in a sentence.' })
}

/** A text without the space around it; an empty one is none. */
function noteIn(text: string | null): string | null {
  const note = text?.trim() ?? ''
  if (note.length > longestIncidentText) {
    throw new IncidentError({
      code: 'text-too-long',
      message: `The text has ${note.length} characters; at most ${longestIncidentText} are kept.`,
      fix: 'Say it in fewer words.',
    })
  }
  return note === '' ? null : note
}

function wrongState({ id, state }: Incident, wanted: string, fix: string): IncidentError {
  return new IncidentError({
    code: 'wrong-state',
    message: `The incident ${id} is ${state}; it cannot be ${wanted}.`,
    fix,
  })
}

/** Ignoring it would let repairs go on, which is for those who may release them. */
function holdsRepairs({ id }: Incident): IncidentError {
  return new IncidentError({
    code: 'holds-repairs',
    message: `The incident ${id} holds the repairs of this project; it cannot be ignored.`,
    fix: 'Correct the configuration and check again; if the drifts are real, release the repairs.',
  })
}
