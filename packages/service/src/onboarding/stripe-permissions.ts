import { stripePermissions } from '../adapters/stripe/test-connection.ts'
import type { ConnectedSource } from '../project/source.ts'

/** A permission of a restricted key of Stripe, what it is for, and whether the connected key has it. */
export interface PermissionLine {
  /** Stripe's own name for it, as its errors write it. */
  readonly name: string
  /** As the dashboard of Stripe writes it. */
  readonly what: string
  readonly level: 'read'
  readonly purpose: string
  /** No check works without it. Of the others, `loss` says what is lost. */
  readonly isRequired: boolean
  readonly loss: string | null
  readonly state: 'granted' | 'missing' | 'unknown'
  readonly message: string | null
  readonly fix: string | null
}

/** What a restricted key is to be allowed, with what the last test found of the one that is connected. */
export function permissionLines(source: ConnectedSource | null): readonly PermissionLine[] {
  return stripePermissions.map(({ name, what, loss, purpose }) => {
    const found = source?.findings.find((finding) => finding.name === name) ?? null
    const state = found === null ? 'unknown' : found.state === 'ok' ? 'granted' : 'missing'
    return {
      ...{ name, what, level: 'read' as const, purpose, loss },
      isRequired: loss === null || found?.state === 'missing',
      ...{ state, message: state === 'missing' ? (found?.found ?? null) : null, fix: found?.fix ?? null },
    }
  })
}
