import { expect, test } from 'vitest'
import { Deliverer } from './deliver.ts'
import { deliveryRoutes } from './delivery-routes.ts'

function steered() {
  const sent: string[] = []
  const http: typeof fetch = async (_, init) => {
    sent.push(String(init?.body))
    return new Response(null, { status: 204 })
  }
  const deliverer = new Deliverer({ http })
  const app = deliveryRoutes(deliverer)
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await app.request(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: await response.json() }
  }
  const enqueue = (body: string) =>
    deliverer.enqueue({
      id: body,
      url: 'http://app.example',
      label: 'user.updated',
      body,
      headers: () => ({}),
    })
  return { call, enqueue, sent }
}

test('faults are set over HTTP, and strike', async () => {
  const { call, enqueue, sent } = steered()
  expect((await call('POST', '/faults', { kind: 'dropped', event: 'user.*', at: [1] })).status).toBe(201)
  enqueue('a')
  enqueue('b')
  expect(await call('POST', '/drain')).toEqual({ status: 200, json: { waiting: 0 } })
  expect(sent).toEqual(['b'])
  expect((await call('GET', '/faults')).json).toMatchObject({ faults: [{ seen: 2, struck: 1 }] })
  expect((await call('GET', '/')).json).toMatchObject({
    deliveries: [
      { id: 'a', state: 'dropped', faults: ['dropped'], attempts: [] },
      { id: 'b', state: 'delivered', attempts: [{ status: 204 }] },
    ],
  })
  expect((await call('DELETE', '/faults')).json).toEqual({ faults: [] })
  expect((await call('DELETE', '/')).json).toEqual({ deliveries: [] })
})

test.each([
  [{ kind: 'lost' }, 'kind'],
  [{ kind: 'late', delayMs: -1 }, 'delayMs'],
  [{ kind: 'reordered', places: 0 }, 'places'],
  [{ kind: 'dropped', rate: 2 }, 'rate'],
  [{ kind: 'doubled', events: 'user.*' }, 'events'],
])('%j is refused by name, and nothing is set', async (fault, field) => {
  const { call } = steered()
  const answer = await call('POST', '/faults', [{ kind: 'dropped' }, fault])
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({
    error: { code: 'invalid-input', message: expect.stringContaining(field) },
  })
  expect((await call('GET', '/faults')).json).toEqual({ faults: [] })
})
