import { get } from 'node:http'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { listen } from './listen.ts'

test('a port that is taken is said to be taken', async () => {
  const first = await listen(new Hono())
  await expect(listen(new Hono(), { port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await first.close()
})

test('closing lets a running request finish, then frees the port', async () => {
  let release: () => void = () => undefined
  let arrived: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const app = new Hono().get('/', async (c) => {
    arrived()
    await released
    return c.text('done')
  })
  const server = await listen(app, { graceMs: 60_000 })
  const answer = fetch(server.url).then((response) => response.text())
  await hasArrived
  const closed = server.close()
  release()
  expect(await answer).toBe('done')
  await closed
  const again = await listen(app, { port: server.port })
  await again.close()
})

test('closing cuts a request that does not end within the grace', async () => {
  let arrived: () => void = () => undefined
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const app = new Hono().get('/', () => {
    arrived()
    return new Promise<Response>(() => undefined)
  })
  const server = await listen(app, { graceMs: 1 })
  const outcome = new Promise<string>((resolve) => {
    get(server.url, () => resolve('answered')).on('error', ({ message }) => resolve(message))
  })
  await hasArrived
  await server.close()
  expect(await outcome).toMatch(/hang up|reset/i)
})

test('an IPv6 host gets brackets in its address', async () => {
  const server = await listen(
    new Hono().get('/', (c) => c.text('here')),
    { host: '::1' },
  )
  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect(await (await fetch(server.url)).text()).toBe('here')
  await server.close()
})
