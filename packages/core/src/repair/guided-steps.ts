import type { Incident } from '../incident/incident.ts'

/** Whether a customer is one of Clerk Billing: a user or an organization. */
export function isOfClerk(customerId: string): boolean {
  return /^(user|org)_/.test(customerId)
}

/** What a person does about an incident that has no one safe answer. */
export function guidedSteps(incident: Incident): readonly string[] {
  const customer = incident.customerId ?? 'the customer'
  const isClerk = incident.customerId !== null && isOfClerk(incident.customerId)
  const billing = isClerk ? 'Clerk Billing' : 'Stripe'
  switch (incident.kind) {
    case 'payer-unmatched':
      if (isClerk) {
        return [
          `Make the record of ${customer} in the app, which Clerk has and the app does not, or cancel in Clerk Billing.`,
          'Look for the webhook that should have made it: user.created or organization.created.',
        ]
      }
      return [
        `Find out who ${customer} is (e-mail, name, metadata in Stripe).`,
        `Write ${customer} into the mapped customer id field of that user or organization, or refund and cancel.`,
      ]
    case 'payer-deleted-subject':
      return [
        `Cancel the subscription of ${customer} in ${billing}, and refund what was charged since the account went.`,
        'Or, if the deletion was a mistake, restore the account and link it to the customer again.',
      ]
    case 'customer-not-found':
    case 'mode-mismatch':
      return [
        'Find the customer that really pays for this account, if any.',
        'Correct the mapped customer id field, or empty it.',
        'Look for where the app wrote it: keys of test and live mode may be mixed up.',
      ]
    case 'customer-shared':
      return [
        'Decide which of them the customer pays for.',
        'Take the customer id from the others, or map them as a team.',
      ]
    case 'double-billing':
      return [
        'Decide which subscription stays.',
        `Cancel the other in ${billing}, and refund what was charged twice.`,
        'Refuse a second checkout of the same plan in the app.',
      ]
    case 'price-unmapped':
      return [
        `Add ${incident.identity.on} to the plan, add-on or seat pack that it buys, in the catalogue.`,
        'Until then nothing is said of those who pay it.',
      ]
    case 'plan-unknown':
      return [
        `Add ${JSON.stringify(incident.identity.on)} to the values of the plan that it means, in the catalogue.`,
        'If it means none, correct the app.',
      ]
    case 'refund-review':
      return [
        'Decide whether access ends with the refund or dispute.',
        "Set the policy 'refunded' to 'drop' or 'keep' if it is always the same.",
      ]
    case 'grant-client-writable':
      return [
        'Keep this field in public_metadata or private_metadata, which only the server can write.',
        'Copy the values over after checking them against billing, then change the mapping.',
      ]
    case 'source-unreadable':
      return ['Run `trueup doctor`: it tries each key and permission and says how to mend what is wrong.']
    case 'grants-disagree':
      return [
        'Decide which of the two says what is meant: the one that the app asks first.',
        'Write the same into the other, or make the record that is missing there.',
        'Look for what should have carried the change over.',
      ]
    case 'mass-drift':
      return [
        'Look at the examples: is a price mapped to the wrong plan, or a field to the wrong path?',
        'Correct the configuration and check again, or release the repairs if the drifts are real.',
      ]
    default:
      return [incident.sentence]
  }
}
