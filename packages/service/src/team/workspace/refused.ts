import type { Objection } from '../may-change.ts'
import { TeamError } from '../team-error.ts'

/** An objection in words. */
export function refused(objection: NonNullable<Objection>): TeamError {
  switch (objection) {
    case 'own-role':
      return new TeamError({
        code: objection,
        message: 'Nobody does this to themselves.',
        fix: 'Ask another admin or the owner. To go, leave the workspace.',
      })
    case 'owner-stays':
      return new TeamError({
        code: objection,
        message: 'This is the owner, whom nobody changes.',
        fix: 'The owner hands the workspace over first.',
      })
    case 'role-too-low':
      return new TeamError({
        code: objection,
        message: 'You can act on those whose role is below yours, and give no role above yours.',
        fix: 'Ask the owner.',
      })
  }
}
