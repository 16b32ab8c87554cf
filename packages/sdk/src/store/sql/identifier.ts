import { BillingError } from '../../billing-error.ts'

/**
 * A name of a schema, a table or a column, quoted; `public.teams` is two names.
 *
 * @throws BillingError `options-invalid` for anything but letters, digits and underscores
 */
export function quoted(name: string): string {
  const parts = name.split('.')
  if (parts.length <= 2 && parts.every((part) => /^[A-Za-z_]\w{0,62}$/.test(part))) {
    return parts.map((part) => `"${part}"`).join('.')
  }
  throw new BillingError({
    code: 'options-invalid',
    message: `${JSON.stringify(name)} is no name that is taken for a schema, a table or a column.`,
    fix: 'Use letters, digits and underscores; a table may have its schema before it: public.teams.',
  })
}
