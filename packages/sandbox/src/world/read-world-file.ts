import { readFile } from 'node:fs/promises'
import { SandboxError } from '../server/sandbox-error.ts'
import { addIntervals, day, periodAround } from '../stripe/engine/calendar.ts'
import { coupons, intervalOf, type PriceName, prices } from './catalogue.ts'
import { FileFields } from './file-fields.ts'
import { driftKinds, type Label, type LabelComponent } from './label.ts'
import type {
  CustomerLife,
  Line,
  OrganizationLife,
  PurchaseLife,
  SubscriptionLife,
  UserLife,
} from './life.ts'
import { beginWorld, type World, type WorldFrame, type WorldInTheMaking } from './world.ts'

const statuses = [
  'active',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const
const reversals = ['refunded', 'partly-refunded', 'dispute-open', 'dispute-lost', 'dispute-won'] as const
const invoiceStatuses = ['paid', 'open', 'draft', 'void', 'uncollectible'] as const
const priceNames = Object.keys(prices) as PriceName[]
const couponIds = coupons.map(({ id }) => id)

/** The state of the latest invoice that a status usually goes with. */
const usualInvoice = {
  active: 'paid',
  trialing: 'paid',
  canceled: 'paid',
  paused: 'paid',
  past_due: 'open',
  incomplete: 'open',
  incomplete_expired: 'void',
  unpaid: 'draft',
} as const satisfies Record<(typeof statuses)[number], (typeof invoiceStatuses)[number]>

/**
 * Makes a world from a file in the short notation of the README. `now` in the file, where there is one, is the moment
 * the world is seen at.
 *
 * @throws SandboxError `invalid-input` when the file cannot be read, is not JSON, or says something that means nothing;
 *   the message names the place.
 */
export async function readWorldFile(path: string, frame: WorldFrame): Promise<World> {
  return buildWorld(parse(await read(path), path), frame)
}

/** As {@link readWorldFile}, from a value that was read already. */
export function buildWorld(value: unknown, frame: WorldFrame): World {
  const givenNow = new FileFields(value, 'world', 0).text('now')
  const now = givenNow === undefined ? frame.now : new Date(givenNow)
  if (Number.isNaN(now.getTime())) {
    throw new SandboxError(
      'invalid-input',
      `world.now is ${JSON.stringify(givenNow)}; needed: a moment such as 2026-11-21T12:00:00Z`,
      'Correct world.now, or leave it out.',
    )
  }
  if (frame.access !== undefined && frame.access !== 'clerk') {
    throw new SandboxError(
      'invalid-input',
      `a world file says what is in Clerk; access is '${frame.access}'`,
      "Make a world with a database by name: 'demo' or 'saas'.",
    )
  }
  const world = beginWorld({ ...frame, now })
  const file = new FileFields(value, 'world', world.now)
  file.text('now')
  const customers = file.list('customers', (fields) => readCustomer(fields, world))
  const users = file.list('users', (fields) => readUser(fields, world))
  const organizations = file.list('organizations', (fields) => readOrganization(fields, world))
  const drifts = file.list('drifts', readLabel)
  file.end()
  const userIds = new Set(users.map(({ id }) => id))
  for (const { id, adminId } of organizations) {
    if (adminId === null || userIds.has(adminId)) continue
    throw new SandboxError(
      'invalid-input',
      `the organization ${id} has the admin ${adminId}, who is not among the users`,
      'Add the user, or leave the admin out.',
    )
  }
  world.add({ customers, subjects: [...users, ...organizations], drifts })
  return world.finish()
}

function readCustomer(fields: FileFields, world: WorldInTheMaking): CustomerLife {
  const createdAt = fields.moment('created') ?? world.now - 60 * day
  return {
    id: fields.text('id') ?? world.ids.stripe('cus'),
    name: fields.text('name') ?? null,
    email: fields.text('email') ?? null,
    createdAt,
    metadata: fields.texts('metadata'),
    where: fields.oneOf('where', ['here', 'deleted', 'other-mode'] as const) ?? 'here',
    subscriptions: fields.list('subscriptions', (each, place) => readSubscription(each, place, world)),
    purchases: fields.list('purchases', (each, place) => readPurchase(each, place, world)),
  }
}

function readSubscription(fields: FileFields, where: string, world: WorldInTheMaking): SubscriptionLife {
  const lines = readLines(fields, where)
  const interval = intervalOf(lines[0].price)
  const status = fields.oneOf('status', statuses) ?? 'active'
  const startedAt = fields.moment('started') ?? world.now - 45 * day
  const endedAt = fields.moment('ended')
  const trialEnd = fields.moment('trialEnds')
  const around =
    trialEnd !== undefined && trialEnd > (endedAt ?? world.now)
      ? { start: startedAt, end: trialEnd }
      : periodAround((endedAt ?? world.now) - 1, startedAt, interval)
  const periodStart = fields.moment('periodStart') ?? around.start
  const periodEnd =
    fields.moment('periodEnd') ??
    (fields.has('periodStart') ? addIntervals(periodStart, interval, 1) : around.end)
  const cancels = fields.part('cancels', (part) => ({
    by: part.oneOf('by', ['flag', 'date'] as const) ?? ('date' as const),
    at: part.moment('at') ?? periodEnd,
    askedAt: part.moment('asked') ?? periodStart,
  }))
  const pausedCollection = fields.part('pausedCollection', (part) => ({
    since: part.moment('since') ?? periodStart,
    resumesAt: part.moment('resumes') ?? null,
  }))
  const invoiceStatus = fields.oneOf('invoice', invoiceStatuses) ?? usualInvoice[status]
  const isSentByMail = fields.flag('sentByMail') === true
  const reversal = fields.oneOf('reversal', reversals)
  const coupon = fields.oneOf('coupon', couponIds)
  const billing = fields.oneOf('billing', ['classic', 'flexible'] as const)
  const later = fields.oneOf('later', priceNames)
  return {
    id: fields.text('id') ?? world.ids.stripe('sub'),
    status,
    lines,
    startedAt,
    periodStart,
    periodEnd,
    invoice: { status: invoiceStatus, ...(isSentByMail ? { sentByMail: true as const } : {}) },
    metadata: fields.texts('metadata'),
    ...(trialEnd === undefined ? {} : { trial: { start: startedAt, end: trialEnd } }),
    ...(cancels === undefined ? {} : { cancels }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(pausedCollection === undefined ? {} : { pausedCollection }),
    ...(reversal === undefined ? {} : { reversal }),
    ...(coupon === undefined ? {} : { coupon }),
    ...(billing === 'classic' ? { billing } : {}),
    ...(later === undefined ? {} : { later }),
  }
}

/** Either `lines`, or one line's `price` and `quantity` beside the rest. */
function readLines(fields: FileFields, where: string): readonly [Line, ...Line[]] {
  const one = readLine(fields)
  const [first, ...others] = fields.list('lines', (each, place) => readLine(each) ?? noPrice(place))
  if (one !== null && first === undefined) return [one]
  if (one === null && first !== undefined) return [first, ...others]
  return noPrice(where)
}

function readLine(fields: FileFields): Line | null {
  const price = fields.oneOf('price', priceNames)
  const quantity = fields.whole('quantity', 0)
  if (price === undefined) return null
  return quantity === undefined ? { price } : { price, quantity }
}

function noPrice(where: string): never {
  throw new SandboxError(
    'invalid-input',
    `${where} needs either a price or lines with a price each`,
    `Name one of ${priceNames.join(', ')}.`,
  )
}

function readPurchase(fields: FileFields, where: string, world: WorldInTheMaking): PurchaseLife {
  const reversal = fields.oneOf('reversal', reversals)
  return {
    id: fields.text('id') ?? world.ids.stripe('cs'),
    price: fields.oneOf('price', priceNames) ?? noPrice(where),
    paidAt: fields.moment('paid') ?? world.now - 30 * day,
    ...(reversal === undefined ? {} : { reversal }),
  }
}

function readUser(fields: FileFields, world: WorldInTheMaking): UserLife {
  const createdAt = fields.moment('created') ?? world.now - 61 * day
  const [first, ...rest] = (fields.text('name') ?? '').split(' ')
  const publicMetadata = fields.free('public')
  return {
    type: 'user',
    id: fields.text('id') ?? world.ids.clerk('user'),
    firstName: first || null,
    lastName: rest.join(' ') || null,
    email: fields.text('email') ?? null,
    pointsTo: textAt(publicMetadata, 'stripe_customer_id'),
    createdAt,
    updatedAt: fields.moment('updated') ?? createdAt,
    publicMetadata,
    privateMetadata: fields.free('private'),
    unsafeMetadata: fields.free('unsafe'),
  }
}

function readOrganization(fields: FileFields, world: WorldInTheMaking): OrganizationLife {
  const createdAt = fields.moment('created') ?? world.now - 61 * day
  const id = fields.text('id') ?? world.ids.clerk('org')
  const name = fields.text('name') ?? id
  const privateMetadata = fields.free('private')
  return {
    type: 'organization',
    id,
    name,
    slug: fields.text('slug') ?? name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    pointsTo: textAt(privateMetadata, 'stripe_customer_id'),
    createdAt,
    updatedAt: fields.moment('updated') ?? createdAt,
    publicMetadata: fields.free('public'),
    privateMetadata,
    seats: fields.whole('seats', 0) ?? 5,
    adminId: fields.text('admin') ?? null,
  }
}

function textAt(metadata: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = metadata[key]
  return typeof value === 'string' ? value : null
}

/** The truth that the author of a file knows, in the form in which made-up worlds say it. */
function readLabel(fields: FileFields, where: string): Label {
  const subject = fields.part('subject', (part) => ({
    type: part.oneOf('type', ['user', 'organization'] as const) ?? ('user' as const),
    id: needed(part.text('id'), `${where}.subject.id`),
  }))
  return {
    kind: needed(fields.oneOf('kind', driftKinds), `${where}.kind`),
    subject: subject ?? null,
    customer: fields.text('customer') ?? null,
    component: readComponent(needed(fields.text('component'), `${where}.component`), where),
    on: needed(fields.text('on'), `${where}.on`),
    story: fields.text('story') ?? '',
  }
}

const components = [
  'paid',
  'plan',
  'trialEndsAt',
  'seats',
  'customer',
  'subscription',
  'price',
  'plan-value',
  'refund',
] as const

function readComponent(text: string, where: string): LabelComponent {
  const known = components.find((component) => component === text)
  if (known !== undefined) return known
  if (text.startsWith('entitlement:')) return `entitlement:${text.slice('entitlement:'.length)}`
  throw new SandboxError(
    'invalid-input',
    `${where}.component is "${text}"`,
    `Give one of ${components.join(', ')}, or entitlement: and a feature.`,
  )
}

function needed<T>(value: T | undefined, where: string): T {
  if (value !== undefined) return value
  throw new SandboxError('invalid-input', `${where} is missing`, `Give ${where}.`)
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new SandboxError(
      'invalid-input',
      `the world ${path} is none of demo, saas and empty, and cannot be read as a file`,
      'Name one of those worlds, or a JSON file that exists.',
      { cause },
    )
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SandboxError('invalid-input', `the world ${path} is not JSON`, 'Correct the file.', { cause })
  }
}
