/** A value as JSON carries it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** A JSON object whose fields the sandbox stores and hands back but never decides by. */
export type JsonObject = { [key: string]: Json }

/** Key-value pairs that the owner of the account attaches to an object. Strings only. */
export type Metadata = { [key: string]: string }

/** A list as Stripe embeds it in an object or answers it. */
export interface WireList<T> {
  object: 'list'
  data: T[]
  has_more: boolean
  url: string
}

/** A postal address. */
export interface Address {
  city: string | null
  country: string | null
  line1: string | null
  line2: string | null
  postal_code: string | null
  state: string | null
}

/** What is left of an object after it is deleted. */
export interface Deleted<Name extends string = string> {
  id: string
  object: Name
  deleted: true
}

/** The fields that each factory must be given: who the object is and when it was made (Unix seconds). */
export interface Born {
  id: string
  created: number
}

/** An embedded list that holds all its rows. */
export function wireList<T>(url: string, data: T[]): WireList<T> {
  return { object: 'list', data, has_more: false, url }
}
