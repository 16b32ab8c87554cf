import { type SubjectType, subjectKey } from '@trueup/core'
import type { IncomingEvent, UnreadableEvent } from './event.ts'
import { idAt, objectAt, textAt } from './fields.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Messages that hold the codes and links by which people sign in: of these only the envelope is kept. */
const messages = /^(?:email|sms)\./

/**
 * Takes an event of Clerk apart. `messageId` is its `svix-id`, the only thing that is the same whenever it is delivered
 * (the body has no id). Only ids are read. `raw` is the text of `json`.
 */
export function readClerkEvent(
  json: unknown,
  raw: string,
  messageId: string,
): IncomingEvent | UnreadableEvent {
  const event = objectAt(json)
  const type = textAt(json, 'type')
  const data = objectAt(json, 'data')
  const timestamp = event?.timestamp
  if (textAt(json, 'object') !== 'event') return { unreadable: 'it is not an event of Clerk' }
  if (!type || !/^[\w.]{1,255}$/.test(type)) return { unreadable: 'it has no type' }
  if (!data) return { unreadable: 'it has no data' }
  if (typeof timestamp !== 'number' || Number.isNaN(new Date(timestamp).getTime())) {
    return { unreadable: 'it does not say when it was created' }
  }
  const subject = subjectOf(type, data)
  return {
    provider: 'clerk',
    eventId: messageId,
    type,
    createdAt: new Date(timestamp),
    livemode: null,
    account: idAt(json, 'instance_id'),
    objectId: idAt(data, 'id'),
    target: subject ? { kind: 'subject', id: subject } : null,
    noEffect: subject ? null : isActedOn(type) ? 'nobody-named' : 'type-not-acted-on',
    deletedSubject: /^(?:user|organization)\.deleted$/.test(type) ? subject : null,
    change: null,
    payload: messages.test(type)
      ? JSON.stringify({ object: 'event', type, timestamp, data: { id: textAt(data, 'id') } })
      : withoutSecrets(json, raw),
  }
}

const aboutData = /^(user|organization)\.\w+$/
const aboutMembership = /^organizationMembership\.\w+$/
const aboutPayer = /^(?:subscription|subscriptionItem|paymentAttempt)\.\w+$/

function isActedOn(type: string): boolean {
  return aboutData.test(type) || aboutMembership.test(type) || aboutPayer.test(type)
}

/** The subject that an event is about: a membership changes the seats of its organization. */
function subjectOf(type: string, data: object): string | null {
  const itself = aboutData.exec(type)?.[1]
  if (itself) return keyOf(itself === 'user' ? 'user' : 'organization', idAt(data, 'id'))
  if (aboutMembership.test(type)) return keyOf('organization', idAt(data, 'organization'))
  if (!aboutPayer.test(type)) return null
  const payer = objectAt(data, 'payer')
  return keyOf('organization', idAt(payer, 'organization_id')) ?? keyOf('user', idAt(payer, 'user_id'))
}

function keyOf(type: SubjectType, id: string | null): string | null {
  return id === null ? null : subjectKey({ type, id })
}
