import type { PushedProblem } from '@trueup/core'
import { pushedFields } from '@trueup/core'
import { nearestWord } from '../config/nearest-word.ts'

/** What whoever sent a record can do about what is wrong with it. */
export function fixOfRecord({ code, field }: PushedProblem): string {
  switch (code) {
    case 'field-unknown': {
      const near = field === null ? null : nearestWord(field, pushedFields)
      return near ? `Did you mean ${near}?` : 'Take the field out.'
    }
    case 'field-missing':
      return `Send ${field} with every record, or take it out of what the configuration says this source carries.`
    case 'record-not-object':
      return 'Send each subject as one object.'
    case 'type-invalid':
      return 'Say of each record whether it is a user or an organization, and name both in the configuration where both are sent.'
    case 'id-invalid':
      return 'Send the id by which the other sources know the subject.'
    case 'value-invalid':
      return 'Send the value as it is needed.'
    case 'seats-of-users':
      return 'Send seats and members of organizations alone.'
  }
}
