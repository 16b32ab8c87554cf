import type { CauseKind } from './cause.ts'

/** How a cause is said: what it is, and the one thing that ends it for all whom it touches. */
interface CauseWords {
  readonly sentence: (on: string) => string
  readonly fix: string
}

const words: Readonly<Record<CauseKind, CauseWords>> = {
  'price-without-mapping': {
    sentence: (on) => `The price ${on} is sold, and the catalogue does not say what it buys.`,
    fix: 'Say in the catalogue what the price buys, and check again. Nothing has to be changed for each customer.',
  },
  'config-change': {
    sentence: (on) => `The configuration changed: ${on}.`,
    fix: 'Compare this version of the configuration with the one before, and correct or revert it. Then check again before anything is repaired.',
  },
  'event-not-delivered': {
    sentence: (on) => `Stripe could not deliver events to an endpoint of the app on ${on}.`,
    fix: 'Look at the endpoint in Stripe, mend it, and have Stripe resend the events of that day. Repair what is left.',
  },
  deploy: {
    sentence: (on) => `It began after the deploy ${on.replace(/ of (\S+)T(\S+)Z$/, ' on $1 at $2 UTC')}.`,
    fix: 'Look at what the deploy changed in webhooks and access, and take it back or mend it. Then repair the rows together.',
  },
  'event-applied-late': {
    sentence: (on) => `On ${on} the app applied an older event after a newer one.`,
    fix: 'Have the webhook handler read the live subscription when an event arrives, and not write what the event holds. Then repair the rows.',
  },
  'event-without-effect': {
    sentence: (on) => `On ${on} events were delivered to the app, and it stayed as it was.`,
    fix: 'Look at the log of the webhook handler for these events: it answered with success and changed nothing. Then repair the rows together.',
  },
  'manual-edit': {
    sentence: (on) =>
      `Records of the app were changed by hand in ${on.replace(/ (\S+)T(\d\d)h$/, ' on $1 after $2:00 UTC')}.`,
    fix: 'Ask who changed the records. What is meant to stay gets an exception; repair the rest.',
  },
  'dashboard-change': {
    sentence: (on) => `Something was changed in Stripe by hand on ${on}.`,
    fix: 'Look at the event in Stripe for who asked for it. Where the app cannot follow such changes, make them through the app.',
  },
  unknown: {
    sentence: () => 'What was found does not say what it was.',
    fix: 'Look at the evidence of each incident by itself. Marking deploys and taking in webhooks lets more be told.',
  },
}

/**
 * @param on as `Cause.on`
 * @example
 * causeSentence('price-without-mapping', 'price_1') // 'The price price_1 is sold, and ...'
 */
export function causeSentence(kind: CauseKind, on: string): string {
  return words[kind].sentence(on)
}

/** The one thing to do about a cause, whomever it touches. */
export function causeFix(kind: CauseKind): string {
  return words[kind].fix
}
