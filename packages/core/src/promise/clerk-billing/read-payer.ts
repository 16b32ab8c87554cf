import { fieldsOf } from '../../json/fields.ts'
import type { Customer } from '../billing.ts'

/**
 * Reads a payer of Clerk Billing as the customer whom it stands for: a user or an organization, by its own id, which
 * the metadata repeats as `user_id` or `organization_id`.
 *
 * @param livemode Whether the key belongs to a production instance.
 * @returns `null` when it names neither.
 *
 * @example
 * readClerkPayer(item.payer, true)?.id // 'org_1'
 */
export function readClerkPayer(json: unknown, livemode: boolean): Customer | null {
  const fields = fieldsOf(json, 'payer', [])
  const organizationId = fields?.text('organization_id') ?? null
  const userId = fields?.text('user_id') ?? null
  const id = organizationId ?? userId
  if (!fields || !id) return null
  const created = fields.number('created_at')
  const person = [fields.text('first_name'), fields.text('last_name')].filter((name) => name !== null)
  return {
    id,
    email: fields.text('email'),
    name: organizationId ? fields.text('organization_name') : person.join(' ') || null,
    metadata: organizationId ? { organization_id: organizationId } : { user_id: id },
    livemode,
    createdAt: new Date(created !== null && Number.isFinite(new Date(created).getTime()) ? created : 0),
  }
}
