import type { Confidence, IncidentKind, Money, Severity } from '@trueup/core'
import { formatMoney } from '@trueup/core'
import { plainWords } from './plain-words.ts'

/** One of those that a message is about. */
export interface AlertExample {
  /** What is wrong, in one sentence, which may hold words of others. */
  readonly sentence: string
  readonly moneyAtRisk: Money | null
  readonly link: string
}

/** What probably broke, for those of a message that it is the cause of. */
export interface AlertCause {
  /** In one sentence, which may hold words of others. */
  readonly sentence: string
  readonly confidence: Confidence
  /** How many of those that the message tells of it is the cause of. */
  readonly count: number
}

/**
 * What people are told, before it takes the form of a medium. Words that somebody outside may have written stand in
 * `projectName`, in the sentences of `examples` and in that of `cause` alone; they are bounded here and escaped by each medium.
 */
export interface IncidentMessage {
  readonly what: 'opened' | 'resolved' | 'acknowledged'
  readonly projectName: string
  readonly severity: Severity
  readonly kind: IncidentKind
  /** How many incidents it tells of. */
  readonly count: number
  /** What is wrong, counted: `3 paying customers without access`. */
  readonly headline: string
  readonly hurts: 'customer' | 'business' | 'both'
  /** What a month of it comes to, by currency. */
  readonly moneyAtRisk: readonly Money[]
  /** How many of them come to no sum that could be named. */
  readonly withoutSum: number
  /** The dearest of them. */
  readonly examples: readonly AlertExample[]
  /** When the first of them opened. */
  readonly since: Date
  /** When this was put together. */
  readonly at: Date
  /** Of those told before, how many are still open. */
  readonly stillOpen: number
  readonly whatToDo: string
  /** The cause of most of them; `null`: none is worked out, or none is known. */
  readonly cause: AlertCause | null
  /** Where to go. */
  readonly link: string
  /** The course that it belongs to: the same from the first message about a cause to the last. */
  readonly episodeId: string
}

/** A message that tells of no incident: a test, or a word about the channels themselves. */
export interface NoticeMessage {
  readonly what: 'test' | 'notice'
  readonly projectName: string
  readonly headline: string
  readonly sentence: string
  readonly at: Date
  readonly link: string
}

export type AlertMessage = IncidentMessage | NoticeMessage

/** Whether a message tells of no incident. */
export function isNotice(message: AlertMessage): message is NoticeMessage {
  return message.what === 'test' || message.what === 'notice'
}

/** What an alert may show of words of others. */
export const longestSentence = 240
export const longestProjectName = 60
/** How many are named; the rest are counted. */
export const mostExamples = 5

/** The one line that a phone shows. */
export function titleOf(message: AlertMessage): string {
  const project = plainWords(message.projectName, longestProjectName)
  if (isNotice(message)) return `${message.headline} · ${project}`
  const state = message.what === 'opened' ? message.severity : message.what
  return `${capital(state)}: ${message.headline} · ${project}`
}

/**
 * Money for people: each currency by itself.
 *
 * @example
 * moneyWords([{ currency: 'usd', amount: 12500 }], 2) // '$125.00 a month, and 2 without a fixed sum'
 */
export function moneyWords(moneys: readonly Money[], withoutSum: number): string {
  if (moneys.length === 0) return withoutSum > 0 ? 'no fixed sum' : 'none'
  const sums = `${moneys.map(formatMoney).join(' + ')} a month`
  return withoutSum > 0 ? `${sums}, and ${withoutSum.toLocaleString('en-US')} without a fixed sum` : sums
}

/**
 * What probably broke, in words.
 *
 * @example
 * causeText({ sentence: 'It began after the deploy v2.', confidence: 'likely', count: 3 }, 5)
 * // 'It began after the deploy v2. That is likely for 3 of 5.'
 */
export function causeText({ sentence, confidence, count }: AlertCause, of: number): string {
  const whom = count < of ? ` for ${count.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}` : ''
  return `${sentence} That is ${confidence}${whom}.`
}

/** Who bears it, in words. */
export function hurtsWords(hurts: IncidentMessage['hurts']): string {
  switch (hurts) {
    case 'customer':
      return 'Customers miss what they paid for'
    case 'business':
      return 'Access is open that nobody pays for'
    case 'both':
      return 'Customers and the business'
  }
}

/**
 * How long something took, in its two largest units.
 *
 * @example
 * lengthWords(93_600_000) // '1 d 2 h'
 */
export function lengthWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`
  if (hours > 0) return rest > 0 ? `${hours} h ${rest} min` : `${hours} h`
  return `${rest} min`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
