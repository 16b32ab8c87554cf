import { createHmac } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { makeOrganization, startTestApp, type TestApp } from '../testbed/test-app.ts'

let app: TestApp<never>
afterEach(() => app.close())
const secret = 'a probe secret of some length'

function question(subject: unknown, { key = secret, ago = 0 } = {}): Request {
  const body = JSON.stringify({ subject })
  const timestamp = Math.floor(app.clock.now().getTime() / 1000) - ago
  const v1 = createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')
  return new Request('https://app.example/api/probe', {
    method: 'POST',
    body,
    headers: { 'trueup-signature': `t=${timestamp},v1=${v1}` },
  })
}

it('a signed question is answered with what the gate says, and when it was read', async () => {
  app = await startTestApp<never>({ webhooks: false, options: { probeSecrets: ['another', secret] } })
  const subject = await makeOrganization(app)
  await app.billing.resync(subject)
  app.clock.advance(5_000)
  const response = await app.billing.probe(question(subject))
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toEqual({
    subject,
    access: { plan: 'free', paid: false, trialEndsAt: null, entitlements: ['export'], seats: null },
    reason: 'free',
    asOf: '2026-11-21T12:00:00.000Z',
    ageMs: 5_000,
  })
})

it('nobody else is told anything', async () => {
  app = await startTestApp<never>({ webhooks: false, options: { probeSecrets: [secret] } })
  const subject = { type: 'organization', id: 'org_1' }
  const status = async (request: Request, billing = app.billing) => (await billing.probe(request)).status
  expect(await status(question(subject, { key: 'guessed' }))).toBe(401)
  expect(await status(question(subject, { ago: 301 }))).toBe(401)
  expect(await status(new Request('https://app.example', { method: 'POST', body: '{}' }))).toBe(401)
  expect(await status(question({ type: 'robot', id: 'r2' }))).toBe(400)
  expect(await status(question(subject), app.another({ probeSecrets: [] }))).toBe(404)
})
