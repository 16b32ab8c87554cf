// The least that anybody does who takes webhooks: one signature and one insert, and an answer when it is committed.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import pg from 'pg'

const [databaseUrl = '', port = '0', secret = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
await pool.query('create table if not exists public.bare_event (id text primary key, payload text not null)')

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    const body = Buffer.concat(chunks)
    const [, timestamp, given] =
      /^t=(\d+),v1=(\w{64})$/.exec(String(request.headers['stripe-signature'])) ?? []
    const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
    if (!given || !timingSafeEqual(Buffer.from(given), Buffer.from(expected))) {
      response.writeHead(400).end()
      return
    }
    const text = body.toString()
    await pool.query('insert into public.bare_event (id, payload) values ($1, $2) on conflict do nothing', [
      JSON.parse(text).id,
      text,
    ])
    response.writeHead(200).end()
  })
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
