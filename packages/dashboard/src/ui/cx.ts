import { twMerge } from 'tailwind-merge'

/** Class names in one, of which later ones win over earlier ones of the same kind. */
export function cx(...names: readonly (string | false | null | undefined)[]): string {
  return twMerge(names.filter(Boolean).join(' '))
}
