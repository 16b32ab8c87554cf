import type { KeyScope } from '../../http/principal.ts'

/** What an API key may do, for shapes of requests. */
export const keyScopes = ['read', 'read+repair'] as const satisfies readonly KeyScope[]
