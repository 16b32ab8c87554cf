import type { Access } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import type { SubjectId } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import type { Exception } from './promised.ts'

/** An exception that the team keeps beside the configuration: whom it is for, why, who answers for it, and its end. */
export interface KeptException {
  readonly id: string
  readonly subject: SubjectId
  readonly allowed: Partial<Access>
  readonly reason: string
  /** The member of the team who answers for it. */
  readonly owner: string
  readonly createdBy: string
  readonly createdAt: Date
  /** From this moment on it does nothing. */
  readonly until: Date
  /** When a person ended it before its time; `null`: nobody did. */
  readonly endedAt: Date | null
  /** Grows by one with every act on it. */
  readonly version: number
}

export type ExceptionAct = 'exception-created' | 'exception-extended' | 'exception-ended'

/** An exception after an act; `act` is `null` when it changed nothing. */
export interface ExceptionTransition {
  readonly exception: KeptException
  readonly act: ExceptionAct | null
}

/** Who acts on an exception and when. */
export interface ExceptionActor {
  readonly by: string
  readonly at: Date
}

export type ExceptionErrorCode =
  | 'exception-unknown'
  /** A person ended it; another one can be made. */
  | 'exception-ended'
  | 'reason-missing'
  | 'reason-too-long'
  | 'allows-nothing'
  | 'plan-not-sold'
  | 'end-passed'
  /** It ends later than, or when, it would have been extended to. */
  | 'end-earlier'
  /** Nobody of that name is in the team. */
  | 'not-a-member'

/** An act on an exception that was refused: what was found, what was needed, what to do. Nothing was changed. */
export class ExceptionError extends Error {
  override readonly name = 'ExceptionError'
  readonly code: ExceptionErrorCode
  readonly fix: string

  constructor(problem: { code: ExceptionErrorCode; message: string; fix: string }) {
    super(problem.message)
    this.code = problem.code
    this.fix = problem.fix
  }
}

const longestReason = 4000

/**
 * Makes an exception for a subject: more may be granted to it than billing allows, until a moment.
 *
 * @throws ExceptionError `reason-missing`, `reason-too-long`, `allows-nothing`, `plan-not-sold`, `end-passed`
 * @example
 * createException({ id, subject, allowed: { plan: 'pro' }, reason: 'a partner', owner: 'ada', until }, who, catalogue)
 */
export function createException(
  wanted: Pick<KeptException, 'id' | 'subject' | 'allowed' | 'reason' | 'owner' | 'until'>,
  { by, at }: ExceptionActor,
  catalogue: Catalogue,
): ExceptionTransition {
  const reason = wanted.reason.trim()
  if (reason === '') throw refused('reason-missing', 'Nobody said why it is an exception.', 'Say why.')
  if (reason.length > longestReason) {
    const said = `The reason has ${reason.length} characters; at most ${longestReason} are kept.`
    throw refused('reason-too-long', said, 'Say it in fewer words.')
  }
  const { plan } = wanted.allowed
  const planIds = catalogue.plans.map(({ id }) => id)
  if (plan !== undefined && !planIds.includes(plan)) {
    const said = `The catalogue has no plan ${JSON.stringify(plan)}.`
    throw refused('plan-not-sold', said, `Name one of ${planIds.join(', ')}.`)
  }
  if (Object.keys(wanted.allowed).length === 0) {
    throw refused(
      'allows-nothing',
      'The exception allows nothing.',
      "Say what is allowed, such as a plan: { plan: 'pro' }.",
    )
  }
  requireAhead(wanted.until, at)
  const exception: KeptException = {
    ...wanted,
    reason,
    createdBy: by,
    createdAt: at,
    endedAt: null,
    version: 1,
  }
  return { exception, act: 'exception-created' }
}

/**
 * Lets an exception run longer; one whose time has passed runs again.
 *
 * @throws ExceptionError `exception-ended`, `end-passed`, `end-earlier`
 */
export function extendException(
  exception: KeptException,
  { at }: ExceptionActor,
  until: Date,
): ExceptionTransition {
  if (exception.endedAt) throw ended(exception)
  requireAhead(until, at)
  if (until.getTime() === exception.until.getTime()) return { exception, act: null }
  if (until < exception.until) {
    const said = `The exception ${exception.id} runs until ${exception.until.toISOString()}, which is later.`
    throw refused('end-earlier', said, 'Name a later end, or end it.')
  }
  return {
    exception: { ...exception, until, version: exception.version + 1 },
    act: 'exception-extended',
  }
}

/** Ends an exception now. One that was ended already stays as it is. */
export function endException(exception: KeptException, { at }: ExceptionActor): ExceptionTransition {
  if (exception.endedAt) return { exception, act: null }
  return { exception: { ...exception, endedAt: at, version: exception.version + 1 }, act: 'exception-ended' }
}

/** Whether it widens what is allowed at this moment. */
export function isRunning({ endedAt, until }: KeptException, now: Date): boolean {
  return endedAt === null && until > now
}

/** An exception as the rules of a check take it. */
export function asException({ subject, allowed, reason, owner, until }: KeptException): Exception {
  return { subject: subjectKey(subject), allowed, reason, author: owner, until }
}

export function unknownException(id: string): ExceptionError {
  return refused(
    'exception-unknown',
    `There is no exception ${id} in this project.`,
    'List them to find its id.',
  )
}

function requireAhead(until: Date, at: Date): void {
  if (until > at) return
  const said = `The exception was to run until ${until.toISOString()}, which has passed.`
  throw refused('end-passed', said, 'Name a later end.')
}

function ended({ id, endedAt }: KeptException): ExceptionError {
  return refused(
    'exception-ended',
    `The exception ${id} was ended on ${endedAt?.toISOString()}.`,
    'Make another one.',
  )
}

function refused(code: ExceptionErrorCode, message: string, fix: string): ExceptionError {
  return new ExceptionError({ code, message, fix })
}
