import { fieldsOf } from '../../json/fields.ts'
import type { Customer } from '../billing.ts'
import { readMetadata } from './read-metadata.ts'

/**
 * Reads a customer as Stripe sends it, by itself or expanded inside another object.
 *
 * @returns `null` for a customer that was deleted (`{ id, deleted: true }`), and for one that is only named by its id.
 *
 * @example
 * readStripeCustomer(subscription.customer)?.email
 */
export function readStripeCustomer(json: unknown): Customer | null {
  const fields = fieldsOf(json, 'customer', [])
  const id = fields?.id('id')
  if (!fields || !id || fields.flag('deleted') === true) return null
  return {
    id,
    email: fields.text('email'),
    name: fields.text('name'),
    metadata: readMetadata(fields),
    livemode: fields.flag('livemode') ?? false,
    createdAt: fields.time('created') ?? new Date(0),
  }
}
