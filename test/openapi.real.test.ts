import { Validator } from '@seriousme/openapi-schema-validator'
import { type Sandbox, startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceOf } from './support/api-reference.ts'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { authenticatorOf } from './support/authenticator.ts'
import { typesOf } from './support/document-types.ts'
import { DocumentedApi } from './support/documented-api.ts'
import { type EchoingVendor, startEchoingVendor } from './support/echoing-vendor.ts'
import type { RunningTestService } from './support/running-service.ts'
import { startTestService } from './support/running-service.ts'

/* The reference of the API, and a client that knows nothing else: it calls every operation, and holds every answer to
   what the reference says. */

const password = 'correct horse battery staple'

interface Named {
  readonly customerId: string | null
  readonly subject: object | null
}

/** Agents ask in a protocol of their own, which has its own tests. */
const inAnotherProtocol = ['callMcp']
/** What would have to be there for these is not: a mail server, an identity provider, a clock that calls, an app that pushes. */
const notSetUp = [
  'requestSignUpLink',
  'requestPasswordReset',
  'startProviderSignIn',
  'finishProviderSignIn',
  'runCronTask',
  'putSubjects',
  'openMcpStream',
  'endMcpSession',
]
/** Nothing was set aside or proposed: these are answered with what is wrong. */
const nothingToActOn = [
  'retryDueChecks',
  'sendOutgoingAgain',
  'getRepair',
  'approveRepair',
  'approveRepairs',
  'rejectRepair',
  'applyRepair',
  'undoRepair',
  'releaseRepairs',
]

describe('the reference of the API', () => {
  let sandbox: Sandbox
  let app: ServedApp
  let receiver: EchoingVendor
  let service: RunningTestService
  // biome-ignore lint/suspicious/noExplicitAny: a document of the standard
  let document: any
  let api: DocumentedApi

  beforeAll(async () => {
    sandbox = await startSandbox({ world: 'saas', customers: 30, drift: 0.5, access: 'postgres', seed: 7 })
    if (!sandbox.world.app) throw new Error('The app of this world has a database.')
    app = await serveApp('PostgreSQL', sandbox.world.app)
    receiver = await startEchoingVendor(null)
    service = await startTestService({
      STRIPE_API_BASE: sandbox.stripe.url,
      CLERK_API_URL: sandbox.clerk.url,
      TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
      TRUEUP_ALLOW_DATABASE_PORTS: 'all',
      TRUEUP_METRICS_TOKEN: 'a-token-for-metrics',
    })
    document = (await service.person().ask('GET /api/openapi.json')).body
    api = new DocumentedApi(document)
  })
  afterAll(async () => {
    await service?.stop()
    await receiver?.close()
    await app?.close()
    await sandbox?.close()
  })

  it('is what docs/api.md shows', async () => {
    await expect(referenceOf(document)).toMatchFileSnapshot('../docs/api.md')
  })

  it('is what the dashboard is typed against', async () => {
    await expect(await typesOf(document)).toMatchFileSnapshot('../packages/dashboard/src/api/document.ts')
  })

  it('is a valid OpenAPI 3.1 document', async () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true })
  })

  it('tells of every operation what it does, where it belongs, who may call it, and what it takes', () => {
    const wrong = [...api.operations].flatMap(([id, { route, operation }]) => {
      const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const described = (operation.parameters ?? []).filter(
        ({ in: place }: { in: string }) => place === 'path',
      )
      return [
        /^[A-Z“].{2,120}[^.\s]$/.test(operation.summary) ? [] : 'summary',
        operation.tags.length === 1 ? [] : 'tag',
        /Needs no sign-in|signed in|Role/.test(operation.description) ? [] : 'who may',
        JSON.stringify(described.map(({ name }: { name: string }) => name)) === JSON.stringify(named)
          ? []
          : 'path',
      ]
        .flat()
        .map((what) => `${id}: ${what}`)
    })
    expect(wrong).toEqual([])
    expect(api.operations.size).toBeGreaterThan(120)
  })

  it('gives no example that its own shape refuses', () => {
    expect(api.wrongExamples(document)).toEqual([])
  })

  it('is what a story in which every operation is called gets answered', async () => {
    const ada = service.person()
    const call = (id: string, given = {}) => api.call(ada, id, given)
    const must = (id: string, given = {}) => api.do(ada, id, given)
    const nobody = service.person()
    // People.
    for (const id of ['getHealth', 'getReadiness', 'getSignInOptions']) await api.do(nobody, id)
    await api.do(nobody.withKey('a-token-for-metrics'), 'getMetrics')
    await must('signUp', {
      body: { email: 'ada@example.com', name: 'Ada', password, workspaceName: 'Engines' },
    })
    const { workspaceId } = (await must('listWorkspaces')).items[0]
    const workspace = { workspaceId }
    const adaId = (await must('getMe')).personId
    await must('changeMe', { body: { name: 'Ada Lovelace' } })
    await must('changeWorkspace', { path: workspace, body: { name: 'Analytical engines' } })
    await must('createWorkspace', { body: { name: 'Second' } })
    await must('confirmIdentity', { body: { password } })
    const invite = await must('createInvite', {
      path: workspace,
      body: { email: 'bob@example.com', role: 'admin' },
    })
    await must('listInvites', { path: workspace })
    const token = new URL(invite.link).hash.slice(1)
    await api.do(nobody, 'openInvite', { body: { token } })
    const bob = service.person()
    await api.do(bob, 'acceptInvite', { body: { token, name: 'Bob', password } })
    const bobId = (await api.do(bob, 'getMe')).personId
    const again = await must('createInvite', {
      path: workspace,
      body: { email: 'eve@example.com', role: 'viewer' },
    })
    await must('deleteInvite', { path: { ...workspace, inviteId: again.invite.inviteId } })
    const other = (await must('listWorkspaces')).items.find(({ name }: { name: string }) => name === 'Second')
    const joins = await must('createInvite', {
      path: other,
      body: { email: 'bob@example.com', role: 'viewer' },
    })
    await api.do(bob, 'joinWorkspace', { body: { token: new URL(joins.link).hash.slice(1) } })
    await api.do(bob, 'leaveWorkspace', { path: other })
    await must('listMembers', { path: workspace })
    await must('changeMember', { path: { ...workspace, personId: bobId }, body: { role: 'member' } })
    await must('changeMember', { path: { ...workspace, personId: bobId }, body: { role: 'admin' } })
    const reset = await must('createResetLink', { path: { ...workspace, personId: bobId } })
    await api.do(nobody, 'finishPasswordReset', {
      body: { token: new URL(reset.link).hash.slice(1), password: `${password}!` },
    })
    await api.do(bob, 'signIn', { body: { email: 'bob@example.com', password: `${password}!` } })
    await api.do(bob, 'listSessions')
    await api.do(bob, 'changePassword', { body: { current: `${password}!`, next: password } })
    const elsewhere = service.person()
    await api.do(elsewhere, 'signIn', { body: { email: 'bob@example.com', password } })
    const sessions = (await api.do(bob, 'listSessions')).items
    const { sessionId } = sessions.find(({ isThisOne }: { isThisOne: boolean }) => !isThisOne)
    await api.do(bob, 'endSession', { path: { sessionId } })
    await api.do(bob, 'endOtherSessions')
    const offered = await api.do(bob, 'offerSecondFactor', { body: { password } })
    const code = authenticatorOf(offered.uri)
    await api.do(bob, 'turnOnSecondFactor', { body: { code: code() } })
    const { backupCodes } = await api.do(bob, 'createBackupCodes', { body: { password } })
    const phone = service.person()
    await api.do(phone, 'signIn', { body: { email: 'bob@example.com', password } })
    await api.do(phone, 'giveSignInCode', { body: { code: backupCodes[0] } })
    await api.do(bob, 'turnOffSecondFactor', { body: { password } })
    await api.do(phone, 'signOut')
    const { key, apiKey } = await must('createApiKey', {
      path: workspace,
      body: { name: 'CI', scope: 'read+repair' },
    })
    await must('listApiKeys', { path: workspace })
    await api.do(ada.withKey(key), 'getMe')

    // A project and its sources.
    const made = await must('createProject', {
      path: workspace,
      body: { name: 'App', timeZone: 'Europe/Berlin' },
    })
    const path = { projectId: made.id }
    await must('listProjects')
    await must('getProject', { path })
    await must('getOnboarding', { path })
    await must('keepOnboardingAnswers', { path, body: { answers: { framework: 'next', billing: 'stripe' } } })
    await must('listStripePermissions', { path })
    const columns = ['id', 'stripe_customer_id', 'plan']
    await must('writeReadRoleSql', { path, body: { tables: [{ table: 'users', columns }] } })
    await call('connectSource', { path, body: { kind: 'stripe', key: 'pk_test_publishable' } })
    await must('connectSource', { path, body: { kind: 'stripe', key: sandbox.stripe.restrictedKey } })
    await must('connectSource', { path, body: { kind: 'clerk', key: sandbox.clerk.secretKey } })
    await must('connectSource', { path, body: { kind: 'postgres', source: 'postgres', url: app.url } })
    await must('listSources', { path })
    await must('testSource', { path: { ...path, name: 'stripe' } })
    await must('listStripePrices', { path, query: { usage: 'true' } })
    await must('tryMapping', { path, body: { access: sandbox.config.access, match: ['customer.id'] } })
    await must('sampleClerkFields', { path })
    await must('lookIntoDatabase', { path: { ...path, name: 'postgres' }, body: {} })
    await must('proposeConfig', { path })
    const push = await must('createPushSecret', { path })
    await must('listPushSecrets', { path })
    await must('deletePushSecret', { path: { ...path, secretId: push.id } })
    await must('disconnectSource', { path: { ...path, name: 'clerk' } })
    await must('listSecretUses', { path, query: { limit: '5' } })
    const config = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
    await must('validateConfig', { path, body: { document: config } })
    await call('putConfig', { path, body: { document: { nothing: 1 }, expectedVersion: 0 } })
    await must('putConfig', { path, body: { document: config, expectedVersion: 0 } })
    await must('getConfig', { path })
    const changed = { ...config, policy: { ...config.policy, settleMinutes: 1 } }
    await must('putConfig', { path, body: { document: changed, expectedVersion: 1 } })
    await must('writeRepairSql', { path: { ...path, name: 'postgres' }, body: {} })
    await must('listConfigVersions', { path })
    await must('getConfigVersion', { path: { ...path, version: '1' } })
    await must('compareConfigVersions', { path, query: { from: '1', to: '2' } })
    await must('revertConfigVersion', { path: { ...path, version: '1' }, body: { expectedVersion: 2 } })
    await must('changeProject', { path, body: { state: 'live' } })
    await must('listSchedules', { path })
    await must('changeSchedules', { path, body: { tasks: { digest: { enabled: false } } } })
    await must('previewSchedule', { path, query: { cron: '0 6 * * *' } })

    // Checks, and what they file.
    const dry = (await must('createCheck', { path, body: { kind: 'full', dryRun: true } })).check
    const ofDry = { path: { ...path, checkId: dry.id } }
    await expect
      .poll(async () => (await call('getCheckPreview', ofDry)).status, { timeout: 30_000 })
      .toBe(200)
    const { check } = await must('createCheck', { path, body: { kind: 'full' } })
    const ofCheck = { path: { ...path, checkId: check.id } }
    await expect
      .poll(async () => (await must('getCheck', ofCheck)).finishedAt, { timeout: 30_000 })
      .not.toBeNull()
    await must('followCheck', ofCheck)
    await must('listChecks', { path })
    const incidents = (await must('listIncidents', { path, query: { limit: '100' } })).items
    expect(incidents.length).toBeGreaterThan(3)
    const incident = { ...path, incidentId: incidents[0].id }
    await must('getIncident', { path: incident })
    await must('countIncidents', { path })
    await must('acknowledgeIncident', { path: incident, body: {} })
    await must('assignIncident', { path: incident, body: { assignee: bobId } })
    await must('commentIncident', { path: incident, body: { text: 'Looking at it.' } })
    await must('ignoreIncident', { path: incident, body: { reason: 'A test account.' } })
    await must('reopenIncident', { path: incident, body: {} })
    await must('actOnIncidents', {
      path,
      body: { act: { act: 'acknowledge' }, ids: [incidents[1].id], count: 1 },
    })
    await must('lookIntoIncident', { path: incident })
    await must('listCauses', { path })
    await must('markDeploy', { path, body: { version: 'v2.14.0' } })
    await must('listDeploys', { path })
    await must('getMoney', { path, query: { days: '7' } })
    await must('getParity', { path, query: { days: '7' } })
    await must('exportIncidents', { path, query: { severity: 'critical' } })
    await must('exportChecks', { path })
    await must('exportCustomers', { path })
    await must('exportEvents', { path })
    await must('exportRepairs', { path })
    await must('tryConfig', { path, body: { changes: { policy: { pastDue: { days: 3 } } } } })
    const view = await must('createView', { path, body: { name: 'Urgent', query: { sort: 'money' } } })
    await must('listViews', { path })
    await must('changeView', { path: { ...path, viewId: view.id }, body: { name: 'Dear' } })
    await must('deleteView', { path: { ...path, viewId: view.id } })
    await must('listCustomers', { path, query: { q: 'a' } })
    const about = incidents.find(({ customerId, subject }: Named) => customerId && subject)
    const customer = { ...path, customerId: about.customerId }
    // A check that the clock began meanwhile has to end first.
    await expect
      .poll(async () => (await call('getCustomerState', { path: customer })).status, { timeout: 30_000 })
      .toBe(200)
    await must('getCustomerTimeline', { path: customer })
    await must('getCustomerHistory', { path: customer })
    await must('getCustomerAt', { path: customer, query: { time: new Date().toISOString() } })
    await must('checkCustomer', { path: customer, body: { dryRun: true } })
    const until2030 = { until: '2030-01-01T00:00:00.000Z' }
    const allowed = { subject: about.subject, allowed: { paid: true }, reason: 'A friend.', ...until2030 }
    const exception = await must('createException', { path, body: allowed })
    await must('listExceptions', { path })
    const ofException = { path: { ...path, exceptionId: exception.id } }
    await must('getException', ofException)
    await must('extendException', { ...ofException, body: { until: '2031-01-01T00:00:00.000Z' } })
    await must('endException', ofException)

    // Repairs, as far as a project goes that none can be made in.
    await call('proposeRepairs', { path })
    await must('listRepairs', { path })
    await must('getRepairBrakes', { path })
    await must('switchRepairs', { path, body: { to: 'off', reason: 'A drill.' } })

    // Webhooks in, alerts, webhooks out.
    const { id: secretId } = await must('createWebhookSecret', {
      path: { ...path, provider: 'stripe' },
      body: { secret: sandbox.stripe.webhookSecret },
    })
    sandbox.sendWebhooks({ stripe: `${service.url}/api/webhooks/stripe/${made.id}` })
    const [subscription] = sandbox.world.stripe.subscriptions.all()
    await fetch(`${sandbox.stripe.url}/v1/subscriptions/${subscription?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${sandbox.stripe.secretKey}` },
    })
    await expect
      .poll(async () => (await must('listEvents', { path })).items.length, { timeout: 30_000 })
      .toBeGreaterThan(0)
    const [event] = (await must('listEvents', { path })).items
    const ofEvent = { path: { ...path, provider: event.provider, eventId: event.id } }
    await must('getEvent', ofEvent)
    await must('replayEvent', ofEvent)
    await must('listWebhooks', { path })
    await must('sendTestEvent', { path: { ...path, provider: 'stripe' } })
    await must('compareWebhookEvents', { path })
    await must('listDueChecks', { path })
    await call('retryDueChecks', {
      path,
      body: { target: { kind: 'customer', id: about.customerId } },
    })
    await must('deleteWebhookSecret', { path: { ...path, provider: 'stripe', secretId } })
    const channel = await must('createAlertChannel', {
      path,
      body: { name: 'Ops', config: { kind: 'slack', url: `${receiver.url}/a` } },
    })
    const ofChannel = { path: { ...path, channelId: channel.id } }
    await must('listAlertChannels', { path })
    await must('getAlertChannel', ofChannel)
    await must('changeAlertChannel', { ...ofChannel, body: { name: 'Operations' } })
    await must('testAlertChannel', ofChannel)
    const rule = { name: 'All', channels: [channel.id] }
    const { id: ruleId } = await must('createAlertRule', { path, body: rule })
    await must('putAlertRule', {
      path: { ...path, ruleId },
      body: { rule: { ...rule, minSeverity: 'high' } },
    })
    await must('listAlertRules', { path })
    const [delivery] = (await must('listAlertDeliveries', { path })).items
    const ofDelivery = { path: { ...path, deliveryId: delivery.id } }
    await must('getAlertDelivery', ofDelivery)
    await call('sendAlertAgain', ofDelivery)
    await must('deleteAlertRule', { path: { ...path, ruleId } })
    await must('deleteAlertChannel', ofChannel)
    const { endpoint } = await must('createOutgoingWebhook', {
      path,
      body: { url: `${receiver.url}/out`, messageTypes: ['incident.acknowledged'] },
    })
    const ofEndpoint = { path: { ...path, endpointId: endpoint.id } }
    await must('listOutgoingWebhooks', { path })
    await must('getOutgoingWebhook', ofEndpoint)
    await must('changeOutgoingWebhook', { ...ofEndpoint, body: { description: 'Ours' } })
    await must('rollOutgoingSecret', ofEndpoint)
    await must('acknowledgeIncident', { path: { ...path, incidentId: incidents[2].id }, body: {} })
    await expect
      .poll(async () => (await must('listOutgoingDeliveries', { path })).items.length, { timeout: 30_000 })
      .toBeGreaterThan(0)
    const [message] = (await must('listOutgoingDeliveries', { path })).items
    await must('getOutgoingDelivery', { path: { ...path, deliveryId: message.id } })
    await call('sendOutgoingAgain', { path: { ...path, deliveryId: message.id } })
    await must('deleteOutgoingWebhook', ofEndpoint)

    // The record, agents, and the end.
    await must('listLedgerEntries', { path })
    await must('getLedgerCheckpoint', { path })
    await must('getLedgerKey', { path })
    await must('exportLedger', { path })
    await must('listWorkspaceEntries', { path: workspace })
    await must('disconnectSources', { path })
    await must('deleteApiKey', { path: { ...workspace, keyId: apiKey.keyId } })
    await must('getDemo', { path: workspace })
    const { project: shownAround } = await must('startDemo', { path: workspace })
    await must('resetDemo', { path: workspace })
    await call('getProject', { path: { projectId: shownAround.id } })
    await must('deleteProject', { path, body: { name: 'App' } })
    await must('restoreProject', { path })
    await must('deleteWorkspace', { path: other, body: { name: 'Second' } })
    await must('restoreWorkspace', { path: other })
    await must('handOverWorkspace', { path: workspace, body: { personId: bobId } })
    await api.do(bob, 'deleteMember', { path: { ...workspace, personId: adaId } })

    // Whatever is left is called with nothing that is there.
    for (const [id, { operation }] of api.operations) {
      if (!api.answered.has(id) && !inAnotherProtocol.includes(id))
        await call(id, { path, ...(operation.requestBody ? { body: {} } : {}) })
    }
    expect(api.differences).toEqual([])
  })

  it('was called whole, and answered with success wherever that can be', () => {
    const called = [...api.operations.keys()].filter((id) => !inAnotherProtocol.includes(id))
    expect(called.filter((id) => !api.answered.has(id))).toEqual([])
    const failed = called.filter((id) => !api.answered.get(id)?.some((status) => status < 300))
    expect(failed.toSorted()).toEqual([...notSetUp, ...nothingToActOn].toSorted())
  })
})
