import type { Selectable } from 'kysely'
import { newId } from '../new-id.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import { toJson } from '../store/json-codec.ts'
import type { AlertDependencies } from './alert-dependencies.ts'
import { AlertError } from './alert-error.ts'
import type { AlertRule } from './alert-rule.ts'
import type { AlertTables } from './alert-tables.ts'
import { type AlertDb, alertDb, inAlertTransaction, stageAlertChange } from './channels.ts'

/** A rule that is kept. Where several tell one channel of an incident, the first of them does. */
export interface KeptRule {
  readonly id: string
  readonly rule: AlertRule
  readonly enabled: boolean
  /** Incidents that opened before are not told by it. */
  readonly createdAt: Date
}

const mostRules = 50

/** @throws AlertError `rule-names-missing-channel`, `too-many-rules` */
export async function addRule(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  rule: AlertRule,
  by: string,
): Promise<KeptRule> {
  const { clock, randomBytes } = dependencies
  const id = newId('alr', randomBytes)
  const now = clock.now()
  await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    await refuseMissingChannels(tx, tenant, rule)
    const rules = await ruleRows(tx, tenant).execute()
    if (rules.length >= mostRules) throw tooMany()
    const place = (rules.at(-1)?.place ?? 0) + 1
    await tx
      .insertInto('trueup.alert_rule')
      .values({
        workspace_id: tenant.workspaceId,
        project_id: tenant.projectId,
        rule_id: id,
        place,
        rule: toJson(rule),
        created_at: now,
      })
      .execute()
    await stageAlertChange(base, tenant, { what: 'rule', id, change: 'added' }, by, now)
  })
  return { id, rule, enabled: true, createdAt: now }
}

/** The rules of a project in their order. */
export async function listRules(
  dependencies: Pick<AlertDependencies, 'database'>,
  tenant: ProjectTenant,
): Promise<readonly KeptRule[]> {
  return await rulesOf(alertDb(dependencies, tenant), tenant)
}

/** As listRules, inside of a transaction. */
export async function rulesOf(db: AlertDb, tenant: ProjectTenant): Promise<readonly KeptRule[]> {
  const rows = await ruleRows(db, tenant).execute()
  return rows.map(keptRule)
}

/**
 * Changes a rule, or switches it on or off.
 *
 * @throws AlertError `rule-not-found`, `rule-names-missing-channel`
 */
export async function changeRule(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  id: string,
  change: { readonly rule?: AlertRule | undefined; readonly enabled?: boolean | undefined },
  by: string,
): Promise<KeptRule> {
  const { rule, enabled } = change
  return await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    if (rule) await refuseMissingChannels(tx, tenant, rule)
    const row = await tx
      .updateTable('trueup.alert_rule')
      .set({
        ...(rule ? { rule: toJson(rule) } : {}),
        // Where nothing is changed, the row is still found and given back.
        rule_id: id,
        ...(enabled === undefined ? {} : { enabled }),
      })
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('rule_id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw missing(id)
    const facts = {
      what: 'rule',
      id,
      change: rule ? 'changed' : enabled ? 'switched-on' : 'switched-off',
    } as const
    await stageAlertChange(base, tenant, facts, by, dependencies.clock.now())
    return keptRule(row)
  })
}

/** @throws AlertError `rule-not-found` */
export async function removeRule(
  dependencies: AlertDependencies,
  tenant: ProjectTenant,
  id: string,
  by: string,
): Promise<void> {
  await inAlertTransaction(dependencies, tenant, async (tx, base) => {
    const removed = await tx
      .deleteFrom('trueup.alert_rule')
      .where('workspace_id', '=', tenant.workspaceId)
      .where('project_id', '=', tenant.projectId)
      .where('rule_id', '=', id)
      .returning('rule_id')
      .executeTakeFirst()
    if (!removed) throw missing(id)
    await stageAlertChange(
      base,
      tenant,
      { what: 'rule', id, change: 'removed' },
      by,
      dependencies.clock.now(),
    )
  })
}

function ruleRows(db: AlertDb, { workspaceId, projectId }: ProjectTenant) {
  return db
    .selectFrom('trueup.alert_rule')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('project_id', '=', projectId)
    .orderBy('place')
    .orderBy('rule_id')
}

function keptRule(row: Selectable<AlertTables['trueup.alert_rule']>): KeptRule {
  return { id: row.rule_id, rule: row.rule, enabled: row.enabled, createdAt: row.created_at }
}

async function refuseMissingChannels(
  db: AlertDb,
  tenant: ProjectTenant,
  { channels }: AlertRule,
): Promise<void> {
  const found = await db
    .selectFrom('trueup.alert_channel')
    .select('channel_id')
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
    .where('channel_id', 'in', [...channels])
    .execute()
  const missingOnes = channels.filter((id) => !found.some(({ channel_id }) => channel_id === id))
  if (missingOnes.length === 0) return
  throw new AlertError({
    code: 'rule-names-missing-channel',
    message: `The rule names ${missingOnes.join(', ')}, which this project does not have.`,
    fix: 'Name channels of this project, by their ids.',
  })
}

function missing(id: string): AlertError {
  return new AlertError({
    code: 'rule-not-found',
    message: `There is no alert rule ${id} in this project.`,
    fix: 'List the rules of the project to find its id.',
  })
}

function tooMany(): AlertError {
  return new AlertError({
    code: 'too-many-rules',
    message: `A project has at most ${mostRules} alert rules.`,
    fix: 'Remove one, or let one tell of more kinds.',
  })
}
