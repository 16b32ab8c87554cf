import type { CheckCounts, Incident, RepairContext } from '@trueup/core'
import { systemClock, systemTimer } from '../adapters/system.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { AskedCheck } from '../customer/ask-single-check.ts'
import type { Shown } from '../http/shown/shown.ts'
import { followCheck } from '../remote/follow-check.ts'
import type { ShownCheck } from '../remote/read-answer.ts'
import { checkIn, incidentIn } from '../remote/read-answer.ts'
import { RemoteError } from '../remote/remote-error.ts'
import type { RemoteProject } from '../remote/remote-project.ts'
import { UsageError } from '../usage-error.ts'
import type { CheckReport, ReportedHold } from './output/report.ts'
import { reportOf } from './output/report.ts'
import type { ProgressDisplay } from './progress-display.ts'
import { remoteRepairs } from './repair/remote-repairs.ts'

/** What a server is asked to check. */
export type AskedOfServer =
  | { readonly kind: 'full'; readonly dryRun: boolean; readonly acceptChanges: boolean }
  | { readonly kind: 'recent' }
  | { readonly kind: 'single'; readonly customer: string; readonly dryRun: boolean }

export interface CheckAtServer {
  readonly signal: AbortSignal
  readonly clerkApiUrl: string
}

/** Neither side has such a customer: the server says of that as little as of what is out of reach. */
function isNobody(
  error: unknown,
  asked: AskedOfServer,
): asked is AskedOfServer & { readonly kind: 'single' } {
  return asked.kind === 'single' && error instanceof RemoteError && error.code === 'not-found'
}

function nobody(customer: string): RemoteError {
  return new RemoteError({
    code: 'not-found',
    message: `Neither billing nor the app has a customer, user or organization ${customer}.`,
    fix: 'Look at the id; its kind may stand before it: user:ID, organization:ID, customer:ID.',
    status: 404,
  })
}

interface Started {
  readonly check: Shown<ShownCheck> | null
  readonly single: Shown<AskedCheck> | null
}

/**
 * Has a project checked by its server, shows how far it has come, and gathers what it found as a check of one's own does.
 * Of a dry run of everything a server tells the counts and keeps no incident.
 *
 * @throws RemoteError; UsageError `stopped`: the check goes on at the server
 */
export async function checkAtServer(
  remote: RemoteProject,
  asked: AskedOfServer,
  { signal, clerkApiUrl }: CheckAtServer,
  display: ProgressDisplay,
): Promise<CheckReport> {
  display.waitFor(asked.kind === 'single' ? `reading ${asked.customer}` : 'asking the server')
  try {
    const startedAt = systemClock.now()
    const { check, single } = await remote.client.post<Started>(remote.at('/checks'), asked)
    const context = await contextOf(remote, clerkApiUrl)
    if (single) {
      const finishedAt = systemClock.now()
      const { heldBy: holds } = await remoteRepairs(remote).brakes()
      return reportOfOne(single, { startedAt, finishedAt, holds }, asked, context)
    }
    if (!check) throw new Error('The server began no check, and said nothing of a customer.')
    const finished = await followCheck(remote, checkIn(check), {
      timer: systemTimer,
      signal,
      onProgress: (progress) => display.show(progress),
      onReading: (parts) =>
        display.waitFor(parts.length > 0 ? `reading ${parts.join(', ')}` : 'the server is at work'),
    })
    const incidents = finished.dryRun ? [] : await standingAfter(remote, finished)
    const { heldBy: holds } = await remoteRepairs(remote).brakes()
    const beside = { cannotTell: [], matching: null, holds }
    const report = reportOf(
      { check: finished, complete: finished.complete, resumed: false, incidents },
      context,
      beside,
    )
    return finished.dryRun ? { ...report, incidentsUnlisted: true } : report
  } catch (error) {
    if (!signal.aborted) throw isNobody(error, asked) ? nobody(asked.customer) : error
    throw new UsageError({
      code: 'stopped',
      message: 'Stopped by a signal.',
      fix: 'A check that had begun goes on at the server; the same command follows it again.',
      cause: error,
    })
  } finally {
    display.stop()
  }
}

/** The clocks of two machines that serve one project differ by less. */
const clockToleranceMs = 60_000

/** What stands open after a check: of a full one what it saw, after one of what changed all that is known. */
async function standingAfter({ client, at }: RemoteProject, check: ShownCheck): Promise<readonly Incident[]> {
  const listed = await client.list<Shown<Incident>>(at('/incidents'), { state: ['open', 'acknowledged'] })
  const since = check.kind === 'full' ? check.startedAt.getTime() - clockToleranceMs : 0
  return listed.map(incidentIn).filter(({ lastSeenAt }) => lastSeenAt.getTime() >= since)
}

/** What repairs are planned from: the configuration as it holds at the server. */
async function contextOf({ client, at }: RemoteProject, clerkApiUrl: string): Promise<RepairContext> {
  const { document } = await client.get<{ readonly document: unknown }>(at('/config'))
  const { catalogue, access } = parseConfig(document)
  return { catalogue, access, clerkApiUrl }
}

function reportOfOne(
  { state }: Shown<AskedCheck>,
  {
    startedAt,
    finishedAt,
    holds,
  }: { readonly startedAt: Date; readonly finishedAt: Date; readonly holds: readonly ReportedHold[] },
  asked: AskedOfServer,
  context: RepairContext,
): CheckReport {
  const { pairs } = state
  const count = (verdict: string) => pairs.filter((pair) => pair.verdict === verdict).length
  const counts: CheckCounts = {
    customers: new Set(pairs.flatMap(({ customerIds }) => customerIds)).size,
    subjects: pairs.filter(({ subject }) => subject !== null).length,
    agrees: count('agrees'),
    drifts: count('drifts'),
    cannotTell: count('cannot-tell'),
    settling: pairs.filter(({ settling }) => settling).length,
  }
  const incidents = state.incidents
    .filter((incident) => incident.state === 'open' || incident.state === 'acknowledged')
    .map(incidentIn)
  const report = reportOf(
    {
      check: {
        id: state.checkId ?? '',
        kind: 'single',
        dryRun: 'dryRun' in asked && asked.dryRun,
        asOf: startedAt,
        startedAt,
        finishedAt,
        phase: 'finished',
        parts: {},
        requests: {},
        counts,
      },
      complete: pairs.every(({ complete }) => complete),
      resumed: false,
      incidents,
    },
    context,
    {
      cannotTell: pairs.flatMap(({ subject, customerIds, cannotTell }) =>
        cannotTell.length === 0 ? [] : [{ subject, customer: customerIds[0] ?? null, reasons: cannotTell }],
      ),
      matching: null,
      holds,
    },
  )
  return report.dryRun ? { ...report, incidentsUnlisted: true } : report
}
