import { z } from 'zod'

/** Says what was needed wherever a value does not fit; `shape-problems.ts` says the rest. */
function needs(needed: string) {
  return { error: needed }
}

/**
 * An object that takes these keys and no others. For a key that it does not know its message is the list of those
 * it does, so that the nearest can be named.
 */
function object<Shape extends z.ZodRawShape>(shape: Shape, needed: string) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? Object.keys(shape).join(knownKeysSeparator) : needed,
  })
}

export const knownKeysSeparator = ', '

const text = (needed: string) => z.string(needs(needed)).trim().min(1, needs(needed))
const list = <Item extends z.ZodType>(item: Item, needed: string) => z.array(item, needs(needed))
const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, needs(words.map((word) => `'${word}'`).join(' or ')))
const count = (needed: string) => z.int(needs(needed)).min(0, needs(needed))
const amount = (needed: string) => z.number(needs(needed)).min(0, needs(needed))

const path = text("a metadata path, such as 'public_metadata.plan'").optional()
const usersShape = { customerId: path, plan: path, premium: path, trialEndsAt: path, entitlements: path }

export const clerkSchema = object(
  {
    users: object(usersShape, 'an object of metadata paths').optional(),
    organizations: object({ ...usersShape, seats: path }, 'an object of metadata paths').optional(),
  },
  'an object with users, organizations or both',
)

const column = text("the name of a column, such as 'plan'")
const table = text("a table, such as 'users' or 'app.users'")
const tableShape = {
  table,
  key: column,
  subject: column.optional(),
  customerId: column.optional(),
  email: column.optional(),
  emailVerified: column.optional(),
  plan: column.optional(),
  premium: column.optional(),
  trialEndsAt: column.optional(),
  entitlements: z
    .union(
      [
        z.string().trim().min(1),
        z.strictObject({ table, subject: column, feature: column, enabled: column.optional() }),
      ],
      needs('a column, or { table, subject, feature } where each feature is a row'),
    )
    .optional(),
  deletedAt: column.optional(),
  updatedAt: column.optional(),
}
const members = object({ table, organization: column }, 'an object with table and organization').optional()
const name = z
  .string(needs(nameNeeded()))
  .regex(/^[a-z][a-z0-9-]{0,39}$/, needs(nameNeeded()))
  .optional()

function nameNeeded(): string {
  return "a name of small letters, digits and hyphens, such as 'app-database'"
}

const connectionShape = {
  name,
  url: z
    .string(needs(variableNeeded()))
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, needs(variableNeeded()))
    .optional(),
  ca: text('a certificate as PEM text').optional(),
  allowWriteRole: z.boolean(needs('true or false')).default(false),
}

/** One table, that of the users, beside the connection. */
export const shortPostgresSchema = object(
  { ...connectionShape, ...tableShape },
  'a table and its columns, or users, organizations or both with theirs',
)

export const postgresSchema = object(
  {
    ...connectionShape,
    users: object(tableShape, 'a table and its columns').optional(),
    organizations: object(
      { ...tableShape, seats: column.optional(), members },
      'a table and its columns',
    ).optional(),
  },
  'a table and its columns, or users, organizations or both with theirs',
)

/** A connection string holds a password, and the configuration is a file that is shared. */
function variableNeeded(): string {
  return 'the name of the environment variable that holds the connection string, such as ACCESS_DATABASE_URL'
}

function hoursNeeded(): string {
  return 'a number of hours, more than 0'
}

const pushedFields = ['plan', 'premium', 'trialEndsAt', 'entitlements'] as const
const pushedNeeded = "what is pushed, such as ['plan', 'premium']"
export const pushedSchema = object(
  {
    name,
    staleAfterHours: z.number(needs(hoursNeeded())).positive(needs(hoursNeeded())).default(36),
    users: list(oneOf(...pushedFields), pushedNeeded)
      .min(1, needs(pushedNeeded))
      .optional(),
    organizations: list(oneOf(...pushedFields, 'seats'), pushedNeeded)
      .min(1, needs(pushedNeeded))
      .optional(),
  },
  "an object such as { users: ['plan', 'premium'] }",
)

function requestsNeeded(): string {
  return 'a whole number of requests a day, 1 or more'
}

const stripeBilling = object(
  {
    entitlements: z.boolean(needs('true or false')).default(false),
    requestsPerDay: z.int(needs(requestsNeeded())).min(1, needs(requestsNeeded())).nullable().default(null),
  },
  '{} or { entitlements: true }',
)
const clerkBilling = object(
  { features: z.boolean(needs('true or false')).default(false) },
  '{} or { features: true }',
)

export const billingSchema = object(
  { stripe: stripeBilling.optional(), clerkBilling: clerkBilling.optional() },
  '{ stripe: {} } or { clerkBilling: {} }',
)

const selectors = list(
  text('a price id or a lookup key as text'),
  "a list of price ids or lookup keys, such as ['price_1', 'lookup:pro_yearly']",
).default([])
const products = list(text('a product id as text'), "a list of product ids, such as ['prod_1']").default([])
const features = list(text('the name of a feature as text'), "a list of features, such as ['reports']")
const id = text("an id of your choice, such as 'pro'")

const planSchema = object(
  {
    id,
    prices: selectors,
    products,
    lifetime: selectors,
    values: list(text('a name of the plan as text'), "a list of names, such as ['pro', 'premium']").default(
      [],
    ),
    entitlements: features.default([]),
    seats: z
      .union(
        [z.int().min(0), z.literal('quantity')],
        needs("a whole number of seats, 0 or more, or 'quantity'"),
      )
      .nullable()
      .default(null),
  },
  "a plan, such as { id: 'pro', prices: ['price_1'] }",
)
const addOnSchema = object(
  { id, prices: selectors, products, lifetime: selectors, entitlements: features },
  "an add-on, such as { id: 'reports', prices: ['price_7'], entitlements: ['reports'] }",
)
const seatPackSchema = object(
  {
    id,
    prices: selectors,
    products,
    seatsEach: z
      .int(needs('a whole number of seats, 1 or more'))
      .min(1, needs('a whole number of seats, 1 or more')),
  },
  "a seat pack, such as { id: 'seats', prices: ['price_8'], seatsEach: 1 }",
)

export const catalogueSchema = object(
  {
    plans: list(planSchema, 'a list of plans, lowest first'),
    addOns: list(addOnSchema, 'a list of add-ons').default([]),
    seatPacks: list(seatPackSchema, 'a list of seat packs').default([]),
  },
  '{ plans: [...] }',
)

export const matchSchema = list(
  text("a match rule, such as 'customer.metadata.user_id'"),
  "a list of match rules, such as ['customer.id']",
)

const brakeLimit = count('a whole number of subjects, 0 or more').nullable().optional()

export const policySchema = object(
  {
    pastDue: object(
      {
        mode: oneOf('keep', 'tolerate', 'drop').optional(),
        days: amount('a number of days, 0 or more').optional(),
      },
      "an object such as { mode: 'tolerate', days: 14 }",
    ).optional(),
    unpaid: oneOf('nothing', 'as-past-due').optional(),
    pausedCollection: oneOf('keep', 'tolerate', 'drop').optional(),
    refunded: oneOf('review', 'drop', 'keep').optional(),
    settleMinutes: amount('a number of minutes, 0 or more').optional(),
    trialToleranceHours: amount('a number of hours, 0 or more').optional(),
    brake: object(
      { hold: brakeLimit, collapse: brakeLimit },
      'an object with hold, collapse or both',
    ).optional(),
  },
  'an object of policies',
)

const date = z
  .custom<string | Date>(
    (value) => typeof value === 'string' || value instanceof Date,
    needs("an ISO 8601 date, such as '2027-01-01'"),
  )
  .optional()

const exceptionSchema = object(
  {
    subject: text("the subject's id, such as 'user_1'"),
    allowed: object(
      {
        plan: text('the id of a plan').optional(),
        paid: z.boolean(needs('true or false')).optional(),
        trialEndsAt: date,
        entitlements: z
          .union(
            [z.array(z.string().trim().min(1)), z.literal('every')],
            needs("a list of features, or 'every'"),
          )
          .optional(),
        seats: z
          .union([z.int().min(0), z.literal('unlimited')], needs("a whole number of seats, or 'unlimited'"))
          .optional(),
      },
      "what is allowed, such as { plan: 'pro' }",
    ),
    reason: text('why this account is an exception'),
    author: text('who decided it').optional(),
    until: date,
  },
  "an exception, such as { subject: 'user_1', allowed: { plan: 'pro' }, reason: 'partner' }",
)
export const exceptionsSchema = list(exceptionSchema, 'a list of exceptions')

/** The keys of the whole; each part has a schema of its own, so that one that is wrong does not hide the others. */
export const configSchema = object(
  {
    billing: z.unknown().optional(),
    access: z.unknown().optional(),
    catalogue: z.unknown().optional(),
    match: z.unknown().optional(),
    policy: z.unknown().optional(),
    exceptions: z.unknown().optional(),
  },
  'an object with billing, access and catalogue',
)
