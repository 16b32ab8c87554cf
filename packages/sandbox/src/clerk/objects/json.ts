/** A JSON object whose keys are the app's own, as metadata is. */
export type JsonObject = { readonly [key: string]: unknown }

/** Milliseconds since 1970, as Clerk writes times. */
export type Millis = number

/** Shared, so that a million users do not hold a million empty lists. */
export const emptyList: readonly never[] = Object.freeze([])
export const emptyObject: JsonObject = Object.freeze({})
