import { sql } from 'kysely'
import PostalMime from 'postal-mime'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AlertWorld, driftOf } from '../../../../test/support/alert-world.ts'
import { hostedPolicy } from '../adapters/postgres/connection/index.ts'
import { listDeliveries, replayDelivery } from '../outgoing/delivery/delivery-log.ts'
import { type MailServer, type Receiver, startMailServer, startReceiver } from '../outgoing/receivers.ts'
import { Secret } from '../secret.ts'
import { alertRule } from './alert-rule.ts'
import { type ChannelConfig, channelConfig } from './channel-config.ts'
import { addChannel, alertDb, changeChannel, listChannels, loadChannel, removeChannel } from './channels.ts'
import { deliverAlert } from './deliver-alert.ts'
import { discordShape, pagerDutyShape, slackShape, teamsShape } from './render/vendor-shapes.ts'
import { routeIncidents } from './route-incidents.ts'
import { addRule } from './rules.ts'
import { sendNotice, sendTest } from './send-test.ts'

const signing = `whsec_${Buffer.alloc(32, 5).toString('base64')}`

describe.each(['server', 'embedded'] as const)('alert channels on the %s database', (place) => {
  let world: AlertWorld
  let receiver: Receiver
  let mail: MailServer
  beforeAll(async () => {
    world = await AlertWorld.open(place)
    receiver = await startReceiver()
    mail = await startMailServer()
  })
  afterAll(async () => {
    await Promise.all([receiver.close(), mail.close()])
    await world.close()
  })
  beforeEach(async () => {
    receiver.received.length = 0
    receiver.next.length = 0
    receiver.usual = { status: 200 }
    mail.received.length = 0
    mail.refusals.length = 0
    const server = `${receiver.url}/v2/enqueue`
    Object.assign(world.dependencies, { pagerDuty: { us: server, eu: server }, mail: null })
    await world.renew()
  })

  const configs = (): Readonly<Record<string, ChannelConfig>> => ({
    slack: { kind: 'slack', url: `${receiver.url}/services/T0/B0/slacksecret` },
    discord: { kind: 'discord', url: `${receiver.url}/api/webhooks/1/discordsecret` },
    teams: { kind: 'teams', url: `${receiver.url}/workflows/1?sig=teamssecret` },
    pagerduty: { kind: 'pagerduty', routingKey: 'pagerdutysecret'.padEnd(32, '7'), region: 'eu' },
    webhook: { kind: 'webhook', url: `${receiver.url}/hook`, secret: signing },
    email: {
      kind: 'email',
      to: ['ops@acme.example', 'ann@acme.example'],
      from: 'trueup@acme.example',
      smtp: {
        host: 'localhost',
        port: mail.port,
        security: 'none',
        user: 'trueup',
        password: 'correct horse',
      },
    },
  })
  const add = (config: ChannelConfig | undefined, name = 'ops') => {
    if (!config) throw new Error('There is no such configuration.')
    return addChannel(world.dependencies, world.tenant, { name, config }, 'ann')
  }
  const addAll = async () => {
    const channels = []
    for (const [name, config] of Object.entries(configs())) channels.push(await add(config, name))
    await addRule(
      world.dependencies,
      world.tenant,
      alertRule.parse({ name: 'all', channels: channels.map(({ id }) => id), minSeverity: 'low' }),
      'ann',
    )
    return channels
  }
  const settle = async () => {
    await routeIncidents(world.dependencies, world.tenant)
    world.after(10)
    for (const { deliveryId } of world.dueJobs('alert.deliver')) {
      await deliverAlert(world.dependencies, world.tenant, deliveryId)
    }
  }
  const log = () =>
    listDeliveries(alertDb(world.dependencies, world.tenant), world.tenant, { audience: 'alert', limit: 100 })

  it('each kind of receiver gets what its vendor documents, or its protocol', async () => {
    world.now = new Date()
    await addAll()
    await world.find(driftOf('user_1'), driftOf('user_2'))
    await settle()
    const at = (path: string) => receiver.received.filter((request) => request.path.startsWith(path))
    expect(slackShape.parse(JSON.parse(at('/services')[0]?.body ?? ''))).toBeTruthy()
    expect(discordShape.parse(JSON.parse(at('/api/webhooks')[0]?.body ?? ''))).toBeTruthy()
    expect(teamsShape.parse(JSON.parse(at('/workflows')[0]?.body ?? ''))).toBeTruthy()
    expect(pagerDutyShape.parse(JSON.parse(at('/v2/enqueue')[0]?.body ?? ''))).toMatchObject({
      routing_key: 'pagerdutysecret'.padEnd(32, '7'),
    })
    const [signed] = at('/hook')
    expect(new Webhook(signing).verify(signed?.body ?? '', signed?.headers ?? {})).toMatchObject({
      type: 'alert.opened',
      data: { kind: 'paid-without-access', count: 2 },
    })
    expect(receiver.received).toHaveLength(5)
    expect(mail.received).toHaveLength(1)
    expect((await log()).map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'sent'))
  })

  describe('mail', () => {
    it('has a text and an HTML that say the same, and comes from whom the channel says', async () => {
      await addAll()
      await world.find(
        driftOf('user_1', { sentence: 'Ann <b>& Söhne</b> pays for pro and is granted nothing paid.' }),
      )
      await settle()
      const [taken] = mail.received
      expect(taken).toMatchObject({
        from: 'trueup@acme.example',
        to: ['ops@acme.example', 'ann@acme.example'],
        user: 'trueup',
      })
      const letter = await PostalMime.parse(taken?.raw ?? '')
      expect(letter.subject).toBe('Critical: 1 paying customer without access · Acme app')
      expect(letter.text).toContain('Ann <b>& Söhne</b> pays for pro')
      expect(letter.html).toContain('Ann &lt;b&gt;&amp; Söhne&lt;/b&gt; pays for pro')
      expect(letter.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
      expect(letter.attachments).toEqual([])
    })

    it('about one course is one conversation, and a mail that is sent again has the same id', async () => {
      await addAll()
      mail.refusals.push({ code: 451, message: 'try again later' })
      const incidents = await world.find(driftOf('user_1'))
      await settle()
      world.after(30)
      await settle()
      await world.resolve(...incidents)
      await settle()
      const [opened, resolved] = await Promise.all(mail.received.map(({ raw }) => PostalMime.parse(raw)))
      expect(opened?.messageId).toMatch(/^<msg_\w+@trueup\.example\.com>$/)
      expect(resolved?.inReplyTo).toBe(opened?.messageId)
      expect(resolved?.subject).toBe('Resolved: 1 paying customer without access · Acme app')
    })

    it.each([
      [451, 'greylisted, try again later', 'waiting'],
      [550, 'no such user here', 'set-aside'],
    ])('that a server refuses with %i (%s) is %s', async (code, message, state) => {
      mail.refusals.push({ code, message })
      await add(configs().email)
      const { id } = (await listChannels(world.dependencies, world.tenant))[0] ?? { id: '' }
      await addRule(world.dependencies, world.tenant, alertRule.parse({ name: 'r', channels: [id] }), 'ann')
      await world.find(driftOf('user_1'))
      await settle()
      expect((await log())[0]).toMatchObject({ state, tries: 1, problem: expect.stringContaining(message) })
    })

    it('with a wrong password is told so at the test, and not tried again', async () => {
      const config = configs().email
      if (config?.kind !== 'email' || !config.smtp) throw new Error('The mail channel names its server.')
      const { id } = await add({ ...config, smtp: { ...config.smtp, password: 'wrong battery' } })
      const result = await sendTest(world.dependencies, world.tenant, id, 'ann')
      expect(result).toMatchObject({ sent: false, status: 535, detail: expect.stringContaining('EAUTH') })
      expect(JSON.stringify([result, await log()])).not.toContain('wrong battery')
    })

    it('goes through the server of the service where the channel names none', async () => {
      const own = channelConfig.parse({ kind: 'email', to: ['ops@acme.example'] })
      await expect(add(own)).rejects.toMatchObject({ code: 'mail-unconfigured' })
      Object.assign(world.dependencies, {
        mail: {
          server: new Secret(`smtp://trueup:correct%20horse@127.0.0.1:${mail.port}`),
          from: 'service@trueup.example',
        },
      })
      const { id } = await add(own)
      expect(await sendTest(world.dependencies, world.tenant, id, 'ann')).toMatchObject({ sent: true })
      expect(mail.received[0]).toMatchObject({ from: 'service@trueup.example', to: ['ops@acme.example'] })
    })

    it('is not handed over without encryption where that was asked for', async () => {
      const config = configs().email
      if (config?.kind !== 'email' || !config.smtp) throw new Error('The mail channel names its server.')
      const { id } = await add({ ...config, smtp: { ...config.smtp, security: 'starttls' } })
      expect(await sendTest(world.dependencies, world.tenant, id, 'ann')).toMatchObject({ sent: false })
      // The server’s certificate is its own: nobody vouches for it.
      expect(mail.received).toEqual([])
    })
  })

  describe('the test button', () => {
    it.each(['slack', 'discord', 'teams', 'pagerduty', 'webhook', 'email'])(
      'sends to %s at once',
      async (kind) => {
        const { id } = await add(configs()[kind])
        expect(await sendTest(world.dependencies, world.tenant, id, 'ann')).toMatchObject({ sent: true })
        expect(receiver.received.length + mail.received.length).toBe(1)
        const said = receiver.received[0]?.body ?? String(mail.received[0]?.raw)
        expect(said).toContain('Test message')
        expect((await log())[0]).toMatchObject({ type: 'test', state: 'sent', tries: 1 })
      },
    )

    it('says what the receiver said, tries once, and leaves nothing to be sent later', async () => {
      receiver.usual = { status: 503, body: 'busy' }
      const { id } = await add(configs().slack)
      const result = await sendTest(world.dependencies, world.tenant, id, 'ann')
      expect(result).toMatchObject({ sent: false, status: 503, detail: 'HTTP 503: busy' })
      expect(world.jobs).toEqual([])
      expect((await log())[0]).toMatchObject({ state: 'set-aside', tries: 1 })
    })

    it('is of one’s own project', async () => {
      const { id } = await add(configs().slack)
      await world.renew()
      await expect(sendTest(world.dependencies, world.tenant, id, 'eve')).rejects.toMatchObject({
        code: 'channel-not-found',
      })
    })
  })

  describe('what must not be reached is not', () => {
    it.each<[string, string, readonly string[]]>([
      ['a private address', 'http://hooks.example.com/x', ['10.0.0.1']],
      ['this machine by its name', 'http://localhost/x', ['127.0.0.1']],
      ['the address of a cloud’s secrets', 'http://169.254.169.254/latest', []],
      [
        'a name of which one answer is private',
        'https://hooks.example.com/x',
        ['93.184.216.34', '127.0.0.1'],
      ],
      ['an IPv4 address in other clothes', 'http://[::ffff:127.0.0.1]/x', []],
      ['a public address without encryption', 'http://hooks.example.com/x', ['93.184.216.34']],
      ['another port of a public address', 'https://hooks.example.com:6379/x', ['93.184.216.34']],
    ])('%s', async (_, url, answers) => {
      const hosted = { ...world.dependencies, addresses: hostedPolicy, lookup: async () => answers }
      const { id } = await addChannel(
        hosted,
        world.tenant,
        { name: 'x', config: { kind: 'slack', url } },
        'eve',
      )
      const result = await sendTest(hosted, world.tenant, id, 'eve')
      expect(result).toMatchObject({ sent: false, status: null })
      expect(receiver.received).toEqual([])
    })

    it('a mail server within, where only public addresses are allowed', async () => {
      const hosted = { ...world.dependencies, addresses: hostedPolicy }
      const { id } = await add(configs().email)
      expect(await sendTest(hosted, world.tenant, id, 'eve')).toMatchObject({
        sent: false,
        detail: expect.stringContaining('not public (loopback)'),
      })
      expect(mail.received).toEqual([])
    })
  })

  it('no secret is in what is shown, kept, logged or entered', async () => {
    const channels = await addAll()
    receiver.usual = { status: 500, body: `wrong key ${signing}` }
    await world.find(driftOf('user_1'))
    await settle()
    for (const { id } of channels) await sendTest(world.dependencies, world.tenant, id, 'ann')
    const db = world.database.system
    const tables = ['alert_channel', 'alert_rule', 'delivery', 'delivery_try', 'ledger_draft']
    const rows = []
    for (const table of tables) {
      rows.push(
        (await sql`select row_to_json(t)::text as held from ${sql.id('trueup', table)} t`.execute(db)).rows,
      )
    }
    const { rows: entries } = await sql<{ held: string }>`select convert_from(entry, 'utf8') as held
      from trueup.ledger_entry`.execute(db)
    const held = JSON.stringify([rows, entries, channels, await log()])
    const secrets = [
      'slacksecret',
      'discordsecret',
      'teamssecret',
      'pagerdutysecret',
      signing.slice(6, -4),
      'correct horse',
    ]
    const forms = secrets.flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('hex'),
      encodeURIComponent(secret),
    ])
    for (const form of forms) expect(held).not.toContain(form)
  })

  it('is shown by its host and the last four characters of what is secret', async () => {
    const shown = Object.fromEntries((await addAll()).map(({ kind, settings }) => [kind, settings]))
    expect(shown).toEqual({
      slack: { address: `${receiver.url}/…cret` },
      discord: { address: `${receiver.url}/…cret` },
      teams: { address: `${receiver.url}/…cret` },
      pagerduty: { routingKey: '…7777', region: 'eu' },
      webhook: { address: `${receiver.url}/…hook`, secret: '…BQU=' },
      email: {
        to: ['ops@acme.example', 'ann@acme.example'],
        from: 'trueup@acme.example',
        server: `localhost:${mail.port}`,
        security: 'none',
        user: 'trueup',
        password: '…orse',
      },
    })
  })

  it('keeps its kind, and gets a new address as a whole', async () => {
    const { id } = await add(configs().slack)
    const change = (config: ChannelConfig | undefined) =>
      changeChannel(world.dependencies, world.tenant, id, { config, name: 'new' }, 'ann')
    await expect(change(configs().discord)).rejects.toMatchObject({ code: 'channel-kind-differs' })
    await change({ kind: 'slack', url: `${receiver.url}/other` })
    await sendTest(world.dependencies, world.tenant, id, 'ann')
    expect(receiver.received.map(({ path }) => path)).toEqual(['/other'])
    expect(await loadChannel(world.dependencies, world.tenant, id)).toMatchObject({
      name: 'new',
      enabled: true,
    })
  })

  it('each act on a channel or a rule is an entry of the ledger', async () => {
    const { id } = await add(configs().slack)
    await addRule(world.dependencies, world.tenant, alertRule.parse({ name: 'r', channels: [id] }), 'ann')
    world.after(1)
    await changeChannel(world.dependencies, world.tenant, id, { enabled: false }, 'ann')
    world.after(1)
    await removeChannel(world.dependencies, world.tenant, id, 'bea')
    await world.dependencies.advanceLedger(world.tenant)
    const { rows } = await sql<{
      held: string
    }>`select convert_from(entry, 'utf8') as held from trueup.ledger_entry
      where project_id = ${world.tenant.projectId} and act = 'alerts-changed' order by sequence`.execute(
      world.database.system,
    )
    expect(
      rows.map(({ held }) => JSON.parse(held)).map(({ by, facts }) => `${by} ${facts.what} ${facts.change}`),
    ).toEqual(['ann channel added', 'ann rule added', 'ann channel changed', 'bea channel removed'])
  })

  it('a word about the channels themselves goes to every channel but PagerDuty, once', async () => {
    await addAll()
    const say = () =>
      sendNotice(world.dependencies, world.tenant, 'endpoint-off whe_1', {
        headline: 'A webhook endpoint was switched off',
        sentence: 'app.example.com gets no more messages.',
      })
    await say()
    await say()
    await settle()
    expect(receiver.received.map(({ path }) => path.split('/')[1]).toSorted()).toEqual([
      'api',
      'hook',
      'services',
      'workflows',
    ])
    expect(mail.received).toHaveLength(1)
  })

  it('an alert that was set aside can be sent again', async () => {
    receiver.usual = { status: 404 }
    const { id } = await add(configs().slack)
    await addRule(world.dependencies, world.tenant, alertRule.parse({ name: 'r', channels: [id] }), 'ann')
    await world.find(driftOf('user_1'))
    await settle()
    receiver.usual = { status: 200 }
    const [line] = await log()
    const db = alertDb(world.dependencies, world.tenant)
    await replayDelivery(db, world.tenant, 'alert', line?.id ?? '', world.now)
    await deliverAlert(world.dependencies, world.tenant, line?.id ?? '')
    expect((await log())[0]).toMatchObject({ state: 'sent' })
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body)
  })
})
