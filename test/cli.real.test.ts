import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { CheckReport } from '../packages/service/src/cli/output/report.ts'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf, folderOnServer } from './support/cli.ts'

/*
 * The program as it is published, run as a person or a script runs it.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
const controlSequence = /\u001b/

const folders: Folder[] = []
/** A folder that goes away after the test; what runs there uses an embedded database. */
async function folderIn(...given: Parameters<typeof folderOf>): Promise<Folder> {
  const folder = await folderOf(...given)
  folders.push(folder)
  return folder
}
/** The same with a database on a server, for what has nothing to do with where the database is. */
async function serverFolderIn(...given: Parameters<typeof folderOnServer>): Promise<Folder> {
  const folder = await folderOnServer(...given)
  folders.push(folder)
  return folder
}

let demo: Sandbox
/** A folder that was checked already, for tests of what a check prints. */
let checked: Folder
let firstReport: CheckReport & { readonly status: number | null }
beforeAll(async () => {
  buildCli()
  demo = await startSandbox({ world: 'demo', seed: 3 })
  checked = await folderOnServer(demo, 'configured')
  firstReport = await checked.json(['check'])
})
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove()
})
afterAll(async () => {
  await checked.remove()
  await demo.close()
})

const identities = ({ incidents }: CheckReport) =>
  incidents.map(({ kind, component, subject, customer }) =>
    [kind, component, subject?.id ?? customer ?? ''].join(' '),
  )
/** The labels that are about one subject or customer, as a report names them. */
const labelled = ({ labels }: Sandbox) =>
  labels.drifts.flatMap(({ kind, component, subject, customer }) =>
    subject || customer ? [[kind, component, subject?.id ?? customer].join(' ')] : [],
  )

describe('trueup demo', () => {
  test('shows drift of many kinds without a key, what it is worth and what to do next, and ends', async () => {
    const folder = await folderIn(null)
    const { status, out, err } = await folder.run(['demo', '--once'])
    expect(status).toBe(0)
    const kinds = new Set(out.match(/(?<=^● )[a-z-]+/gm))
    expect(kinds.size).toBeGreaterThanOrEqual(12)
    expect(out.search('CRITICAL')).toBeLessThan(out.search('HIGH'))
    expect(out).toMatch(/\d+ agree · \d+ drift/)
    expect(out).toMatch(/Paid for and missing +\S+.* a month/)
    expect(out).toMatch(/Open and unpaid +\S+.* a month/)
    expect(err).toContain('npx trueup init')
    expect(`${out}${err}`).not.toMatch(controlSequence)
    for (const line of `${out}${err}`.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('prints one object with --json, and nothing else, of an app as large as it is told', async () => {
    const folder = await folderIn(null)
    const { status, out, err } = await folder.run(['demo', '--json', '--customers', '500'])
    expect(status).toBe(0)
    expect(err).toBe('')
    const report = JSON.parse(out)
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining([
        'complete',
        'startedAt',
        'finishedAt',
        'counts',
        'requests',
        'moneyAtRisk',
        'incidents',
      ]),
    )
    expect(new Set(report.incidents.map(({ kind }: { kind: string }) => kind)).size).toBeGreaterThanOrEqual(
      12,
    )
    expect(report.counts.customers).toBeGreaterThanOrEqual(500)
  })

  test('runs until it is stopped, and ends well; until then a check in another terminal can use it', async () => {
    const folder = await folderIn(null)
    const running = folder.start(['demo'])
    await running.says(/Running until you press Ctrl-C/)
    const given = Object.fromEntries(
      [...running.err.matchAll(/export (\w+)='?([^\s']+)/g)].map(([, k, v]) => [k, v]),
    )
    const config = /--config (\S+)/.exec(running.err)?.[1]
    expect(await folder.json(['check', '--config', String(config)], given)).toMatchObject({
      status: 1,
      complete: true,
    })
    running.kill('SIGINT')
    expect(await running.ended).toMatchObject({ status: 0, signal: null })
  })
})

describe('trueup check', () => {
  test('finds the drifts that were planted, by a configuration in JSON', () => {
    const report = firstReport
    expect(report).toMatchObject({ status: 1, complete: true, unread: [] })
    expect(identities(report)).toEqual(expect.arrayContaining(labelled(demo)))
    expect(report.counts.customers).toBe(demo.labels.customers)
  })

  test('finds the same by a configuration in TypeScript', async () => {
    const folder = await folderIn(demo, 'configured in TypeScript')
    const report = await folder.json(['check'])
    expect(report.status).toBe(1)
    expect(identities(report)).toEqual(expect.arrayContaining(labelled(demo)))
  })

  test('gives each incident both sides whole, the difference alone, its evidence and its repair', () => {
    const { incidents } = firstReport
    const unpaid = incidents.find(({ kind }) => kind === 'access-without-payment')
    expect(unpaid).toMatchObject({
      severity: 'high',
      component: 'paid',
      owed: { plan: 'free', paid: false },
      granted: { paid: true },
      allowed: { paid: false, trialEndsAt: null },
      difference: { granted: true, allowed: false },
      moneyAtRisk: { currency: 'usd' },
      repair: { act: 'revoke', request: { method: 'PATCH' } },
    })
    expect(unpaid?.evidence.length).toBeGreaterThan(1)
    const unmapped = incidents.find(({ kind }) => kind === 'price-unmapped')
    expect(unmapped).toMatchObject({ owed: null, granted: null, allowed: null, subject: null })
    // The latest date there is stands for a trial of any length, and is no date to print.
    expect(JSON.stringify(incidents)).not.toContain('275760')
  })

  test.each([
    ['table', /^CRITICAL\n● /m],
    ['json', /^\{\n {2}"complete": true/],
    ['junit', /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites>/],
    ['sarif', /"version": "2\.1\.0"/],
    ['github', /^::error title=/],
  ])('prints its result as %s', async (format, pattern) => {
    const { status, out } = await checked.run(['check', '--format', format])
    expect(status).toBe(1)
    expect(out).toMatch(pattern)
  })

  test('lists every incident with --all, and where each value was read with --details', async () => {
    const short = await checked.run(['check', '-q'])
    const whole = await checked.run(['check', '-q', '--all', '--details'])
    expect(short.err).toBe('')
    expect(short.out).toContain('--all lists them')
    expect(whole.out).not.toContain('--all lists them')
    expect(whole.out).toMatch(/^ {4}owed +\S+/m)
    expect(whole.out).toMatch(/public_metadata\.plan +"/)
  })

  test('writes its result to a file, plain, and says nothing else', async () => {
    const { status, out } = await checked.run(['check', '--format', 'sarif', '-o', 'drift.sarif'])
    expect({ status, out }).toEqual({ status: 1, out: '' })
    const sarif = JSON.parse(await readFile(checked.file('drift.sarif'), 'utf8'))
    expect(sarif.runs[0].results.length).toBeGreaterThanOrEqual(12)
  })

  test('files what it finds once: the next check sees the same incidents again', async () => {
    const first = firstReport
    const second = await checked.json(['check'])
    expect(identities(second)).toEqual(identities(first))
    const opened = new Map(first.incidents.map(({ id, openedAt }) => [id, openedAt]))
    for (const { id, openedAt } of second.incidents) expect(openedAt).toBe(opened.get(id))
  })

  test('says while repairs are held that they are, also when this check found no reason for it', async () => {
    const folder = await serverFolderIn(demo, 'configured')
    const file = folder.file('trueup.config.json')
    const config = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...config, policy: { brake: { hold: 3 } } }))
    const held = await folder.json(['check'])
    const holds = held.incidents.flatMap(({ kind, id, sentence }) =>
      kind === 'mass-drift' ? [{ id, sentence }] : [],
    )
    expect(holds).toHaveLength(1)
    expect(held.repairsHeldBy).toEqual(holds)
    const next = await folder.json(['check'])
    expect(next.incidents.filter(({ kind }) => kind === 'mass-drift')).toEqual([])
    expect(next.repairsHeldBy).toEqual(holds)
    expect((await folder.run(['check', '-q'])).out).toContain(`REPAIRS ARE HELD`)
    await folder.run(['repair', 'release', '--reason', 'they are real', '--yes'])
    expect((await folder.json(['check'])).repairsHeldBy).toEqual([])
  })

  test('files nothing on a dry run, so that the next check opens everything', async () => {
    const folder = await serverFolderIn(demo, 'configured')
    const dry = await folder.json(['check', '--dry-run'])
    const real = await folder.json(['check'])
    expect(dry).toMatchObject({ status: 1, dryRun: true })
    expect(identities(real)).toEqual(identities(dry))
    for (const { openedAt } of real.incidents)
      expect(new Date(openedAt).getTime()).toBeGreaterThanOrEqual(new Date(real.startedAt).getTime())
  })

  test('leaves a change of the last minutes to settle, and files it at once with --settle 0', async () => {
    const [settling] = demo.labels.settling
    const patient = await checked.json(['check', '--dry-run'])
    const hasty = await checked.json(['check', '--dry-run', '--settle', '0'])
    expect(patient.counts.settling).toBe(demo.labels.settling.length)
    expect(hasty.counts.settling).toBe(0)
    const idsOf = (report: CheckReport) => report.incidents.map(({ subject }) => subject?.id)
    expect(idsOf(patient)).not.toContain(settling?.subject.id)
    expect(idsOf(hasty)).toContain(settling?.subject.id)
  })
})

describe('the exit status of trueup check', () => {
  const now = new Date()
  const pro = { stripe_customer_id: 'cus_ada', plan: 'pro', is_premium: true, entitlements: ['reports'] }
  const worldOf = (granted: object, subscription: object = {}) => ({
    customers: [
      {
        id: 'cus_ada',
        metadata: { user_id: 'user_ada' },
        subscriptions: [{ price: 'pro_monthly', started: '-75d', ...subscription }],
      },
    ],
    users: [{ id: 'user_ada', public: granted }],
  })

  async function statusOf(world: Record<string, unknown>, args: readonly string[] = []) {
    const sandbox = await startSandbox({ world, now })
    try {
      const folder = await serverFolderIn(sandbox, 'configured')
      return await folder.json(['check', ...args])
    } finally {
      await sandbox.close()
    }
  }

  test('is 0 where both sides agree', async () => {
    const { status, incidents, counts } = await statusOf(worldOf(pro))
    expect({ status, incidents, agrees: counts.agrees }).toEqual({ status: 0, incidents: [], agrees: 1 })
  })

  test('is 1 where they drift', async () => {
    const { status, incidents } = await statusOf(
      worldOf({ ...pro, plan: 'free', is_premium: false, entitlements: [] }),
    )
    expect(status).toBe(1)
    expect(incidents.map(({ kind }) => kind)).toEqual(['paid-without-access'])
  })

  test('is 2 where it could not tell, and says of whom and why', async () => {
    const { status, incidents, cannotTell } = await statusOf(worldOf({ ...pro, is_premium: 'perhaps' }))
    expect({ status, incidents }).toEqual({ status: 2, incidents: [] })
    expect(cannotTell).toMatchObject([
      { subject: { id: 'user_ada' }, reasons: [{ reason: 'unreadable-grant' }] },
    ])
  })

  test('is 0 where the drift is less severe than --fail-on', async () => {
    const extra = worldOf({ ...pro, entitlements: ['reports', 'sso'] })
    expect((await statusOf(extra, ['--fail-on', 'high'])).status).toBe(0)
    expect((await statusOf(extra, ['--fail-on', 'medium'])).status).toBe(1)
  })

  test('follows the rules at the moment of --as-of', async () => {
    const leaving = worldOf(pro, { cancels: { by: 'flag' } })
    const later = new Date(now.getTime() + 60 * 86_400_000).toISOString()
    expect((await statusOf(leaving)).status).toBe(0)
    const ended = await statusOf(leaving, ['--as-of', later])
    expect(ended).toMatchObject({ status: 1, asOf: later, incidents: [{ kind: 'access-without-payment' }] })
  })

  test('names of the payer and the app cannot steer the terminal', async () => {
    const sandbox = await startSandbox({ world: worldOf({ ...pro, plan: 'evil\u001b[2J\u202eplan' }), now })
    try {
      const folder = await serverFolderIn(sandbox, 'configured')
      const { out } = await folder.run(['check'])
      expect(out).toContain('plan-unknown')
      expect(out).not.toMatch(controlSequence)
      expect(out).not.toContain('\u202e')
    } finally {
      await sandbox.close()
    }
  })
})

describe('a check that was cut off', () => {
  test('goes on where it was: the same incidents, and hardly a page read twice', async () => {
    const sandbox = await startSandbox({ world: 'saas', customers: 800, seed: 3 })
    try {
      const whole = await (await serverFolderIn(sandbox, 'configured')).json(['check'])
      const folder = await folderIn(sandbox, 'configured')
      for (const { url } of [sandbox.stripe, sandbox.clerk]) {
        await fetch(`${url}/_sandbox/requests`, { method: 'DELETE' })
        const slow = JSON.stringify({ kind: 'slow', delayMs: 150 })
        await fetch(`${url}/_sandbox/faults`, { method: 'POST', body: slow })
      }
      const killed = folder.start(['check', '--json'])
      await pagesOf(sandbox, 6)
      killed.kill('SIGKILL')
      expect(await killed.ended).toMatchObject({ signal: 'SIGKILL', out: '' })
      for (const { url } of [sandbox.stripe, sandbox.clerk])
        await fetch(`${url}/_sandbox/faults`, { method: 'DELETE' })

      const resumed = await folder.json(['check'])
      expect(resumed).toMatchObject({ resumed: true, complete: true })
      expect(resumed.incidents.map(({ id }) => id)).toEqual(whole.incidents.map(({ id }) => id))
      const pages = await listPages(sandbox)
      const twice = [...new Set(pages)].map((page) => pages.filter((each) => each === page).length)
      expect(Math.max(...twice)).toBeLessThanOrEqual(2)
    } finally {
      await sandbox.close()
    }
  })

  test('says so when it was stopped by a signal, without a trace of the program', async () => {
    const sandbox = await startSandbox({ world: 'saas', customers: 800, seed: 3 })
    try {
      const folder = await serverFolderIn(sandbox, 'configured')
      const slow = JSON.stringify({ kind: 'slow', delayMs: 150 })
      await fetch(`${sandbox.stripe.url}/_sandbox/faults`, { method: 'POST', body: slow })
      const stopped = folder.start(['check'])
      await pagesOf(sandbox, 4)
      stopped.kill('SIGINT')
      const { status, signal, err } = await stopped.ended
      expect({ status, signal }).toEqual({ status: 2, signal: null })
      expect(err).toContain('The check was stopped before its end. [stopped]')
      expect(err).toContain('it goes on where it was')
      expect(err).not.toMatch(/^\s+at /m)
      await fetch(`${sandbox.stripe.url}/_sandbox/faults`, { method: 'DELETE' })
      expect(await folder.json(['check'])).toMatchObject({ resumed: true, complete: true })
    } finally {
      await sandbox.close()
    }
  })

  test.each([[['check']], [['doctor']], [['init', '--yes', '--force']]])(
    'ends at once, though an answer is still awaited: %j',
    async (args) => {
      const sandbox = await startSandbox({ world: 'demo', customers: 50 })
      try {
        const never = JSON.stringify({ kind: 'slow', delayMs: 600_000 })
        await fetch(`${sandbox.stripe.url}/_sandbox/faults`, { method: 'POST', body: never })
        const folder = await serverFolderIn(sandbox, 'configured')
        const stopped = folder.start(args)
        await requestTo(sandbox)
        stopped.kill('SIGINT')
        const { status, signal, err } = await stopped.ended
        expect({ status, signal }).toEqual({ status: 2, signal: null })
        expect(err).toContain('[stopped]')
      } finally {
        await sandbox.close()
      }
    },
  )
})

/** The pages of lists that were asked for. Customers and subjects read one by one are no pages. */
async function listPages(sandbox: Sandbox): Promise<readonly string[]> {
  const isPage = /^\/v1\/(subscriptions|users|organizations)\?/
  const asksByName = /[?&]\w*(customer|_id)(%5B%5D)?=/
  const pages: string[] = []
  for (const { url } of [sandbox.stripe, sandbox.clerk]) {
    const answer = await fetch(`${url}/_sandbox/requests`)
    const log = (await answer.json()) as { readonly last: readonly { readonly path: string }[] }
    pages.push(
      ...log.last.map(({ path }) => path).filter((path) => isPage.test(path) && !asksByName.test(path)),
    )
  }
  return pages
}

/** Waits until so many pages were asked for. */
async function pagesOf(sandbox: Sandbox, count: number): Promise<void> {
  while ((await listPages(sandbox)).length < count) await wait(20)
}

/** Waits until Clerk was asked for something, as every command does while it asks Stripe. */
async function requestTo({ clerk }: Sandbox): Promise<void> {
  for (;;) {
    const answer = await fetch(`${clerk.url}/_sandbox/requests`)
    const { total } = (await answer.json()) as { readonly total: number }
    if (total > 0) return
    await wait(20)
  }
}
