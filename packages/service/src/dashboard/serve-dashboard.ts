import type { Context } from 'hono'
import { Hono } from 'hono'
import { policyRows } from '../http/policy.ts'
import type { DashboardFile, DashboardFiles } from './load-dashboard.ts'

/** What the pages may do: load their own files and ask their own service, and nothing else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const headersOfAll = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/** The first parts of the addresses that pages have. Their ids may hold dots, so no ending tells a page from a file. */
const pages = new Set([
  '',
  'sign-in',
  'sign-up',
  'invite',
  'reset-password',
  'first-run',
  'settings',
  'projects',
  'workspaces',
])

/** Addresses of the API outside `/api`. */
const addressesOfApi = new Set(
  Object.keys(policyRows)
    .map((key) => key.slice(key.indexOf(' ') + 1))
    .filter((path) => !path.startsWith('/api/')),
)

/**
 * Serves the dashboard: its files, and its one page at every address that a page has. What belongs to the API goes on
 * to what is mounted after it.
 */
export function serveDashboard(files: DashboardFiles): Hono {
  const app = new Hono()
  const index = files.get('/index.html')
  if (!index) throw new Error('The dashboard has no index.html.')
  app.on(['GET', 'HEAD'], '*', async (context, next) => {
    const { path } = context.req
    if (path === '/api' || path.startsWith('/api/') || addressesOfApi.has(path)) return await next()
    const file = path === '/index.html' ? undefined : files.get(path)
    if (file) return send(context, file, 200)
    const [, first = ''] = path.split('/')
    if (pages.has(first)) return send(context, index, 200)
    if (first !== 'assets' && accepts(context, 'text/html')) return send(context, index, 404)
    return await next()
  })
  return app
}

function send(context: Context, file: DashboardFile, status: 200 | 404): Response {
  const headers = {
    ...headersOfAll,
    'Cache-Control': file.isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: file.etag,
    Vary: 'Accept-Encoding',
  }
  if (status === 200 && context.req.header('if-none-match')?.includes(file.etag)) {
    return new Response(null, { status: 304, headers })
  }
  const [encoding, body] = encoded(context.req.header('accept-encoding') ?? '', file)
  return new Response(context.req.method === 'HEAD' ? null : new Uint8Array(body), {
    status,
    headers: {
      ...headers,
      'Content-Type': file.type,
      'Content-Length': String(body.byteLength),
      ...(encoding ? { 'Content-Encoding': encoding } : {}),
    },
  })
}

/** The smallest form that is taken. */
function encoded(accepted: string, { bodies }: DashboardFile): readonly [string | null, Buffer] {
  const names = accepted
    .split(',')
    .map((part) => part.trim().split(';'))
    .filter(([, quality]) => !/^\s*q=0(?:\.0*)?$/.test(quality ?? ''))
    .map(([name = '']) => name)
  if (bodies.br && names.includes('br')) return ['br', bodies.br]
  if (bodies.gzip && names.includes('gzip')) return ['gzip', bodies.gzip]
  return [null, bodies.identity]
}

function accepts(context: Context, type: string): boolean {
  return context.req.header('accept')?.includes(type) ?? false
}
