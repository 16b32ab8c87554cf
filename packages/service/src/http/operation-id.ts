import type { RouteKey } from './policy.ts'

/** Routes that are called otherwise than their address would have it. */
const named: { readonly [Key in RouteKey]?: string } = {
  'GET /healthz': 'getHealth',
  'GET /readyz': 'getReadiness',
  'GET /metrics': 'getMetrics',
  'POST /api/cron/{task}': 'runCronTask',
  'POST /api/mcp': 'callMcp',
  'GET /api/mcp': 'openMcpStream',
  'DELETE /api/mcp': 'endMcpSession',

  'GET /api/v1/sign-in-options': 'getSignInOptions',
  'POST /api/v1/sign-up': 'signUp',
  'POST /api/v1/sign-up/link': 'requestSignUpLink',
  'POST /api/v1/session': 'signIn',
  'POST /api/v1/session/code': 'giveSignInCode',
  'POST /api/v1/session/provider': 'startProviderSignIn',
  'GET /api/auth/callback/oidc': 'finishProviderSignIn',
  'DELETE /api/v1/session': 'signOut',
  'POST /api/v1/session/confirm': 'confirmIdentity',
  'POST /api/v1/password-reset': 'requestPasswordReset',
  'PUT /api/v1/me/password': 'changePassword',
  'POST /api/v1/me/second-factor': 'offerSecondFactor',
  'POST /api/v1/me/second-factor/confirm': 'turnOnSecondFactor',
  'POST /api/v1/me/second-factor/remove': 'turnOffSecondFactor',
  'POST /api/v1/me/second-factor/backup-codes': 'createBackupCodes',
  'GET /api/v1/me/sessions': 'listSessions',
  'DELETE /api/v1/me/sessions': 'endOtherSessions',
  'DELETE /api/v1/me/sessions/{sessionId}': 'endSession',

  'POST /api/v1/workspaces/{workspaceId}/hand-over': 'handOverWorkspace',
  'POST /api/v1/workspaces/{workspaceId}/leave': 'leaveWorkspace',
  'POST /api/v1/workspaces/{workspaceId}/restore': 'restoreWorkspace',
  'GET /api/v1/workspaces/{workspaceId}/demo': 'getDemo',
  'POST /api/v1/workspaces/{workspaceId}/demo': 'startDemo',
  'POST /api/v1/workspaces/{workspaceId}/demo/reset': 'resetDemo',
  'GET /api/v1/workspaces/{workspaceId}/record': 'listWorkspaceEntries',
  'POST /api/v1/workspaces/{workspaceId}/members/{personId}/reset-link': 'createResetLink',
  'POST /api/v1/invites/open': 'openInvite',
  'POST /api/v1/invites/accept': 'acceptInvite',
  'POST /api/v1/invites/join': 'joinWorkspace',

  'POST /api/v1/projects/{projectId}/restore': 'restoreProject',
  'GET /api/v1/projects/{projectId}/onboarding': 'getOnboarding',
  'PUT /api/v1/projects/{projectId}/onboarding/answers': 'keepOnboardingAnswers',
  'GET /api/v1/projects/{projectId}/setup/permissions': 'listStripePermissions',
  'POST /api/v1/projects/{projectId}/setup/read-role-sql': 'writeReadRoleSql',
  'POST /api/v1/projects/{projectId}/setup/try-mapping': 'tryMapping',
  'GET /api/v1/projects/{projectId}/checks/{checkId}/preview': 'getCheckPreview',
  'POST /api/v1/projects/{projectId}/webhooks/{provider}/test': 'sendTestEvent',
  'POST /api/v1/projects/{projectId}/customers/{customerId}/check': 'checkCustomer',
  'POST /api/v1/projects/{projectId}/incidents/{incidentId}/cause': 'lookIntoIncident',
  'POST /api/v1/projects/{projectId}/deploys': 'markDeploy',
  'POST /api/v1/projects/{projectId}/sources': 'connectSource',
  'DELETE /api/v1/projects/{projectId}/sources': 'disconnectSources',
  'DELETE /api/v1/projects/{projectId}/sources/{name}': 'disconnectSource',
  'GET /api/v1/projects/{projectId}/setup/prices': 'listStripePrices',
  'GET /api/v1/projects/{projectId}/setup/clerk-fields': 'sampleClerkFields',
  'POST /api/v1/projects/{projectId}/setup/databases/{name}': 'lookIntoDatabase',
  'POST /api/v1/projects/{projectId}/setup/databases/{name}/repair-sql': 'writeRepairSql',
  'POST /api/v1/projects/{projectId}/setup/config': 'proposeConfig',
  'POST /api/v1/projects/{projectId}/config/what-if': 'tryConfig',
  'GET /api/v1/projects/{projectId}/config/diff': 'compareConfigVersions',
  'GET /api/v1/projects/{projectId}/schedules/preview': 'previewSchedule',
  'GET /api/v1/projects/{projectId}/incidents/counts': 'countIncidents',
  'GET /api/v1/projects/{projectId}/customers/{customerId}/at': 'getCustomerAt',
  'GET /api/v1/projects/{projectId}/incidents/export': 'exportIncidents',
  'GET /api/v1/projects/{projectId}/customers/export': 'exportCustomers',
  'GET /api/v1/projects/{projectId}/repairs/export': 'exportRepairs',
  'GET /api/v1/projects/{projectId}/checks/export': 'exportChecks',
  'GET /api/v1/projects/{projectId}/events/export': 'exportEvents',
  'POST /api/v1/projects/{projectId}/incidents/bulk': 'actOnIncidents',
  'GET /api/v1/projects/{projectId}/checks/{checkId}/progress': 'followCheck',
  'POST /api/v1/projects/{projectId}/webhooks/compare': 'compareWebhookEvents',
  'GET /api/v1/projects/{projectId}/repairs/brakes': 'getRepairBrakes',
  'GET /api/v1/projects/{projectId}/ledger': 'listLedgerEntries',
  'GET /api/v1/projects/{projectId}/ledger/export': 'exportLedger',
  'POST /api/v1/projects/{projectId}/alerts/deliveries/{deliveryId}/send-again': 'sendAlertAgain',
  'POST /api/v1/projects/{projectId}/outgoing-deliveries/{deliveryId}/send-again': 'sendOutgoingAgain',
  'POST /api/v1/projects/{projectId}/outgoing-webhooks/{endpointId}/roll-secret': 'rollOutgoingSecret',
}

const verbs: Readonly<Record<string, string>> = { PUT: 'put', PATCH: 'change', DELETE: 'delete' }

/**
 * What a generated client calls a route: the act and the thing, without where it stands.
 *
 * @example
 * operationIdOf('GET /api/v1/projects/{projectId}/incidents') // listIncidents
 * operationIdOf('POST /api/v1/projects/{projectId}/incidents/{incidentId}/ignore') // ignoreIncident
 */
export function operationIdOf(key: RouteKey): string {
  return named[key] ?? composed(key)
}

function composed(key: string): string {
  const [method = '', path = ''] = key.split(' ')
  const words = path
    .replace(/^\/api\/v1\/(?:(?:projects\/\{projectId\}|workspaces\/\{workspaceId\})\/)?/, '')
    .replace(/^alerts\//, 'alert-')
    .split('/')
  const things = words.flatMap((word, place) => {
    if (word.startsWith('{')) return []
    return [words[place + 1]?.startsWith('{') ? oneOf(word) : word]
  })
  const last = words.at(-1) ?? ''
  if (method === 'GET') return `${isMany(last) ? 'list' : 'get'}${joined(things)}`
  if (method !== 'POST') return `${verbs[method]}${joined(things)}`
  const thing = things.pop() ?? ''
  return isMany(last) ? `create${joined([...things, oneOf(thing)])}` : `${camel(thing)}${joined(things)}`
}

function isMany(word: string): boolean {
  return /[^s]s$/.test(word)
}

function oneOf(things: string): string {
  return things.replace(/ies$/, 'y').replace(/s$/, '')
}

function joined(things: readonly string[]): string {
  return things.map((thing) => capital(camel(thing))).join('')
}

function camel(word: string): string {
  return word.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
