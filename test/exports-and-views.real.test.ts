import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCsv } from '../packages/service/src/export/read-csv-in-tests.ts'
import type { CheckedProject } from './support/checked-project.ts'
import { openCheckedProject } from './support/checked-project.ts'
import type { ApiClient } from './support/service.ts'

let world: CheckedProject
let viewer: ApiClient
beforeAll(async () => {
  world = await openCheckedProject({ world: 'saas', customers: 60, drift: 0.3, seed: 7 })
  viewer = await world.invited('vera', 'viewer')
})
afterAll(() => world?.close())

/** Every row of a list, page by page. */
async function listed(list: string, query = ''): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Record<string, unknown>[] = []
  for (let after = ''; ; ) {
    const page = await viewer.do(world.at(`GET /${list}?limit=7${query}${after}`))
    items.push(...page.items)
    if (page.next === null) return items
    after = `&after=${encodeURIComponent(page.next)}`
  }
}

const jsonLines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('a list taken away by a viewer', () => {
  for (const list of ['incidents', 'customers', 'repairs', 'checks', 'events']) {
    test(`holds as JSON lines what the list of ${list} shows`, async () => {
      const { headers, body } = await viewer.ask<string>(world.at(`GET /${list}/export?format=jsonl`))
      expect(headers.get('content-type')).toBe('application/jsonl')
      expect(jsonLines(body)).toEqual(await listed(list))
    })

    test(`has as CSV a line for each of the ${list}, under headings`, async () => {
      const { headers, body } = await viewer.ask<string>(world.at(`GET /${list}/export`))
      expect(headers.get('content-type')).toMatch(/^text\/csv/)
      expect(headers.get('content-disposition')).toBe(`attachment; filename="trueup-${list}.csv"`)
      const [headings = [], ...rows] = readCsv(body)
      const items = await listed(list)
      expect(rows).toHaveLength(items.length)
      expect(rows.every((row) => row.length === headings.length)).toBe(true)
      const key = headings.indexOf(list === 'customers' ? 'key' : 'id')
      expect(rows.map((row) => row[key])).toEqual(items.map((item) => item.id ?? item.key))
    })
  }

  test('takes the filters and the order of its list', async () => {
    const query = '&severity=critical&sort=money&reversed=true'
    const found = await listed('incidents', query)
    expect(found.length).toBeGreaterThan(0)
    const { body } = await viewer.ask<string>(world.at(`GET /incidents/export?format=jsonl${query}`))
    expect(jsonLines(body)).toEqual(found)
  })

  test('is refused whole where a filter is wrong', async () => {
    expect(await viewer.ask(world.at('GET /incidents/export?severity=purple'))).toMatchObject({
      status: 422,
      body: { code: 'request-invalid' },
    })
  })

  test('shows a name that is a formula, markup or turned round as text', async () => {
    const name = '=HYPERLINK("http://evil.example.com","\u202egnp.x")<b>"'
    await world.service.database.query(
      `update trueup.incident set incident = (jsonb_set(incident::jsonb, '{sentence}', $1::jsonb))::json
       where incident_id = (select min(incident_id) from trueup.incident)`,
      [JSON.stringify(name)],
    )
    const [headings = [], ...rows] = readCsv(
      (await viewer.ask<string>(world.at('GET /incidents/export'))).body,
    )
    const sentences = rows.map((row) => row[headings.indexOf('sentence')])
    expect(sentences).toContain(`'${name}`)
    const { body } = await viewer.ask<string>(world.at('GET /incidents/export?format=jsonl'))
    expect(jsonLines(body).map(({ sentence }) => sentence)).toContain(name)
  })
})

describe('a saved view', () => {
  const urgent = { name: ' Urgent ', query: { severity: ['critical', 'high'], sort: 'money', q: '=<b>' } }

  test('is kept, listed, renamed and deleted by the person whose it is', async () => {
    const kept = await viewer.ask(world.at('POST /views'), urgent)
    expect(kept).toMatchObject({ status: 201, body: { name: 'Urgent', query: urgent.query } })
    const { id } = kept.body
    expect((await viewer.do(world.at('GET /views'))).items).toEqual([kept.body])
    const renamed = await viewer.do(world.at(`PATCH /views/${id}`), { name: 'Very urgent' })
    expect(renamed).toMatchObject({ id, name: 'Very urgent', query: urgent.query })
    expect(await viewer.do(world.at(`PATCH /views/${id}`), { query: {} })).toMatchObject({
      name: 'Very urgent',
      query: {},
    })
    await viewer.do(world.at(`DELETE /views/${id}`))
    expect((await viewer.do(world.at('GET /views'))).items).toEqual([])
    expect(await viewer.ask(world.at(`DELETE /views/${id}`))).toMatchObject({ status: 404 })
  })

  test('is seen and changed by nobody else, in no other project', async () => {
    const { id } = await viewer.do(world.at('POST /views'), urgent)
    const asked = [
      await world.owner.ask(world.at(`PATCH /views/${id}`), { name: 'Mine' }),
      await world.owner.ask(world.at(`DELETE /views/${id}`)),
    ]
    expect(asked.map(({ status, body }) => [status, body.code])).toEqual([
      [404, 'view-unknown'],
      [404, 'view-unknown'],
    ])
    expect((await world.owner.do(world.at('GET /views'))).items).toEqual([])
    const other = await world.owner.do(`POST /api/v1/workspaces/${world.workspace}/projects`, { name: 'B' })
    expect((await viewer.do(`GET /api/v1/projects/${other.id}/views`)).items).toEqual([])
    await viewer.do(world.at(`DELETE /views/${id}`))
  })

  test('has a name of its own, in either case', async () => {
    const first = await viewer.do(world.at('POST /views'), urgent)
    const second = await viewer.do(world.at('POST /views'), { ...urgent, name: 'Other' })
    for (const asked of [
      await viewer.ask(world.at('POST /views'), { ...urgent, name: 'uRGENT' }),
      await viewer.ask(world.at(`PATCH /views/${second.id}`), { name: 'urgent' }),
    ]) {
      expect(asked).toMatchObject({ status: 409, body: { code: 'view-name-taken' } })
    }
    // Its own name in another case is no other name.
    expect(await viewer.do(world.at(`PATCH /views/${first.id}`), { name: 'URGENT' })).toMatchObject({
      name: 'URGENT',
    })
  })

  const wrong = [
    ['a filter that the list does not have', { colour: 'red' }],
    ['a value that the filter does not take', { severity: ['purple'] }],
    ['the place of a page', { after: 'x' }],
  ] as const
  for (const [what, query] of wrong) {
    test(`is refused with ${what}`, async () => {
      expect(await viewer.ask(world.at('POST /views'), { name: 'x', query })).toMatchObject({
        status: 422,
        body: { code: 'request-invalid' },
      })
    })
  }

  test('goes with the membership of its owner', async () => {
    const gone = await world.invited('gus', 'viewer')
    await gone.do(world.at('POST /views'), urgent)
    const count = async () =>
      (await world.service.database.query("select from trueup.incident_view where name = 'Urgent'")).rowCount
    expect(await count()).toBe(1)
    await gone.do(`POST /api/v1/workspaces/${world.workspace}/leave`)
    expect(await count()).toBe(0)
  })
})
