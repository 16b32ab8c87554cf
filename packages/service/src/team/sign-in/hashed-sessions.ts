import { createHash } from 'node:crypto'
import type { DBAdapter, Where } from 'better-auth/adapters'

/**
 * The sign-in library's way to its tables, with the tokens of sessions hashed on their way in. The library keeps them as
 * they are in the cookie; whoever reads our database, or a backup of it, shall not be able to be somebody.
 *
 * A row comes back with its token where the library had named it, and with the hash where it had not: nothing that we
 * use of it lists sessions and then names one by its token.
 */
export function hashSessions(inner: DBAdapter): DBAdapter {
  return {
    ...inner,
    create: async <T extends Record<string, unknown>, R = T>(request: CreateRequest<T>): Promise<R> => {
      if (!isSession(request)) return await inner.create<T, R>(request)
      const { data } = request
      return withToken(await inner.create<T, R>({ ...request, data: hashedIn(data) }), tokenIn(data))
    },
    findOne: async (request) => named(request, await inner.findOne(hashedWhere(request))),
    findMany: async (request) => await inner.findMany(hashedWhere(request)),
    count: async (request) => await inner.count(hashedWhere(request)),
    update: async (request) => named(request, await inner.update(hashedUpdate(hashedWhere(request)))),
    updateMany: async (request) => await inner.updateMany(hashedUpdate(hashedWhere(request))),
    delete: async (request) => await inner.delete(hashedWhere(request)),
    deleteMany: async (request) => await inner.deleteMany(hashedWhere(request)),
    consumeOne: async (request) => named(request, await inner.consumeOne(hashedWhere(request))),
    incrementOne: async (request) => named(request, await inner.incrementOne(hashedWhere(request))),
    transaction: async (work) =>
      await inner.transaction(async (tx) => {
        // What it is handed has no transaction of its own; the library does not open one in another.
        const { transaction: _, ...hashed } = hashSessions({ ...tx, transaction: inner.transaction })
        return await work(hashed)
      }),
  }
}

interface CreateRequest<T> {
  readonly model: string
  readonly data: Omit<T, 'id'>
  readonly select?: string[] | undefined
  readonly forceAllowId?: boolean | undefined
}

/** A session's token as it is kept. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

interface Request {
  readonly model: string
  readonly where?: Where[] | undefined
}

function isSession({ model }: { readonly model: string }): boolean {
  return model === 'session'
}

function hashedWhere<R extends Request>(request: R): R {
  if (!isSession(request) || !request.where) return request
  return { ...request, where: request.where.map(hashedCondition) }
}

function hashedCondition(condition: Where): Where {
  if (condition.field !== 'token') return condition
  const { value } = condition
  if (typeof value === 'string') return { ...condition, value: hashOfToken(value) }
  if (Array.isArray(value)) return { ...condition, value: value.map((token) => hashOfToken(String(token))) }
  throw new Error('A session is looked for by a token that is no text.')
}

function hashedUpdate<R extends Request & { update: Record<string, unknown> }>(request: R): R {
  return isSession(request) ? { ...request, update: hashedIn(request.update) } : request
}

function hashedIn<T extends object>(data: T): T {
  const token = tokenIn(data)
  return token === null ? data : { ...data, token: hashOfToken(token) }
}

function tokenIn(data: object): string | null {
  return 'token' in data && typeof data.token === 'string' ? data.token : null
}

function named<Row>(request: Request, row: Row): Row {
  if (!isSession(request)) return row
  const named = request.where?.find(
    ({ field, operator }) => field === 'token' && (operator ?? 'eq') === 'eq',
  )?.value
  return withToken(row, named)
}

function withToken<Row>(row: Row, token: unknown): Row {
  if (typeof row !== 'object' || row === null || typeof token !== 'string') return row
  return { ...row, token }
}
