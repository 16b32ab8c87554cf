import type { SubjectId } from '@trueup/core'
import type { SharedFrame } from '../frame.ts'
import { answerOf } from '../vendor/vendor.ts'

/** Who a subject is, for the customer's name and email in billing. */
export interface Person {
  readonly name: string | null
  /** An organization has no email of its own; its buyer gives one at checkout. */
  readonly email: string | null
}

/** Reads a user or an organization from Clerk; `null`: Clerk does not have it. */
export async function readPerson(frame: SharedFrame, subject: SubjectId): Promise<Person | null> {
  try {
    if (subject.type === 'organization') {
      const { name } = await frame.clerk.call((clerk) =>
        clerk.organizations.getOrganization({ organizationId: subject.id }),
      )
      return { name, email: null }
    }
    const user = await frame.clerk.call((clerk) => clerk.users.getUser(subject.id))
    const name = [user.firstName, user.lastName].filter(Boolean).join(' ')
    const email = user.emailAddresses.find(({ id }) => id === user.primaryEmailAddressId)?.emailAddress
    return { name: name === '' ? null : name, email: email ?? null }
  } catch (error) {
    if (answerOf(error).status === 404) return null
    throw error
  }
}
