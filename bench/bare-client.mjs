// The least that anybody has to do who reads both accounts: fetch the same pages, parse them, and forget them.
import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
let requests = 0
let stripeRequests = 0

/**
 * @param {string | undefined} base @param {string} path @param {string | undefined} key
 * @returns {Promise<any>}
 */
function get(base, path, key) {
  requests++
  return new Promise((resolve, reject) => {
    const sent = request(
      `${base}${path}`,
      { agent, headers: { authorization: `Bearer ${key}`, 'clerk-api-version': '2026-05-12' } },
      (answer) => {
        /** @type {Buffer[]} */
        const chunks = []
        answer.on('data', (chunk) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          if (answer.statusCode !== 200) reject(new Error(`${path}: HTTP ${answer.statusCode}`))
          else resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')))
        })
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

/** @param {string} path */
async function stripeList(path) {
  let after = ''
  let rows = 0
  for (;;) {
    stripeRequests++
    const page = await get(process.env.STRIPE_API_BASE, `${path}${after}`, process.env.STRIPE_API_KEY)
    rows += page.data.length
    if (!page.has_more) return rows
    after = `&starting_after=${page.data.at(-1).id}`
  }
}

async function clerkUsers() {
  let after = ''
  let rows = 0
  for (;;) {
    const page = await get(
      process.env.CLERK_API_URL,
      `/v1/users?limit=500&order_by=-created_at${after}`,
      process.env.CLERK_SECRET_KEY,
    )
    rows += page.length
    if (page.length < 500) return rows
    after = `&starting_after=${page.at(-1).id}`
  }
}

async function clerkOrganizations() {
  let rows = 0
  for (;;) {
    const page = await get(
      process.env.CLERK_API_URL,
      `/v1/organizations?limit=500&include_members_count=true&offset=${rows}`,
      process.env.CLERK_SECRET_KEY,
    )
    rows += page.data.length
    if (page.data.length < 500) return rows
  }
}

const subscriptions =
  '/v1/subscriptions?status=all&limit=100&expand[]=data.customer&expand[]=data.latest_invoice.payments&expand[]=data.discounts.source.coupon'

// The app of this world sells a plan for good, so one-off purchases are read too.
const sessions =
  '/v1/checkout/sessions?status=complete&limit=100&expand[]=data.customer&expand[]=data.line_items&expand[]=data.invoice.payments'
const invoices = '/v1/invoices?status=paid&limit=100&expand[]=data.customer&expand[]=data.payments'

const [stripe, clerk] = await Promise.all([
  (async () => {
    await stripeList('/v1/prices?limit=100&active=true&expand[]=data.tiers&expand[]=data.product')
    await stripeList('/v1/prices?limit=100&active=false&expand[]=data.tiers&expand[]=data.product')
    await stripeList('/v1/refunds?limit=100')
    await stripeList('/v1/disputes?limit=100')
    const read = await stripeList(subscriptions)
    await stripeList(sessions)
    await stripeList(invoices)
    if (process.env.LIST_CUSTOMERS === '1') await stripeList('/v1/customers?limit=100')
    return read
  })(),
  (async () => (await clerkUsers()) + (await clerkOrganizations()))(),
])
process.stdout.write(JSON.stringify({ subscriptions: stripe, subjects: clerk, requests, stripeRequests }))
agent.destroy()
