import type { CheckRun } from '../check/progress.ts'
import { isReadWhole } from '../check/progress.ts'
import type { Incident } from '../incident/incident.ts'
import type { Repair } from './repair.ts'
import { RepairError } from './repair-error.ts'

/** Writes an hour to one column or metadata path, by how the target writes. */
export const writesAnHour: Readonly<Record<Repair['how'], number>> = {
  function: 25,
  'merge-patch': 25,
  callback: 25,
  // Nothing at the target itself holds this one back.
  'plain-role': 5,
}

/** Repairs switched off, for one project or everywhere: who, when, why. */
export interface RepairSwitch {
  readonly scope: 'project' | 'everywhere'
  readonly by: string
  readonly at: Date
  readonly reason: string
}

/** What the brakes look at, read in the transaction that keeps the intent. */
export interface BrakeReadings {
  readonly switchedOff: readonly RepairSwitch[]
  /** Open incidents that say that the mapping, the catalogue or a source is likelier to be wrong than the app. */
  readonly holds: readonly Incident[]
  /** Repairs of the last hour that wrote, or may have written, to one of the same columns of the same container. */
  readonly writesOfLastHour: number
}

/**
 * Whether a repair may begin to write now.
 *
 * @param configFingerprint of the configuration as it is now
 * @throws RepairError `switched-off`, `held`, `config-changed`, `rate-reached`
 */
export function brakeBeforeIntent(repair: Repair, readings: BrakeReadings, configFingerprint: string): void {
  refuseWhileSwitchedOff(readings.switchedOff)
  refuseWhileHeld(readings.holds)
  if (!sameConfig(repair.configFingerprint, configFingerprint)) {
    throw new RepairError({
      code: 'config-changed',
      message: `The repair ${repair.id} was proposed under another configuration; its approvals are void.`,
      fix: 'Check again: what still drifts is proposed anew.',
    })
  }
  const limit = writesAnHour[repair.how]
  if (readings.writesOfLastHour >= limit) {
    throw new RepairError({
      code: 'rate-reached',
      message: `${readings.writesOfLastHour} repairs of the last hour wrote to ${fieldsOf(repair)}; ${limit} an hour are allowed.`,
      fix: 'Apply it later; the approval holds until it expires.',
    })
  }
}

/** @throws RepairError `switched-off` */
export function refuseWhileSwitchedOff(switchedOff: readonly RepairSwitch[]): void {
  const [off] = switchedOff
  if (!off) return
  throw new RepairError({
    code: 'switched-off',
    message: `${off.by} switched repairs off ${off.scope === 'everywhere' ? 'everywhere' : 'for this project'}: ${off.reason}`,
    fix: `Switch them on again: \`trueup repair on${off.scope === 'everywhere' ? ' --everywhere' : ''}\`.`,
  })
}

/** @throws RepairError `held` */
export function refuseWhileHeld(holds: readonly Incident[]): void {
  const [hold] = holds
  if (!hold) return
  throw new RepairError({
    code: 'held',
    message: `Repairs are held: ${hold.sentence}`,
    fix: 'Correct the configuration and check again; if the drifts are real, `trueup repair release`.',
  })
}

/**
 * Whether repairs may be proposed from this check: only a finished one that read everything, filed what it found, and
 * ran under the configuration as it is now.
 *
 * @throws RepairError `no-check`, `check-incomplete`, `config-changed`
 */
export function requireSoundCheck(check: CheckRun | null, configFingerprint: string): CheckRun {
  if (!check || check.finishedAt === null || check.dryRun) {
    throw new RepairError({
      code: 'no-check',
      message: 'No check has been finished yet, so nothing is known to repair.',
      fix: 'Run `trueup check` first.',
    })
  }
  const parts = Object.values(check.parts)
  if (parts.length === 0 || !parts.every(isReadWhole)) {
    throw new RepairError({
      code: 'check-incomplete',
      message: `The check ${check.id} did not read every part of every source; nothing is repaired from half a reading.`,
      fix: 'Run `trueup doctor`, then check again.',
    })
  }
  if (!sameConfig(check.configFingerprint, configFingerprint)) {
    throw new RepairError({
      code: 'config-changed',
      message: `The check ${check.id} ran under another configuration than the one there is now.`,
      fix: 'Check again.',
    })
  }
  return check
}

/** Whether this incident holds all repairs of its project until a person releases them. */
export function isHold(incident: Incident): boolean {
  return incident.kind === 'mass-drift' && (incident.state === 'open' || incident.state === 'acknowledged')
}

/** What stands after a plus sign is how one run was asked for, such as `+settle=0`, and means nothing else. */
export function sameConfig(a: string, b: string): boolean {
  return a.split('+')[0] === b.split('+')[0]
}

function fieldsOf({ container, changes }: Repair): string {
  return changes.map(({ field }) => `${container} ${field}`).join(', ')
}
