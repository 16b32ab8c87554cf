import type { Access } from '../access/access.ts'
import { printable } from '../grant/found-text.ts'
import type { Promised } from '../promise/promised.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { Difference } from './compare-access.ts'

/** Says a difference in one sentence, for people: who, what was promised, what was granted. */
export function sentenceOf(
  difference: Difference,
  subject: SubjectId,
  sides: { readonly promised: Promised; readonly granted: Access; readonly freePlan: string },
): string {
  const { owed, allowed } = sides.promised
  const { granted } = sides
  const nameOf = (access: Access) => planName(access, sides.freePlan)
  switch (difference.kind) {
    case 'paid-without-access':
      return `${subject.id} pays for ${nameOf(owed)} and is granted nothing paid.`
    case 'access-without-payment':
      return `${subject.id} is granted ${nameOf(granted)} and nothing paid is allowed.`
    case 'plan-too-low':
      return `${subject.id} pays for ${owed.plan} and is granted only ${granted.plan}.`
    case 'plan-too-high':
      return `${subject.id} is granted ${granted.plan} and at most ${allowed.plan} is allowed.`
    case 'trial-cut-short':
      return `${subject.id} has a trial until ${day(owed.trialEndsAt)}; the app ends it ${endOf(granted.trialEndsAt)}.`
    case 'trial-overstayed':
      return `${subject.id} is given a trial until ${day(granted.trialEndsAt)}; billing has it end ${endOf(allowed.trialEndsAt)}.`
    case 'entitlement-missing':
      return `${subject.id} is owed ${featureOf(difference)} and does not have it.`
    case 'entitlement-extra':
      return `${subject.id} has ${featureOf(difference)}, which nothing allows.`
    case 'seats-short':
      return `${subject.id} is owed ${owed.seats} seats and is granted ${difference.granted}.`
    case 'seats-over':
      return `${subject.id} has ${difference.granted} seats and ${allowed.seats} are allowed.`
    default:
      return `${subject.id}: ${difference.kind}.`
  }
}

/** Where the project maps a paid flag and no plan, there is no plan to name. */
function planName(access: Access, freePlan: string): string {
  return access.paid && access.plan === freePlan ? 'paid access' : access.plan
}

function featureOf(difference: Difference): string {
  return printable(String(difference.component).slice('entitlement:'.length))
}

function day(date: Date | null): string {
  return date ? date.toISOString().slice(0, 10) : 'no day'
}

function endOf(date: Date | null): string {
  return date ? `on ${day(date)}` : 'at once'
}
