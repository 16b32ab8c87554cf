import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDashboard } from './load-dashboard.ts'
import { serveDashboard } from './serve-dashboard.ts'

const page = '<!doctype html><title>Trueup</title><script type="module" src="/assets/index-a1.js"></script>'
const script = 'export const answer = 42\n'.repeat(100)
const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

describe('the dashboard as it is served', () => {
  let folder: string
  let app: Hono
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trueup-dashboard-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, '.built-from'), 'a digest')
    await writeFile(join(folder, 'index.html'), page)
    await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await writeFile(join(folder, 'assets/index-a1.js'), script)
    await writeFile(join(folder, 'assets/index-a1.js.br'), brotliCompressSync(script))
    await writeFile(join(folder, 'assets/index-a1.js.gz'), gzipSync(script))
    const after = new Hono().all('*', (context) => context.json({ from: 'the API' }, 404))
    app = new Hono().route('/', serveDashboard(await loadDashboard(folder))).route('/', after)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each([
    '/',
    '/sign-in',
    '/sign-up',
    '/invite',
    '/reset-password',
    '/first-run',
    '/settings',
    '/projects/prj_1/overview',
    '/projects/prj_1/customers/user:ada@example.com',
    '/projects/prj_1/customers/..%2f..%2fetc%2fpasswd',
    '/workspaces/ws_1/members',
  ])('%s is an address of its one page, for whoever asks', async (path) => {
    const answer = await ask(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await answer.text()).toBe(page)
  })

  test.each(['/api', '/api/v1/me', '/api/nothing', '/healthz', '/readyz', '/metrics'])(
    '%s is for the API, for a browser too',
    async (path) => {
      expect(await (await ask(path, asBrowser)).json()).toEqual({ from: 'the API' })
    },
  )

  test.each([
    '/assets/index-b2.js',
    '/assets/',
    '/assets/../index.html.br',
    '/.built-from',
    '/index-a1.js.br',
    '/assets/index-a1.js.br',
    '/index.html',
    '/wp-login.php',
  ])('%s is nothing that it has', async (path) => {
    const answer = await ask(path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({ from: 'the API' })
  })

  test('a script that is not there is no page, for a browser neither: it would fail to run as one', async () => {
    const answer = await ask('/assets/index-b2.js', asBrowser)
    expect(answer.headers.get('content-type')).toMatch(/json/)
  })

  test('a browser that asks for an address that no page has gets the page that says so, as not found', async () => {
    const answer = await ask('/nothing', asBrowser)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toBe(page)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('it answers no %s', async (method) => {
    expect(await (await ask('/sign-in', asBrowser, method)).json()).toEqual({ from: 'the API' })
  })

  test('HEAD tells of a file what GET would, without it', async () => {
    const [head, get] = await Promise.all([ask('/sign-in', {}, 'HEAD'), ask('/sign-in')])
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers))
    expect(await head.text()).toBe('')
  })

  test.each(['/', '/sign-in', '/favicon.svg', '/assets/index-a1.js'])(
    '%s may load its own files and ask its own service, and nothing else',
    async (path) => {
      const { headers } = await ask(path, asBrowser)
      const rules = Object.fromEntries(
        (headers.get('content-security-policy') ?? '').split('; ').map((rule) => {
          const [name = '', ...values] = rule.split(' ')
          return [name, values.join(' ')]
        }),
      )
      expect(rules).toEqual({
        'default-src': "'none'",
        'script-src': "'self'",
        'style-src': "'self'",
        'img-src': "'self'",
        'connect-src': "'self'",
        'base-uri': "'none'",
        'form-action': "'self'",
        'frame-ancestors': "'none'",
      })
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    },
  )

  test('a file that is named by its content is kept for good; the page is asked for each time', async () => {
    expect((await ask('/assets/index-a1.js')).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    )
    for (const path of ['/', '/favicon.svg']) {
      const answer = await ask(path)
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      const again = await ask(path, { 'if-none-match': answer.headers.get('etag') ?? '' })
      expect(again.status).toBe(304)
      expect(await again.text()).toBe('')
    }
  })

  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', null],
    ['', null],
    ['brotli', null],
  ])('whoever takes %j gets %s', async (accepted, encoding) => {
    const answer = await ask('/assets/index-a1.js', { 'accept-encoding': accepted })
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    expect(answer.headers.get('vary')).toBe('Accept-Encoding')
    const body = Buffer.from(await answer.arrayBuffer())
    expect(answer.headers.get('content-length')).toBe(String(body.byteLength))
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }
    expect((encoding ? unpack[encoding as 'br' | 'gzip'](body) : body).toString()).toBe(script)
  })

  test('a file of a type that nobody decided on keeps the service from starting', async () => {
    const odd = await mkdtemp(join(tmpdir(), 'trueup-dashboard-'))
    await writeFile(join(odd, 'index.html'), page)
    await writeFile(join(odd, 'data.bin'), 'x')
    await expect(loadDashboard(odd)).rejects.toThrow(/data\.bin/)
    await rm(odd, { recursive: true })
  })
})
