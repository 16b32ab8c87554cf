import { sql as checksAndIncidents } from './0001-checks-and-incidents.ts'
import { sql as ledger } from './0002-ledger.ts'
import { sql as repairs } from './0003-repairs.ts'
import { sql as pushedSubjects } from './0004-pushed-subjects.ts'
import { sql as sourcesInNumber } from './0005-sources-in-number.ts'
import { sql as tenants } from './0006-tenants.ts'
import { sql as people } from './0007-people.ts'
import { sql as vaultAndProjects } from './0008-vault-and-projects.ts'
import { sql as inbox } from './0009-inbox.ts'
import { sql as checksInParts } from './0010-checks-in-parts.ts'
import { sql as alertsAndOutgoing } from './0011-alerts-and-outgoing.ts'
import { sql as incidentActsAndExceptions } from './0012-incident-acts-and-exceptions.ts'
import { sql as schedulesAndAnswers } from './0013-schedules-and-answers.ts'
import { sql as signInSecret } from './0014-sign-in-secret.ts'
import { sql as firstRun } from './0015-first-run.ts'
import { sql as savedViews } from './0016-saved-views.ts'
import { sql as causesAndMoney } from './0017-causes-and-money.ts'
import { sql as deletion } from './0018-deletion.ts'
import { sql as accessSteps } from './0019-access-steps.ts'
import { sql as smallSamples } from './0020-small-samples.ts'
import { sql as ownStatistics } from './0021-own-statistics.ts'

/** A step of the schema. Steps are only ever added; one that was released is never changed. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

/**
 * All steps in order. Their SQL stands in modules, not in `.sql` files, so that whatever builds, bundles or runs this
 * package carries them along: a file that a build forgot to copy would be found missing by a user.
 */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'checks-and-incidents', sql: checksAndIncidents },
  { number: 2, name: 'ledger', sql: ledger },
  { number: 3, name: 'repairs', sql: repairs },
  { number: 4, name: 'pushed-subjects', sql: pushedSubjects },
  { number: 5, name: 'sources-in-number', sql: sourcesInNumber },
  { number: 6, name: 'tenants', sql: tenants },
  { number: 7, name: 'people', sql: people },
  { number: 8, name: 'vault-and-projects', sql: vaultAndProjects },
  { number: 9, name: 'inbox', sql: inbox },
  { number: 10, name: 'checks-in-parts', sql: checksInParts },
  { number: 11, name: 'alerts-and-outgoing', sql: alertsAndOutgoing },
  { number: 12, name: 'incident-acts-and-exceptions', sql: incidentActsAndExceptions },
  { number: 13, name: 'schedules-and-answers', sql: schedulesAndAnswers },
  { number: 14, name: 'sign-in-secret', sql: signInSecret },
  { number: 15, name: 'first-run', sql: firstRun },
  { number: 16, name: 'saved-views', sql: savedViews },
  { number: 17, name: 'causes-and-money', sql: causesAndMoney },
  { number: 18, name: 'deletion', sql: deletion },
  { number: 19, name: 'access-steps', sql: accessSteps },
  { number: 20, name: 'small-samples', sql: smallSamples },
  { number: 21, name: 'own-statistics', sql: ownStatistics },
]
