import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectWorld } from '../../../../test/support/project-world.ts'
import { openProjectWorld } from '../../../../test/support/project-world.ts'
import { runCheck } from '../check/run-check.ts'
import { Secret } from '../secret.ts'
import { putConfig } from './config-versions.ts'
import { connectSource } from './connect-source.ts'
import { disconnectSource } from './disconnect-source.ts'
import { openServiceProject, openServiceRepairs } from './open-service-project.ts'

const by = 'person:ada@example.com'
let world: ProjectWorld
beforeAll(async () => {
  world = await openProjectWorld({ customers: 250 })
})
afterAll(() => world.close())

describe('a project of the service', () => {
  it('says what it still needs before it can be opened', async () => {
    const { service, tenant, sandbox } = world
    const open = () => openServiceProject(service, tenant, { usedFor: 'check' })
    await expect(open()).rejects.toMatchObject({ code: 'config-missing' })
    await putConfig(service, tenant, sandbox.config, { expectedVersion: 0, by })
    await expect(open()).rejects.toMatchObject({
      code: 'source-not-connected',
      message: 'The project is not connected to stripe, postgres and clerk, which its configuration reads.',
    })
  })

  it('is checked with its own credentials, and finds what was planted', async () => {
    const { service, tenant, sandbox, app } = world
    const connect = (credential: Parameters<typeof connectSource>[2]) =>
      connectSource(service, tenant, credential, { by })
    await connect({ kind: 'stripe', key: new Secret(sandbox.stripe.restrictedKey) })
    await connect({ kind: 'clerk', key: new Secret(sandbox.clerk.secretKey) })
    await connect({
      kind: 'postgres',
      source: 'postgres',
      url: new Secret(app.url),
      ca: null,
      allowWriteRole: false,
    })
    const opened = await openServiceProject(service, tenant, { usedFor: 'check' })
    const outcome = await runCheck(opened, { dryRun: false })
    await opened.ledger.seal()
    await opened.close()
    expect(outcome.complete).toBe(true)
    const labelled = new Set(sandbox.labels.drifts.map(({ kind }) => kind))
    const kinds = new Set(outcome.incidents.map(({ kind }) => kind))
    expect(labelled.size).toBeGreaterThan(5)
    expect([...labelled].filter((kind) => !kinds.has(kind))).toEqual([])
  })

  it('writes nowhere without credentials for repairs, and only with its own where it has them', async () => {
    const { service, tenant, sandbox } = world
    const reading = await openServiceRepairs(service, tenant, { usedFor: 'repair' })
    expect(reading.targets).toEqual([])
    await reading.close()
    await connectSource(
      service,
      tenant,
      { kind: 'clerk-repairs', key: new Secret(sandbox.clerk.secretKey) },
      { by },
    )
    const writing = await openServiceRepairs(service, tenant, { usedFor: 'repair' })
    expect(writing.targets.map(({ source, how }) => [source, how])).toEqual([['clerk', 'merge-patch']])
    await writing.close()
    await disconnectSource(service, tenant, 'repair:clerk', { by })
  })

  it('is given no secret of the operator, whatever its configuration names', async () => {
    const { tenant, sandbox, app } = world
    const service = world.operatedWith({
      STRIPE_API_KEY: sandbox.stripe.restrictedKey,
      CLERK_SECRET_KEY: sandbox.clerk.secretKey,
      CLERK_REPAIR_SECRET_KEY: sandbox.clerk.secretKey,
      ACCESS_DATABASE_URL: app.url,
      DATABASE_URL: app.url,
    })
    await disconnectSource(service, tenant, 'postgres', { by })
    const { access, ...others } = sandbox.config
    const document = {
      ...others,
      access: access.map((source) =>
        'postgres' in source ? { postgres: { ...source.postgres, url: 'DATABASE_URL' } } : source,
      ),
    }
    await putConfig(service, tenant, document, { expectedVersion: 1, by })
    await expect(openServiceRepairs(service, tenant, { usedFor: 'repair' })).rejects.toMatchObject({
      code: 'source-not-connected',
    })
    await putConfig(
      service,
      tenant,
      { ...others, access: access.filter((source) => !('postgres' in source)) },
      { expectedVersion: 2, by },
    )
    const opened = await openServiceRepairs(service, tenant, { usedFor: 'repair' })
    expect(opened.targets).toEqual([])
    await opened.close()
  })
})
