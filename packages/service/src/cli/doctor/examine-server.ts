import type { Clock, ConnectionFinding } from '@trueup/core'
import type { Shown } from '../../http/shown/shown.ts'
import type { ApiClient, Page } from '../../remote/api-client.ts'
import type { ShownCheck } from '../../remote/read-answer.ts'
import type { RemoteProject } from '../../remote/remote-project.ts'
import { findRemoteProject } from '../../remote/remote-project.ts'
import type { Section } from '../output/findings.ts'
import { version } from '../version.ts'
import type { Findings } from './attempt.ts'
import { ageText, attempt, failed, findings, ok, warning } from './attempt.ts'

/** Older than this, somebody should look: seconds. */
const tooOld = { event: 15 * 60, check: 26 * 3_600, checkpoint: 26 * 3_600, test: 90 * 86_400 } as const

/**
 * Tries a running service from outside, with a key: whether it answers, what the key may do, and how the project does.
 * Only what a key may read is looked at, and nothing is changed.
 */
export async function examineServer(
  client: ApiClient,
  projectId: string | null,
  clock: Clock,
): Promise<readonly Section[]> {
  const reached = await findings('reached', reach(client))
  const server: Section = { name: 'Server', findings: reached }
  if (reached.some(({ state }) => state === 'failed')) return [server]
  const key = await findings('key', examineKey(client))
  const withKey = [server, { name: 'API key', findings: key }]
  if (key.some(({ state }) => state === 'failed')) return withKey
  const found = await attempt('project', () => findRemoteProject(client, projectId))
  if (!found.answer) return [...withKey, { name: 'Project', findings: found.failed }]
  const remote = found.answer
  const look = async (name: string, first: string, looking: Promise<Findings>): Promise<Section> => ({
    name,
    findings: await findings(first, looking),
  })
  return [
    ...withKey,
    {
      name: 'Project',
      findings: [...projectFindings(remote), ...(await findings('configuration', examineConfig(remote)))],
    },
    await look('Sources', 'sources', examineSources(remote, clock)),
    await look('Checks', 'checks', examineChecks(remote, clock)),
    await look('Webhooks in', 'webhooks', examineWebhooks(remote, clock)),
    await look('Alerts', 'alerts', examineAlerts(remote)),
    await look('Repairs', 'repairs', examineRepairs(remote)),
  ].filter((section) => section.findings.length > 0)
}

interface Ready {
  readonly status: string
  readonly because: readonly string[]
  readonly standing: {
    readonly oldestUnprocessedEventAge: number | null
    readonly oldestCompleteCheckAge: number | null
    readonly lastCheckpointAge: number | null
  } | null
}

async function reach(client: ApiClient): Promise<Findings> {
  const alive = await client.probe<{ readonly status?: string; readonly version?: string }>('/healthz')
  if (alive.body.status !== 'ok' || !alive.body.version) {
    return [
      failed(
        'reached',
        `${client.url} answers with ${alive.status}, and not as a Trueup service does`,
        'Look at TRUEUP_URL.',
      ),
    ]
  }
  const served =
    alive.body.version === version
      ? ok('version', version)
      : warning(
          'version',
          `${alive.body.version}, and this program is ${version}`,
          'Use the same version of both, so that they know the same.',
        )
  const { body: ready } = await client.probe<Ready>('/readyz')
  const readiness =
    ready.status === 'ready'
      ? ok('ready', 'takes requests')
      : failed(
          'ready',
          `not ready: ${(ready.because ?? []).join(', ')}`,
          'Look at the log of the service; it is ready again by itself when its database is.',
        )
  return [ok('reached', client.url), served, readiness, ...(ready.standing ? agesOf(ready.standing) : [])]
}

/** Of all projects of the service together. */
function agesOf(standing: NonNullable<Ready['standing']>): Findings {
  const { oldestUnprocessedEventAge, oldestCompleteCheckAge, lastCheckpointAge } = standing
  return [
    aged('events', oldestUnprocessedEventAge, tooOld.event, {
      none: 'none waits to be worked on',
      says: (age) => `the oldest that waits is ${age} old`,
      fix: 'Start a worker (trueup serve --role worker), or look in its log for why checks of single customers fail.',
    }),
    aged('checks', oldestCompleteCheckAge, tooOld.check, {
      none: 'no live project was checked yet',
      says: (age) => `the project that was not checked for longest was ${age} ago`,
      fix: 'Look at that project: its last checks say what was not read.',
    }),
    aged('checkpoint', lastCheckpointAge, tooOld.checkpoint, {
      none: 'no ledger has been signed yet',
      says: (age) => `the last one was signed ${age} ago`,
      fix: 'Look in the log of the workers for why ledgers are not signed.',
    }),
  ]
}

function aged(
  name: string,
  seconds: number | null,
  most: number,
  words: { readonly none: string; readonly says: (age: string) => string; readonly fix: string },
): ConnectionFinding {
  if (seconds === null) return ok(name, words.none)
  const says = words.says(ageText(seconds))
  return seconds > most ? warning(name, says, words.fix) : ok(name, says)
}

async function examineKey(client: ApiClient): Promise<Findings> {
  const me = await client.get<{
    readonly kind: string
    readonly scope?: string
    readonly workspaceId?: string
    readonly projectId?: string | null
  }>('/api/v1/me')
  const reach = me.projectId ? `project ${me.projectId}` : 'every project'
  const can =
    me.scope === 'read'
      ? 'reads and checks; it may act on nothing'
      : 'reads, checks, and acts on incidents and repairs'
  return [ok('key', `of workspace ${me.workspaceId}, for ${reach}`), ok('scope', `${me.scope}: ${can}`)]
}

function projectFindings({ id, name, state }: RemoteProject): Findings {
  const found = `${name} (${id}), ${state}`
  return [
    state === 'live'
      ? ok('project', found)
      : warning('project', found, 'It is checked when asked and not by itself: set its state to live.'),
  ]
}

async function examineConfig({ client, at }: RemoteProject): Promise<Findings> {
  const {
    version: number,
    author,
    madeAt,
  } = await client.get<{
    readonly version: number
    readonly author: string
    readonly madeAt: string
  }>(at('/config'))
  return [ok('configuration', `version ${number}, by ${author} on ${madeAt.slice(0, 10)}`)]
}

interface Source {
  readonly name: string
  readonly label: string
  readonly testedAt: string
  readonly findings: readonly ConnectionFinding[]
  readonly failure: { readonly code: string; readonly message: string; readonly fix: string } | null
}

async function examineSources({ client, at }: RemoteProject, clock: Clock): Promise<Findings> {
  const { items } = await client.get<{ readonly items: readonly Source[] }>(at('/sources'))
  if (items.length === 0) {
    return [
      failed(
        'sources',
        'the project is connected to nothing',
        'Connect Stripe and where your app keeps access.',
      ),
    ]
  }
  return items.flatMap(({ name, label, testedAt, failure, findings: tried }): Findings => {
    const age = secondsSince(testedAt, clock)
    const tested = `${label}, tested ${ageText(age)} ago`
    if (failure) {
      return [failed(name, `${failure.message} [${failure.code}], tested ${ageText(age)} ago`, failure.fix)]
    }
    const open = tried
      .filter(({ state }) => state !== 'ok')
      .map((finding) => ({ ...finding, name: `${name} ${finding.name}` }))
    const own =
      age > tooOld.test
        ? warning(name, tested, 'Test it again: its page has a button for that.')
        : ok(name, tested)
    return [own, ...open]
  })
}

async function examineChecks({ client, at, state }: RemoteProject, clock: Clock): Promise<Findings> {
  const recent = await client.list<Shown<ShownCheck>>(at('/checks'), { kind: 'full' }, 100)
  const filed = recent.filter(({ dryRun, finishedAt }) => !dryRun && finishedAt !== null)
  const whole = filed.find(({ complete }) => complete)
  const due = await client.get<{
    readonly due: number
    readonly setAside: number
    readonly oldestDueSince: string | null
  }>(at('/due-checks'), { limit: 1 })
  return [lastWhole(whole, filed[0], state, clock), ...dueFindings(due, clock)]
}

function lastWhole(
  whole: Shown<ShownCheck> | undefined,
  last: Shown<ShownCheck> | undefined,
  state: string,
  clock: Clock,
): ConnectionFinding {
  if (!whole?.finishedAt) {
    return warning(
      'last complete',
      last ? 'none of the last checks read everything' : 'there was no check yet',
      last ? unreadOf(last) : 'Run one: trueup check.',
    )
  }
  const age = secondsSince(whole.finishedAt, clock)
  const found = `${ageText(age)} ago: ${whole.counts?.customers ?? 0} customers, ${whole.counts?.drifts ?? 0} drift`
  if (last && last.id !== whole.id)
    return warning('last complete', `${found}; the last check was not complete`, unreadOf(last))
  if (age > tooOld.check && state === 'live') {
    return warning('last complete', found, 'Look at its schedules, and whether a worker runs.')
  }
  return ok('last complete', found)
}

/** What the last check did not read, and why. */
function unreadOf({ parts }: Shown<ShownCheck>): string {
  const unread = Object.entries(parts).flatMap(([part, state]) =>
    state.state === 'failed' ? [`${part}: ${state.message} [${state.code}]`] : [],
  )
  return unread.length > 0 ? `Mend what was not read: ${unread.join('; ')}` : 'Check again.'
}

function dueFindings(
  {
    due,
    setAside,
    oldestDueSince,
  }: { readonly due: number; readonly setAside: number; readonly oldestDueSince: string | null },
  clock: Clock,
): Findings {
  const age = oldestDueSince === null ? 0 : secondsSince(oldestDueSince, clock)
  const found =
    due === 0 ? 'nobody waits for a check' : `${due} wait for a check, the first for ${ageText(age)}`
  return [
    age > tooOld.event
      ? warning('due', found, 'Look whether a worker runs, and in its log.')
      : ok('due', found),
    ...(setAside > 0
      ? [
          warning(
            'set aside',
            `${setAside} whose check failed at every try`,
            'See why (GET due-checks), mend it, and give them new tries (POST due-checks/retry).',
          ),
        ]
      : []),
  ]
}

interface Webhooks {
  readonly endpoints: readonly {
    readonly provider: string
    readonly lastReceivedAt: string | null
    readonly missing: number
    readonly alarms: readonly string[]
    readonly sweepFailure: { readonly message: string } | null
  }[]
  readonly refusals: readonly {
    readonly provider: string
    readonly reason: string
    readonly count: number
    readonly lastAt: string
  }[]
}

const alarmFixes: Readonly<Record<string, string>> = {
  'no-secret': 'Add the signing secret that the provider shows for its endpoint.',
  'never-received': 'Enter the address of the endpoint at the provider, and send a test event.',
  silent: 'Look at the endpoint at the provider: it may be switched off.',
  losing: 'Look at failed deliveries at the provider. What was lost is found and checked by itself.',
  refusing: 'Compare the signing secret with the one at the provider.',
  'not-compared': 'The list of events cannot be read: give the key of Stripe Read on Events.',
  'clock-differs': 'Set the clock of the service by NTP.',
}

async function examineWebhooks({ client, at }: RemoteProject, clock: Clock): Promise<Findings> {
  const { endpoints, refusals } = await client.get<Webhooks>(at('/webhooks'))
  if (endpoints.length === 0) {
    return [
      warning(
        'webhooks',
        'none has an endpoint: changes are found by checks alone',
        'Add one, and changes are checked in seconds.',
      ),
    ]
  }
  const day = 86_400
  return [
    ...endpoints.flatMap(({ provider, lastReceivedAt, missing, alarms, sweepFailure }): Findings => {
      const last =
        lastReceivedAt === null
          ? 'nothing received yet'
          : `last received ${ageText(secondsSince(lastReceivedAt, clock))} ago`
      const gaps = missing === 0 ? 'no gap in the last week' : `${missing} events of the last week never came`
      if (alarms.length === 0) return [ok(provider, `${last}, ${gaps}`)]
      return alarms.map((alarm) =>
        warning(
          provider,
          `${alarm}: ${last}, ${gaps}${alarm === 'not-compared' && sweepFailure ? `; ${sweepFailure.message}` : ''}`,
          alarmFixes[alarm] ?? 'Look at its page.',
        ),
      )
    }),
    ...refusals
      .filter(({ lastAt }) => secondsSince(lastAt, clock) < day)
      .map(({ provider, reason, count }) =>
        warning(`${provider} refused`, `${count} of late: ${reason}`, alarmFixes.refusing ?? ''),
      ),
  ]
}

interface Delivery {
  readonly targetId: string
  readonly problem: string | null
}

async function examineAlerts({ client, at }: RemoteProject): Promise<Findings> {
  const channels = await client.get<{
    readonly items: readonly {
      readonly id: string
      readonly name: string
      readonly kind: string
      readonly enabled: boolean
    }[]
  }>(at('/alerts/channels'))
  const rules = await client.get<{ readonly items: readonly { readonly enabled: boolean }[] }>(
    at('/alerts/rules'),
  )
  const lost = await setAsideByTarget(client, at('/alerts/deliveries'))
  const told: Findings = channels.items.map(({ id, name, kind, enabled }) => {
    const failing = lost.get(id)
    if (failing) return deliveriesLost(`${kind} ${name}`, failing)
    return enabled
      ? ok(`${kind} ${name}`, 'every message was sent')
      : warning(`${kind} ${name}`, 'switched off', 'Switch it on, or remove it.')
  })
  const none =
    channels.items.length === 0 || !rules.items.some(({ enabled }) => enabled)
      ? [warning('alerts', 'nobody is told of incidents', 'Add a channel, and a rule that names it.')]
      : []
  const endpoints = await setAsideByTarget(client, at('/outgoing-deliveries'))
  return [
    ...none,
    ...told,
    ...[...endpoints].map(([id, failing]) => deliveriesLost(`webhook ${id}`, failing)),
  ]
}

async function setAsideByTarget(
  client: ApiClient,
  path: string,
): Promise<ReadonlyMap<string, readonly Delivery[]>> {
  const { items } = await client.get<Page<Delivery>>(path, { state: 'set-aside', limit: 100 })
  const byTarget = new Map<string, Delivery[]>()
  for (const delivery of items) {
    byTarget.set(delivery.targetId, [...(byTarget.get(delivery.targetId) ?? []), delivery])
  }
  return byTarget
}

function deliveriesLost(name: string, deliveries: readonly Delivery[]): ConnectionFinding {
  const why = deliveries[0]?.problem
  return warning(
    name,
    `${deliveries.length} messages could not be sent${why ? `: ${why}` : ''}`,
    'Mend the receiver, try it with its test, and send them again.',
  )
}

async function examineRepairs({ client, at }: RemoteProject): Promise<Findings> {
  const { switchedOff, heldBy } = await client.get<{
    readonly switchedOff: readonly { readonly scope: string; readonly by: string; readonly reason: string }[]
    readonly heldBy: readonly { readonly id: string; readonly sentence: string }[]
  }>(at('/repairs/brakes'))
  const held = [
    ...switchedOff.map(({ scope, by, reason }) =>
      warning(
        'switched off',
        `${scope}, by ${by}: ${reason}`,
        'Switch them on when that is over: trueup repair on.',
      ),
    ),
    ...heldBy.map(({ sentence }) =>
      warning('held', sentence, 'Look at the drifts; where they are real: trueup repair release.'),
    ),
  ]
  return held.length > 0 ? held : [ok('brakes', 'nothing holds repairs back')]
}

function secondsSince(moment: string, clock: Clock): number {
  return Math.max(0, Math.floor((clock.now().getTime() - new Date(moment).getTime()) / 1_000))
}
