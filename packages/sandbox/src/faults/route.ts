const idSegment = /^(?:[a-z]+_)+(?=[A-Za-z0-9]*[0-9A-Z])[A-Za-z0-9]+$/

/**
 * The route of a path: its object ids become `:id`, so that counts and limits are by operation.
 *
 * @example
 * routeOf('/v1/users/user_2abc/metadata') // '/v1/users/:id/metadata'
 */
export function routeOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (idSegment.test(segment) ? ':id' : segment))
    .join('/')
}

/**
 * A test for a pattern in which `*` stands for any text (slashes too) and `:name` for one segment.
 *
 * @example
 * pathMatcher('/v1/users/:id/metadata')('/v1/users/user_1/metadata') // true
 */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/:[A-Za-z_]+/g, '[^/]+')
  const expression = new RegExp(`^${source}$`)
  return (path) => expression.test(path)
}
