/**
 * Where to go after signing in: a page of the dashboard, never another site that a link may name.
 *
 * @example
 * safeTarget('/projects/prj_1/incidents')   // the same
 * safeTarget('//evil.example')              // '/'
 */
export function safeTarget(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to)) return '/'
  try {
    const base = 'http://dashboard.invalid'
    const target = new URL(to, base)
    return target.origin === base ? target.pathname + target.search + target.hash : '/'
  } catch {
    return '/'
  }
}
