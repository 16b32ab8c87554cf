import type { AccessAnswer } from '../access/access-answer.ts'
import { BillingError } from '../billing-error.ts'

/** What gates found of the requests that they let pass. */
export interface Passed<Context extends object> {
  keep(context: Context, access: AccessAnswer): void
  /** @throws BillingError `options-invalid` where no gate stands before the handler */
  accessOf(context: Context): AccessAnswer
}

/** Keeps it beside the framework's own object, for as long as that lives. */
export function rememberPassed<Context extends object>(): Passed<Context> {
  const accesses = new WeakMap<Context, AccessAnswer>()
  return {
    keep: (context, access) => {
      accesses.set(context, access)
    },
    accessOf(context) {
      const access = accesses.get(context)
      if (access) return access
      throw new BillingError({
        code: 'options-invalid',
        message: 'The access of a request was asked for that passed no gate.',
        fix: 'Put a gate before the handler.',
      })
    },
  }
}
