import { type ClerkPayer, primaryEmail } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'

/** The payer that stands for a user or an organization; its id follows from theirs. */
export function payerOf(state: ClerkState, subjectId: string): ClerkPayer {
  const user = state.users.get(subjectId)
  const organization = state.organizations.get(subjectId)
  const subject = user ?? organization
  return {
    object: 'commerce_payer',
    id: `cpayer_${subjectId.slice(subjectId.indexOf('_') + 1)}`,
    instance_id: state.instanceId,
    user_id: user?.id ?? null,
    first_name: user?.first_name ?? null,
    last_name: user?.last_name ?? null,
    email: user === undefined ? null : primaryEmail(user),
    organization_id: organization?.id ?? null,
    organization_name: organization?.name ?? null,
    image_url: subject?.image_url ?? '',
    created_at: subject?.created_at ?? state.now(),
    updated_at: subject?.updated_at ?? state.now(),
  }
}
