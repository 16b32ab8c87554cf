import type {
  Catalogue,
  Clock,
  ExceptionActor,
  ExceptionTransition,
  KeptException,
  ProjectStore,
  Repair,
} from '@trueup/core'
import {
  createException,
  ExceptionError,
  endException,
  entriesOfException,
  extendException,
  subjectKey,
  supersedeRepair,
  unknownException,
} from '@trueup/core'
import { newId } from '../new-id.ts'

/** What acts on exceptions work with. */
export interface ExceptionDependencies {
  readonly project: ProjectStore
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** Whether somebody of this id is in the team, and so can answer for an exception. */
  readonly isMember: (personId: string) => Promise<boolean>
}

export type NewException = Pick<KeptException, 'subject' | 'allowed' | 'reason' | 'owner' | 'until'>

/**
 * Makes an exception: the subject may have more than billing allows, until a moment. What checks and repairs weigh
 * from now on; repairs that wait for the subject are superseded, since what they rest on is no longer so.
 *
 * @param by the person, as the ledger names them
 * @throws ExceptionError
 * @example
 * await makeException(dependencies, { subject, allowed: { plan: 'pro' }, reason: 'partner', owner, until }, by, catalogue)
 */
export async function makeException(
  dependencies: ExceptionDependencies,
  wanted: NewException,
  by: string,
  catalogue: Catalogue,
): Promise<KeptException> {
  const { project, clock, randomBytes, isMember } = dependencies
  if (!(await isMember(wanted.owner))) {
    throw new ExceptionError({
      code: 'not-a-member',
      message: `Nobody in the team has the id ${wanted.owner}.`,
      fix: 'Name a member of the workspace who answers for the exception.',
    })
  }
  const actor = { by, at: clock.now() }
  const made = createException({ ...wanted, id: newId('exc', randomBytes) }, actor, catalogue)
  await project.addException(made.exception, entriesOfException(made, actor))
  await supersedeRepairsOf(dependencies, made.exception, actor)
  return made.exception
}

/**
 * Lets an exception run longer; one whose time has passed runs again.
 *
 * @throws ExceptionError `exception-unknown`, `exception-ended`, `end-passed`, `end-earlier`
 */
export async function prolongException(
  dependencies: ExceptionDependencies,
  id: string,
  until: Date,
  by: string,
): Promise<KeptException> {
  return await change(dependencies, id, by, (exception, actor) => extendException(exception, actor, until))
}

/**
 * Ends an exception now: the next check sees what it covered.
 *
 * @throws ExceptionError `exception-unknown`
 */
export async function stopException(
  dependencies: ExceptionDependencies,
  id: string,
  by: string,
): Promise<KeptException> {
  return await change(dependencies, id, by, endException)
}

async function change(
  dependencies: ExceptionDependencies,
  id: string,
  by: string,
  act: (exception: KeptException, actor: ExceptionActor) => ExceptionTransition,
): Promise<KeptException> {
  const { project, clock } = dependencies
  const actor = { by, at: clock.now() }
  const exception = await project.changeException(id, (found) => {
    const transition = act(found, actor)
    if (transition.act === null) return null
    return { exception: transition.exception, entries: entriesOfException(transition, actor) }
  })
  if (!exception) throw unknownException(id)
  await supersedeRepairsOf(dependencies, exception, actor)
  return exception
}

/**
 * Ends the repairs of a subject that nobody has begun to write. Each would be judged anew before it is written in any
 * case; this is so that nobody approves one meanwhile.
 */
async function supersedeRepairsOf(
  { project }: ExceptionDependencies,
  { id, subject }: KeptException,
  actor: ExceptionActor,
): Promise<void> {
  const incidents = await project.listIncidents(
    { about: subjectKey(subject), states: ['open', 'acknowledged'] },
    { sort: 'opened', reversed: false },
    null,
    1000,
  )
  const waiting: Repair[] = []
  for (const incident of incidents) {
    const repairs = await project.repairs({
      incidentId: incident.id,
      states: ['proposed', 'approved'],
      limit: 100,
    })
    waiting.push(...repairs.filter(({ undoes }) => undoes === null))
  }
  if (waiting.length === 0) return
  await project.changeRepairs(
    waiting.map((repair) => repair.id),
    actor.at,
    ({ repair }) => {
      if (repair.state !== 'proposed' && repair.state !== 'approved') return null
      const moved = supersedeRepair(repair, actor, `The exception ${id} was changed.`)
      return { repair: moved.repair, entries: [moved.entry] }
    },
  )
}
