import type { IncidentKind } from '@trueup/core'

interface CauseWords {
  /** What it is, of one and of many, as the end of "3 ...". */
  readonly one: string
  readonly many: string
  /** What whoever is woken does first; `repair`: looks at what is proposed and approves it. */
  readonly whatToDo: 'repair' | string
  /** What is worth knowing beside it. */
  readonly note?: string
  /** What to look at first when there are many. */
  readonly whenMany?: string
}

const nobodyLockedOut = 'Nobody is locked out meanwhile.'

/** How each kind is called in a message, and what is to be done about it. */
const causeWords: Readonly<Record<IncidentKind, CauseWords>> = {
  'paid-without-access': {
    one: 'paying customer without access',
    many: 'paying customers without access',
    whatToDo: 'repair',
    whenMany:
      'So many at once usually have one cause: look first at the app’s webhook endpoint and its last deploy.',
  },
  'access-without-payment': {
    one: 'account with paid access that nothing pays for',
    many: 'accounts with paid access that nothing pays for',
    whatToDo: 'repair',
    note: `${nobodyLockedOut} An account that is meant to be free gets an exception.`,
  },
  'plan-too-low': {
    one: 'customer on a lower plan than paid for',
    many: 'customers on a lower plan than paid for',
    whatToDo: 'repair',
  },
  'plan-too-high': {
    one: 'account on a higher plan than paid for',
    many: 'accounts on a higher plan than paid for',
    whatToDo: 'repair',
    note: nobodyLockedOut,
  },
  'trial-cut-short': {
    one: 'trial that the app ends too early',
    many: 'trials that the app ends too early',
    whatToDo: 'repair',
  },
  'trial-overstayed': {
    one: 'trial that the app ends too late',
    many: 'trials that the app ends too late',
    whatToDo: 'repair',
  },
  'entitlement-missing': {
    one: 'feature missing that was paid for',
    many: 'features missing that were paid for',
    whatToDo: 'repair',
  },
  'entitlement-extra': {
    one: 'feature open that was not paid for',
    many: 'features open that were not paid for',
    whatToDo: 'repair',
    note: nobodyLockedOut,
  },
  'seats-short': {
    one: 'team with fewer seats than paid for',
    many: 'teams with fewer seats than paid for',
    whatToDo: 'repair',
  },
  'seats-over': {
    one: 'team with more seats than paid for',
    many: 'teams with more seats than paid for',
    whatToDo: 'Open the incident; sell the seats, or take them back.',
  },
  'payer-unmatched': {
    one: 'payer who matches no account',
    many: 'payers who match no account',
    whatToDo: 'Find the account of each payer and link the two; the incident names what they have in common.',
  },
  'payer-deleted-subject': {
    one: 'deleted account that is still billed',
    many: 'deleted accounts that are still billed',
    whatToDo: 'Cancel the subscription in Stripe, and decide on a refund.',
  },
  'customer-not-found': {
    one: 'account that points to a customer who does not exist',
    many: 'accounts that point to customers who do not exist',
    whatToDo: 'Correct the customer id in the app; the incident names the field.',
  },
  'customer-shared': {
    one: 'customer whom several accounts point to',
    many: 'customers whom several accounts point to',
    whatToDo: 'Decide whose customer it is, and correct the others.',
  },
  'customer-duplicate': {
    one: 'account that points to the wrong one of its customers',
    many: 'accounts that point to the wrong ones of their customers',
    whatToDo: 'Point the account to the customer who pays; the incident names both.',
  },
  'double-billing': {
    one: 'customer billed more than once for one plan',
    many: 'customers billed more than once for one plan',
    whatToDo: 'Cancel the subscription that is too many, and refund it.',
  },
  'price-unmapped': {
    one: 'price that the catalogue does not know',
    many: 'prices that the catalogue does not know',
    whatToDo: 'Say in the catalogue what the price buys. Until then nothing can be told of who pays it.',
  },
  'plan-unknown': {
    one: 'plan in the app that the catalogue does not know',
    many: 'plans in the app that the catalogue does not know',
    whatToDo: 'Add the plan to the catalogue, or correct what the app writes.',
  },
  'mode-mismatch': {
    one: 'id from another Stripe mode or account',
    many: 'ids from another Stripe mode or account',
    whatToDo: 'Look whether the app runs with a test key in production, or the other way round.',
  },
  'grants-disagree': {
    one: 'account of which two access sources disagree',
    many: 'accounts of which two access sources disagree',
    whatToDo: 'repair',
  },
  'grant-client-writable': {
    one: 'access field that anybody’s browser can write',
    many: 'access fields that anybody’s browser can write',
    whatToDo: 'Move the field to public_metadata: until then everybody can grant themselves access.',
  },
  'refund-review': {
    one: 'refund or dispute to decide on',
    many: 'refunds or disputes to decide on',
    whatToDo: 'Decide whether access stays. Nothing is taken away meanwhile.',
  },
  'source-unreadable': {
    one: 'source that cannot be read',
    many: 'sources that cannot be read',
    whatToDo: 'Test the connection on the page of sources. Until then the checks say nothing of this part.',
  },
  'mass-drift': {
    one: 'sign that one cause is behind many drifts',
    many: 'signs that one cause is behind many drifts',
    whatToDo: 'Look at the mapping and the catalogue before anything else. Repairs are held.',
  },
}

/**
 * @example
 * headlineOf('paid-without-access', 3) // '3 paying customers without access'
 */
export function headlineOf(kind: IncidentKind, count: number): string {
  const { one, many } = causeWords[kind]
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** From so many on, one cause is likelier than as many. */
const manyFrom = 5

/**
 * What whoever is told does first.
 *
 * @example
 * whatToDo('trial-cut-short', 1) // 'Open the incident, look at the proposed repair and approve it.'
 */
export function whatToDo(kind: IncidentKind, count: number): string {
  const { whatToDo: first, note, whenMany } = causeWords[kind]
  const act =
    first !== 'repair'
      ? first
      : count === 1
        ? 'Open the incident, look at the proposed repair and approve it.'
        : 'Open the incidents, look at the proposed repairs and approve them.'
  return [...(whenMany && count >= manyFrom ? [whenMany] : []), act, ...(note ? [note] : [])].join(' ')
}
